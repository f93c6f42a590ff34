import type { Checkpoint } from '../checkpoint/model.ts';
import type { Finding, Mode } from '../findings/finding.ts';
import { AGENTS_PATH } from '../layout/place.ts';
import { comesUp, type Start } from '../recovery/simulate.ts';
import type { Impact } from './impact.ts';
import type { ModeResult } from './verification.ts';

/** What `slave/recovery_errors` will show: the agent adds a state's errors only where it has the agent's info. */
export const metricOf = (starts: readonly Start[]): number | undefined => {
  const start = starts.at(-1);
  if (start === undefined || !comesUp(start)) return undefined;
  const { agent, resources } = start.state;
  return resources.errors + (agent?.info === undefined ? 0 : agent.errors) + start.operationErrors;
};

/** The exit code of a mode: see `docs/decisions/0008-exit-codes.md`. */
export const exitCodeOf = (
  checkpoint: Checkpoint,
  starts: readonly Start[],
  impact: Impact,
  findings: readonly Finding[],
  mode: Mode,
): ModeResult['exitCode'] => {
  if (!checkpoint.hasMeta) return 3;
  const first = starts[0];
  if (first === undefined || !comesUp(first)) return 2;
  if (first.verdict === 'new-agent' && forgetsAnything(checkpoint)) return 2;
  const costs = impact.executors.killed.length + impact.executors.forgotten.length + impact.tasks.forgotten.length;
  const isWorse = findings.some((finding) => finding.severity[mode] === 'counted' || finding.severity[mode] === 'loss');
  return costs > 0 || isWorse || (metricOf(starts) ?? 0) > 0 ? 1 : 0;
};

/**
 * A new agent is as it should be where there is nothing yet: no agent's folder. Where `slaves` is no folder, the new one
 * cannot make its own.
 */
const forgetsAnything = ({ agent, otherAgents, misplaced }: Checkpoint): boolean =>
  agent !== undefined || otherAgents.length > 0 || misplaced.some(({ path }) => path === AGENTS_PATH);
