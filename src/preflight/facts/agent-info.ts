import { buildAgentInfo } from '../../agent/info/build.ts';
import type { BuiltPart } from '../../agent/info/built.ts';
import { type AgentInfoComparison, compareAgentInfo, policyOf } from '../../agent/info/compare.ts';
import { checkFit, type Fit } from '../../agent/info/fit.ts';
import { type NotRebuilt, type RebuiltAgentInfo, rebuildAgentInfo } from '../../agent/info/rebuild.ts';
import type { Mode } from '../../findings/finding.ts';
import type { HostFacts } from '../../host/gather.ts';
import { type Known, known, unknown } from '../../host/known.ts';
import type { SlaveInfo } from '../../schema/index.ts';
import type { Verification } from '../../verify/verification.ts';

/** Why nothing is known that hangs on flags. */
export const NO_FLAGS = 'nothing here tells the flags of an agent';

/** The agent info that the agent will build, against its checkpoint. */
export interface AgentInfoFacts {
  readonly comparison: AgentInfoComparison;
  /** Whether the checkpointed reservations and volumes fit it. */
  readonly fit: Fit;
}

/** Builds the agent's info as the agent would, and compares it. */
export const readAgentInfo = (
  { flags, infoInput }: HostFacts,
  read: { readonly verification: Verification; readonly mode: Mode } | undefined,
): Known<AgentInfoFacts> => {
  if (read === undefined) return unknown('the checkpoint was not read');
  const { verification, mode } = read;
  const info: SlaveInfo | undefined = infoOf(verification);
  if (info === undefined) return unknown('there is no slave.info that can be read');
  if (!flags.isKnown) return unknown(NO_FLAGS);
  const comparison = compareAgentInfo(info, infoInput, verification.version);
  return known({ comparison, fit: fitOf(verification, mode, comparison) });
};

const fitOf = (verification: Verification, mode: Mode, { built }: AgentInfoComparison): Fit => {
  const last = verification[mode].starts.at(-1);
  if ((last?.state.resources.errors ?? 0) > 0) return { kind: 'unknown', because: [DAMAGED] };
  return checkFit([...(last?.started?.resources.resources ?? last?.state.resources.resources ?? [])], built);
};

const DAMAGED: BuiltPart = {
  field: 'reservations',
  certainty: 'unknown',
  text: '',
  from: 'meta/resources',
  why: 'what is checkpointed of them is damaged',
};

/** A `slave.info` that tells nothing, and what could be made in its place. */
export interface LostAgentInfo {
  /** Relative to the work_dir. */
  readonly path: string;
  readonly rebuilt: RebuiltAgentInfo | NotRebuilt;
}

/** What becomes of a `slave.info` that is damaged, empty or missing; undefined where it is whole, or no agent is there. */
export const readLostAgentInfo = (
  { flags, infoInput }: HostFacts,
  read: { readonly verification: Verification } | undefined,
): LostAgentInfo | undefined => {
  const agent = read?.verification.checkpoint.agent;
  if (read === undefined || agent === undefined || agent.info.kind === 'whole') return undefined;
  const { version } = read.verification;
  const path = `${agent.path}/slave.info`;
  if (!flags.isKnown) return { path, rebuilt: { ok: false, why: NO_FLAGS, unknown: [] } };
  const { policy, hasPolicy } = policyOf(infoInput, version);
  return {
    path,
    rebuilt: rebuildAgentInfo({ agentId: agent.id, built: buildAgentInfo(infoInput), policy, hasPolicy }),
  };
};

const infoOf = ({ checkpoint }: Verification): SlaveInfo | undefined =>
  checkpoint.agent?.info.kind === 'whole' ? checkpoint.agent.info.value : undefined;
