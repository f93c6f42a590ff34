import { versionText } from '../../agent/version.ts';
import type { Step } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import type { Impact } from '../../verify/impact.ts';
import type { ModeResult, Verification } from '../../verify/verification.ts';
import { type StartingFlags, startingJson } from '../prune/agent-info.ts';
import { type About, aboutAgentJson } from './about.ts';
import { SCHEMA_VERSION } from './verify.ts';

/** What is planned for a checkpoint, as the object that `prune --json` prints on a line. */
export const pruneJson = (
  path: string,
  planning: Planning,
  exitCode: number,
  starting?: StartingFlags | undefined,
  about?: About | undefined,
): object => {
  const { before, after, plan, blocked, living } = planning;
  return {
    schemaVersion: SCHEMA_VERSION,
    command: 'prune',
    ...aboutAgentJson(about, before.checkpoint.agent?.id),
    path,
    workDir: before.home,
    inPlace: before.inPlace,
    mesosVersion: versionText(before.version),
    rebooted: before.boot.rebooted,
    bootAssumed: before.boot.assumed,
    exitCode,
    outcome: plan === undefined ? 'no-plan' : plan.steps.length === 0 ? 'nothing-to-do' : 'planned',
    before: { strict: modeJson(before.strict), nonStrict: modeJson(before.nonStrict) },
    steps: plan === undefined ? [] : plan.steps.map(stepJson),
    blocked: blocked.map(({ finding, reason, isLeftOut }) => ({
      code: finding.code,
      path: finding.path,
      message: finding.message,
      reason,
      leftOut: isLeftOut,
    })),
    after: afterJson(after),
    differences: planning.differences,
    removingLatest: living,
    ...(starting === undefined && planning.startWith === undefined
      ? {}
      : { agentInfo: startingJson(starting ?? { keep: [], pinned: [] }, planning) }),
  };
};

const modeJson = ({ exitCode, starts }: ModeResult): object => ({
  exitCode,
  starts: starts.map(({ verdict, stage, messages }) => ({ verdict, stage, messages })),
});

/** A change without the bytes of a file that it makes: those are in the plan file. */
const stepJson = (step: Step): object => ({
  ...step,
  changes: step.changes.map((change) =>
    change.kind === 'create-file' ? { kind: change.kind, path: change.path, bytes: change.bytes.length } : change,
  ),
});

const afterJson = ({ strict }: Verification): object => ({ ...modeJson(strict), counts: countsOf(strict.impact) });

const countsOf = ({ executors, tasks, updates, reservations, volumes }: Impact): object => ({
  executors: {
    live: executors.reconnected.length + executors.awaited.length,
    killed: executors.killed.length,
    forgotten: executors.forgotten.length,
    gone: executors.gone.length,
  },
  tasks: {
    live: tasks.live.length,
    killed: tasks.killed.length,
    forgotten: tasks.forgotten.length,
    gone: tasks.gone.length,
    finished: tasks.finished.length,
  },
  updates: { lost: updates.lost, lostBytes: updates.lostBytes },
  reservations: { kept: reservations.kept.length, lost: reservations.lost.length },
  volumes: { kept: volumes.kept.length, lost: volumes.lost.length },
});
