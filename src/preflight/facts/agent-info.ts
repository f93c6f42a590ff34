import type { SlaveInfo } from '../../schema/index.ts';
import type { Mode, Verification } from '../../verification/verify.ts';
import { type AgentInfoComparison, compareAgentInfo } from '../agent-info/compare.ts';
import { checkFit, type Fit } from '../agent-info/fit.ts';
import { buildInputOf } from '../agent-info/input.ts';
import type { AgentFlags } from '../flags/agent-flags.ts';
import type { Host } from '../host/host.ts';
import { type Known, known, unknown } from './known.ts';

/** The agent info that the agent will build, against its checkpoint. */
export interface AgentInfoFacts {
  readonly comparison: AgentInfoComparison;
  /** Whether the checkpointed reservations and volumes fit it. */
  readonly fit: Fit;
}

/** Builds the agent's info as the agent would, and compares it. */
export const readAgentInfo = (
  host: Host,
  flags: AgentFlags,
  read: { readonly verification: Verification; readonly mode: Mode } | undefined,
): Known<AgentInfoFacts> => {
  if (read === undefined) return unknown('the checkpoint was not read');
  const { verification, mode } = read;
  const info: SlaveInfo | undefined = infoOf(verification);
  if (info === undefined) return unknown('there is no slave.info that can be read');
  if (!flags.isKnown) return unknown('the flags are not known');
  const input = buildInputOf(host, flags, verification.version);
  const comparison = compareAgentInfo(info, input, verification.version);
  const last = verification[mode].starts.at(-1);
  const resources = last?.started?.resources.resources ?? last?.state.resources.resources ?? [];
  return known({ comparison, fit: checkFit([...resources], comparison.built) });
};

const infoOf = ({ checkpoint }: Verification): SlaveInfo | undefined =>
  checkpoint.agent?.info.kind === 'whole' ? checkpoint.agent.info.value : undefined;
