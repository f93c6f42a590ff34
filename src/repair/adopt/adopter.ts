import type { LoggedInfo } from '../../agent/info/agent-log.ts';
import { upgradeAgentInfo } from '../../agent/info/check.ts';
import { agentInfoDifferences } from '../../agent/info/differences.ts';
import { survive } from '../../agent/info/survive.ts';
import type { Finding } from '../../findings/finding.ts';
import type { StartingInfo } from '../../recovery/startup/startup.ts';
import type { SlaveInfo } from '../../schema/index.ts';
import type { Tree } from '../../source/links.ts';
import { listed } from '../../text/words.ts';
import { bytesAt, putFile } from '../mend/alternatives.ts';
import type { Alternative, Workspace } from '../mend/mender.ts';
import { changeOf } from './change.ts';
import { fitsIn } from './fits.ts';
import { inUseOf } from './in-use.ts';
import { type AdoptFacts, type AdoptJudgement, isOldMaster, judgeAdoption } from './judge.ts';
import { type AdoptedInfo, adoptAgentInfo, type Extent } from './slave-info.ts';

/** The agent that is to go on with a checkpoint whose info is another. */
export interface AdoptOptions {
  readonly facts: AdoptFacts;
  /** What is not known of its info: with that it is not adopted. Sentences without a full stop. */
  readonly unknown?: readonly string[] | undefined;
  /** Of which agent the info is, where its log says so. */
  readonly logged?: LoggedInfo | undefined;
}

/** How much of the new info is written for the versions that there are. */
export const extentFor = (facts: AdoptFacts): Extent => (facts.hasPolicy && !isOldMaster(facts) ? 'least' : 'whole');

/** The policy that the agent has to have with an adopted info. */
export const policyFor = (facts: AdoptFacts): StartingInfo['policy'] =>
  extentFor(facts) === 'least' ? 'additive' : 'equal';

/** What a plan does about another info: the ways to adopt it, or why there is none. */
export type Adopter = (finding: Finding, workspace: Workspace, tree: Tree) => readonly Alternative[] | string;

/**
 * Changes `slave.info`, as it is once all else is repaired, for the agent that starts. Refused where something would kill
 * what is to be kept, or where what decides is not known.
 */
export const adopter =
  ({ facts, unknown = [], logged }: AdoptOptions): Adopter =>
  (finding, workspace, tree) => {
    const starting = workspace.assumed.agentInfo;
    const bytes = bytesAt(tree, finding.path);
    const previous = workspace.model.agent?.info;
    if (starting === undefined || bytes === undefined || previous?.kind !== 'whole') return 'slave.info cannot be read';
    const other = otherAgent(previous.value, logged);
    if (other !== undefined) return `the info is that of another agent, ${other}`;
    const stale = staleIn(previous.value, logged);
    if (stale !== undefined) return stale;
    if (unknown.length > 0)
      return `${unknown.join('; ')}: pin it with a flag behind --, or give the agent's log with --new-info`;
    const current = survive(() => upgradeAgentInfo(starting.info));
    if (current === undefined) return 'the agent does not survive its own resources';
    const extent = extentFor(facts);
    const fits = (info: SlaveInfo): boolean => fitsIn(workspace, info);
    const adopted = adoptAgentInfo({ bytes, current, extent, fits });
    if (typeof adopted === 'string') return adopted;
    const { refusals, follows } = judge({ workspace, tree, facts, extent, previous: previous.value, current, adopted });
    if (refusals.length > 0) return refusals.join('; ');
    const changes = survive(() => agentInfoDifferences(previous.value, adopted.info)) ?? [];
    const fields = listed(changes.map(({ field }) => field));
    const policy = adopted.policy === 'additive' ? ', and start the agent with --reconfiguration_policy=additive' : '';
    return putFile({ base: workspace.base }, finding.path, adopted.bytes, {
      what: `change ${fields} in slave.info to what the agent now has${policy}`,
      certainty: 'suspect',
      needs: '--adopt --allow-suspect',
      follows,
    });
  };

interface Judged {
  readonly workspace: Workspace;
  readonly tree: Tree;
  readonly facts: AdoptFacts;
  readonly extent: Extent;
  readonly previous: SlaveInfo;
  readonly current: SlaveInfo;
  readonly adopted: AdoptedInfo;
}

const judge = ({ workspace, tree, facts, extent, previous, current, adopted }: Judged): AdoptJudgement => {
  const inUse = inUseOf(tree, workspace.start);
  const change = changeOf(previous, current);
  return judgeAdoption({ facts, change, current, inUse, extent, isGuarded: adopted.isGuarded });
};

/** Why a log does not tell of this slave.info: what the agent had checkpointed when it refused is something else by now. */
const staleIn = (previous: SlaveInfo, logged: LoggedInfo | undefined): string | undefined => {
  const old = logged?.previous;
  const fields = old === undefined ? [] : (survive(() => agentInfoDifferences(previous, old)) ?? []);
  if (fields.length === 0) return undefined;
  return `the log tells of another start: its 'Old agent info' is not that of slave.info (${listed(fields.map(({ field }) => field))}); give the log of the last refusal`;
};

/** The id of the agent that printed an info, where it is another one. */
const otherAgent = ({ id }: SlaveInfo, logged: LoggedInfo | undefined): string | undefined =>
  [logged?.current.id?.value, logged?.previous?.id?.value].find(
    (other) => other !== undefined && id !== undefined && other !== id.value,
  );
