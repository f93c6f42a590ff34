import { NO_RANGES, rangesInclude, rangesText } from '../../agent/ranges.ts';
import { Resources } from '../../agent/resources.ts';
import { addScalars, compareScalars, scalarText, ZERO_SCALAR } from '../../agent/scalar.ts';
import { compareVersions, knownVersion, type Version, versionText } from '../../agent/version.ts';
import type { Resource, SlaveInfo, Value_Ranges, Value_Scalar } from '../../schema/index.ts';
import { count, listed, some } from '../../text/words.ts';
import type { InfoChange } from './change.ts';
import type { InUse } from './in-use.ts';
import type { Extent } from './slave-info.ts';

/** How the leading master holds the agent: `/slaves` of the master tells. */
export const AGENT_STATES = ['registered', 'recovered', 'unreachable'] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** What is known of the agent and its masters, besides its info. */
export interface AdoptFacts {
  /** Whether the agent has `--reconfiguration_policy`, as from 1.5.0 on. */
  readonly hasPolicy: boolean;
  /** That of the oldest master. */
  readonly masterVersion?: Version | undefined;
  readonly agentState?: AgentState | undefined;
  /** The isolators; undefined where `--isolation` is not known. */
  readonly isolators?: readonly string[] | undefined;
  /** Whether `--master` names one master by its address: the agent then only warns of one that takes no changed agent. */
  readonly isStandalone?: boolean | undefined;
}

/** What to go by. */
export interface JudgeInput {
  readonly facts: AdoptFacts;
  readonly change: InfoChange;
  readonly current: SlaveInfo;
  readonly inUse: InUse;
  readonly extent: Extent;
  readonly isGuarded: boolean;
}

/** Whether the change may be made, and what follows from it; sentences without a full stop. */
export interface AdoptJudgement {
  /** Why it may not: what would kill, and what would have to be known. None where it may. */
  readonly refusals: readonly string[];
  readonly follows: readonly string[];
}

const FIRST = '1.5.0';

/** Whether a master is of a version that does not take up a changed agent (`UpdateSlave` came with 1.5.0). */
export const isOldMaster = ({ masterVersion }: AdoptFacts): boolean =>
  masterVersion !== undefined && compareVersions(masterVersion, knownVersion(FIRST)) < 0;

/** Judges a change by what master and agent make of it: `Master::_reregisterSlave`, the isolators, the executors. */
export const judgeAdoption = (input: JudgeInput): AdoptJudgement => ({
  refusals: [...containerRefusals(input), ...addressRefusals(input), ...masterRefusals(input)],
  follows: [...startFollows(input), ...addressFollows(input), ...resourceFollows(input), ...otherFollows(input)],
});

const ASK_STATE =
  "say with --agent-state how the leading master holds the agent: its /slaves has the agent's id among 'slaves' (registered), among 'recovered_slaves' (recovered), or in neither (unreachable)";
const ASK_MASTER = 'say with --master-version which version the oldest master has';

/** What destroys containers when their executors come back. */
const containerRefusals = ({ current, inUse, facts }: JudgeInput): readonly string[] => {
  const refusals: string[] = [];
  const [used, left] = [scalarOf(inUse.resources, 'gpus'), scalarOf(Resources.of(current.resources), 'gpus')];
  if (compareScalars(used, left) > 0) {
    refusals.push(
      `${scalarText(used)} gpus are in use, and the agent will have ${scalarText(left)}: it destroys containers that do not get theirs back`,
    );
  }
  const ports = rangesOf(inUse.resources, 'ports');
  if (rangesInclude(rangesOf(Resources.of(current.resources), 'ports'), ports)) return refusals;
  if (facts.isolators === undefined) {
    refusals.push(
      `ports in use (${rangesText(ports)}) are not the agent's any more, which network/port_mapping destroys their containers for: give --isolation behind --`,
    );
  } else if (facts.isolators.includes('network/port_mapping')) {
    refusals.push(
      `ports in use (${rangesText(ports)}) are not the agent's any more, and network/port_mapping destroys their containers`,
    );
  }
  return refusals;
};

/** A hostname or a port that the master does not know the agent by. */
const addressRefusals = ({ change, facts }: JudgeInput): readonly string[] => {
  const { agentState } = facts;
  const what = changedAddress(change);
  if (what === undefined) return [];
  if (agentState === undefined)
    return [`the ${what} changes, which a master that holds the agent as registered does not take: ${ASK_STATE}`];
  if (agentState !== 'registered') return [];
  return [
    change.hostname
      ? 'the hostname changes while the leading master holds the agent as registered: the master answers with a shutdown, and every executor is killed; wait until it is unreachable, or keep the old hostname'
      : 'the port changes while the leading master holds the agent as registered: the master goes on pinging the old port, and takes the agent for unreachable; wait until it is unreachable, or keep the old port',
  ];
};

const changedAddress = ({ hostname, port }: InfoChange): string | undefined => {
  if (hostname && port) return 'hostname and the port';
  return hostname ? 'hostname' : port ? 'port' : undefined;
};

/** What masters before 1.5.0 make of it. */
const masterRefusals = (input: JudgeInput): readonly string[] => {
  const { facts, change, isGuarded } = input;
  const { masterVersion, agentState, hasPolicy, isStandalone } = facts;
  const fields = harmful(change);
  if (fields.length === 0) return [];
  if (masterVersion === undefined) {
    // The agent itself leaves such a master alone, unless it cannot tell.
    if (hasPolicy && isGuarded && isStandalone !== true) return [];
    return [`masters before ${FIRST} do not take up the change of ${listed(fields)}: ${ASK_MASTER}`];
  }
  if (!isOldMaster(facts)) return [];
  const version = versionText(masterVersion);
  const refusals: string[] = [];
  if (change.port) refusals.push(`a master of ${version} loses an agent whose port changes`);
  if (change.domain === 'added') {
    refusals.push(`a master of ${version} that has no domain of its own ignores the agent until it fails over`);
  }
  if (fields.some((field) => field === 'resources' || field === 'hostname') && agentState !== 'recovered') {
    refusals.push(
      `a master of ${version} learns of ${listed(fields)} only where it has failed over and not yet seen the agent: let it fail over while the agent is stopped, check that its /slaves has the agent among 'recovered_slaves', and say --agent-state recovered`,
    );
  }
  return refusals;
};

/** The fields whose change masters before 1.5.0 go wrong with. */
const harmful = (change: InfoChange): readonly string[] => [
  ...(change.hostname ? ['hostname'] : []),
  ...(change.port ? ['port'] : []),
  ...(change.domain === 'added' ? ['domain'] : []),
  ...(change.shrunk.length > 0 || change.reserved ? ['resources'] : []),
];

const startFollows = ({ extent, facts, isGuarded }: JudgeInput): readonly string[] => {
  if (!facts.hasPolicy) return [];
  if (extent === 'whole') {
    return [
      'the agent is started with the policy equal: its own guard against old masters is off, so keep to the master that is told of',
    ];
  }
  // What is the same as what the agent builds, either policy accepts.
  if (!isGuarded) {
    return [
      "slave.info is then what the agent builds: the agent's own guard against old masters is off, so let no master before 1.5.0 lead",
    ];
  }
  return [
    'the agent needs --reconfiguration_policy=additive now and at every later start: it does not write slave.info again while it keeps its id, and equal refuses it',
    `the agent exits at a leading master before ${FIRST}`,
  ];
};

const addressFollows = ({ change, inUse }: JudgeInput): readonly string[] => {
  const follows: string[] = [];
  if (change.port && inUse.httpExecutors.length > 0) {
    follows.push(
      `${count(inUse.httpExecutors.length, 'executor')} that ${inUse.httpExecutors.length === 1 ? 'speaks' : 'speak'} HTTP to the old port ${inUse.httpExecutors.length === 1 ? 'is' : 'are'} lost with ${inUse.httpExecutors.length === 1 ? 'its' : 'their'} tasks: ${some(inUse.httpExecutors)}`,
    );
  }
  if (change.hostname || change.port) {
    follows.push(
      'frameworks that took the agent for lost may have started its tasks elsewhere, and get to know the new address from new offers alone',
    );
  }
  return follows;
};

const resourceFollows = ({ change, current, inUse }: JudgeInput): readonly string[] => {
  const total = Resources.of(current.resources);
  const names = [...new Set([...inUse.resources].map(({ name }) => name))];
  const over = names.flatMap((name) => overText(name, inUse.resources, total) ?? []);
  return [
    ...(over.length === 0
      ? []
      : [
          `more is in use than the agent has (${over.join('; ')}): nothing of it is offered until enough tasks have ended`,
        ]),
    ...(change.reserved
      ? [
          'tasks keep the role that their resources were allocated to; masters from 1.6.0 on take the agent only where it may reserve resources for its roles',
        ]
      : []),
  ];
};

/** What is in use of a kind, where that is more than there is. */
const overText = (name: string, used: Resources, total: Resources): string | undefined => {
  const [mine, all] = [scalarOf(used, name), scalarOf(total, name)];
  if (compareScalars(mine, all) > 0) return `${name}: ${scalarText(mine)} of ${scalarText(all)}`;
  const [ranges, others] = [rangesOf(used, name), rangesOf(total, name)];
  return rangesInclude(others, ranges) ? undefined : `${name}: ${rangesText(ranges)} of ${rangesText(others)}`;
};

const otherFollows = ({ change, facts }: JudgeInput): readonly string[] => [
  ...(change.attributes ? ['tasks that run stay, whatever the new attributes say of where they belong'] : []),
  ...(change.domain === 'added'
    ? ['masters that have no domain ignore the agent: give the leader and all others a --domain first']
    : []),
  ...(change.domain === 'changed' || change.domain === 'removed'
    ? ['tasks that run stay, whatever region they were to be in']
    : []),
  ...(change.domain === 'removed' ? ['masters with --require_agent_domain ignore the agent'] : []),
  ...(isOldMaster(facts)
    ? [`a master before ${FIRST} that holds the agent as registered goes on offering what it knew of it`]
    : []),
];

/** All that there is of a kind, whoever it is reserved for. */
const scalarOf = (resources: Resources, name: string): Value_Scalar =>
  ofKind(resources, name, 'SCALAR').reduce((sum, { scalar }) => addScalars(sum, scalar ?? ZERO_SCALAR), ZERO_SCALAR);

const rangesOf = (resources: Resources, name: string): Value_Ranges => ({
  range: ofKind(resources, name, 'RANGES').flatMap(({ ranges }) => (ranges ?? NO_RANGES).range),
});

const ofKind = (resources: Resources, name: string, type: Resource['type']): readonly Resource[] =>
  [...resources].filter((resource) => resource.name === name && resource.type === type);
