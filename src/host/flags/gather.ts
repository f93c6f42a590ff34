import type { Version } from '../../agent/version.ts';
import { textOf } from '../../text/lossless.ts';
import { type Host, isUnseen } from '../host.ts';
import {
  type AgentFlags,
  type Distribution,
  type EnvironmentVariable,
  type Looked,
  type Refusal,
  type Remark,
  type RunningAgent,
  SUPPOSED,
} from './agent-flags.ts';
import { readDcosFiles } from './dcos.ts';
import { definitionsOf } from './definitions.ts';
import { type LoadedFlags, loadFlags } from './load.ts';
import { FLAG_FOLDER, followWrapper, WRAPPER } from './mesosphere.ts';
import type { ReadText } from './notation/value.ts';
import { type AgentProcess, Environment, type Given } from './process.ts';
import { type AgentOfHost, findAgents } from './running.ts';
import { readArguments, readEnvironment, type Setting } from './settings.ts';
import { type AgentUnit, findAgentUnits } from './units.ts';

/** What is looked for. */
export interface GatherOptions {
  /** The version that will start: it decides which flags there are. */
  readonly version: Version;
  /** The agent's flags as the operator supposes them, `--work_dir=/mnt`: they count most. */
  readonly supposed?: readonly string[] | undefined;
}

/** A file of the host that a flag's value names. */
export const readTextOf =
  (host: Host): ReadText =>
  (path) => {
    const bytes = path.startsWith('/') ? host.read(path) : undefined;
    if (bytes === undefined) return { code: 'ENOENT' };
    return isUnseen(bytes) ? { code: bytes.code } : { text: textOf(bytes) };
  };

/** What files say of how the agent is started. */
interface Configured {
  readonly agent: AgentProcess | undefined;
  readonly distribution: Distribution;
  readonly unit: AgentUnit['unit'] | undefined;
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
  readonly looked: readonly Looked[];
}

/**
 * The flags that the agent of a host will be started with: what its unit, its packages' files and their environment say,
 * then what the operator supposes. An agent that runs tells the rest where those do not say all; where they do, it is
 * compared, because its next start takes them and not what it was started with.
 */
export const gatherFlags = (host: Host, { version, supposed = [] }: GatherOptions): AgentFlags => {
  const configured = configuredOn(host);
  const agents = findAgents(host);
  const running = agents[0];
  const read = readTextOf(host);
  const { unit } = configured;
  // A file that may not be read may set anything, whatever the agent was started with before.
  const isHidden = configured.looked.some(({ outcome }) => outcome === 'unseen');
  const isConfigured = configured.agent?.isComplete === true && !isHidden;
  // What files do not tell, an agent that runs does: the same things start it again.
  const isComplete = !isHidden && (isConfigured || isWhole(running, version, read));
  const origin = { place: SUPPOSED, line: undefined };
  const environment = configured.agent?.environment ?? new Environment();
  const loaded = loadFlags({
    environment,
    args: configured.agent?.args ?? [],
    supposed: supposed.map((value) => ({ value, origin, unknown: undefined })),
    fallback:
      running === undefined || isConfigured
        ? fallbackForUnknown(configured, running, version)
        : settingsOf(running, version),
    isComplete,
    version,
    read,
  });
  return {
    distribution: configured.distribution,
    flags: loaded.flags,
    unit: unit === undefined ? undefined : { name: unit.name, files: unit.files, masked: unit.masked },
    looked: [...configured.looked, ...agents.flatMap(({ looked }) => looked)],
    isKnown: configured.agent !== undefined || running !== undefined || supposed.length > 0,
    isComplete,
    refusals: [...configured.refusals, ...loaded.refusals],
    remarks: [...configured.remarks, ...severalAgents(agents), ...loaded.remarks],
    environment: variablesOf(environment, running, isConfigured),
    container: configured.agent?.container,
    program: configured.agent?.program ?? running?.program,
    running:
      running === undefined
        ? undefined
        : describeRunning(running, loaded, version, read, configured.agent !== undefined),
  };
};

/** A value that files leave unknown is told by the agent that runs with it. */
const fallbackForUnknown = (
  { agent }: Configured,
  running: AgentOfHost | undefined,
  version: Version,
): readonly Setting[] => {
  if (running === undefined || agent === undefined) return [];
  const isUnknown = [...agent.args, ...agent.environment].some(({ unknown }) => unknown !== undefined);
  if (!isUnknown) return [];
  const known = definitionsOf(version);
  const unknownNames = new Set(
    [...readArguments(agent.args).settings, ...readEnvironment(agent.environment, known).settings]
      .filter(({ given }) => given.unknown !== undefined)
      .map(({ name }) => name),
  );
  return settingsOf(running, version).filter(({ name }) => unknownNames.has(name));
};

/** What a running agent was given. Its command line counts before its environment. */
const settingsOf = ({ args, environment }: AgentOfHost, version: Version): readonly Setting[] => {
  const own = readArguments(args).settings;
  const names = new Set(own.map(({ name }) => name));
  const inherited = environment === undefined ? [] : readEnvironment(environment, definitionsOf(version)).settings;
  return [...own, ...inherited.filter(({ name }) => !names.has(name))];
};

const severalAgents = (agents: readonly AgentOfHost[]): readonly Remark[] =>
  agents.length < 2
    ? []
    : [
        {
          text: `several agents run: pids ${agents.map(({ pid }) => pid).join(', ')}; the first of them is looked at`,
          origin: undefined,
        },
      ];

const variablesOf = (
  environment: Environment,
  running: AgentOfHost | undefined,
  isConfigured: boolean,
): ReadonlyMap<string, EnvironmentVariable> => {
  const all = new Map<string, EnvironmentVariable>();
  const add = ({ value, origin, unknown }: Given, name: string): void => {
    if (unknown === undefined) all.set(name, { value, origin });
  };
  if (!isConfigured) for (const variable of running?.environment ?? []) add(variable, variable.name);
  for (const variable of environment) add(variable, variable.name);
  return all;
};

/** Loads what a running agent was started with. */
const loadOwn = (running: AgentOfHost, version: Version, read: ReadText): LoadedFlags =>
  loadFlags({
    environment: running.environment ?? new Environment(),
    args: running.args,
    supposed: [],
    fallback: [],
    isComplete: running.environment !== undefined,
    version,
    read,
  });

/** Whether all flags of a running agent are seen: one that would not start with what is seen has others. */
const isWhole = (running: AgentOfHost | undefined, version: Version, read: ReadText): boolean =>
  running?.environment !== undefined && loadOwn(running, version, read).refusals.length === 0;

const describeRunning = (
  running: AgentOfHost,
  next: LoadedFlags,
  version: Version,
  read: ReadText,
  isConfigured: boolean,
): RunningAgent => {
  const { pid, program } = running;
  const now = loadOwn(running, version, read).flags;
  const names = [...new Set([...now.keys(), ...next.flags.keys()])].sort();
  // Where its environment may not be read, what is not on its command line may be set there.
  const isSeen = (name: string): boolean => running.environment !== undefined || now.has(name);
  const differences = names.flatMap((name) => {
    const [old, coming] = [now.get(name)?.value, next.flags.get(name)];
    const isSame = old === coming?.value || coming?.unknown !== undefined;
    return isSame || !isSeen(name) ? [] : [{ name, now: old, next: coming?.value }];
  });
  return {
    pid,
    program,
    isWhole: isWhole(running, version, read),
    flags: new Map([...now].map(([name, { value }]) => [name, value])),
    differences: isConfigured ? differences : [],
  };
};

/** What files say: a unit, or the packages' files where an older init starts the agent, or those of DC/OS. */
const configuredOn = (host: Host): Configured => {
  const { units, unseen } = findAgentUnits(host);
  const found = withoutUnseen(host, units);
  return { ...found, looked: [...found.looked, ...unseen.filter(({ place }) => !isIn(found.looked, place))] };
};

const isIn = (looked: readonly Looked[], path: string): boolean => looked.some(({ place }) => place === path);

const withoutUnseen = (host: Host, [unit, ...others]: readonly AgentUnit[]): Configured => {
  if (unit !== undefined) return withUnit(host, unit, others);
  const isThere = (path: string): boolean => host.stat(path) !== undefined;
  if (isThere(WRAPPER) || isThere(FLAG_FOLDER)) {
    const { agent, looked } = followWrapper(host, new Environment());
    return configured('mesosphere', agent, looked);
  }
  const dcos = readDcosFiles(host);
  if (dcos !== undefined) return configured('dcos', dcos.agent, dcos.looked);
  return configured('unknown', undefined, []);
};

const configured = (
  distribution: Distribution,
  agent: AgentProcess | undefined,
  looked: readonly Looked[],
): Configured => ({
  distribution,
  agent,
  unit: undefined,
  refusals: agent?.refusals ?? [],
  remarks: agent?.remarks ?? [],
  looked,
});

const withUnit = (host: Host, { unit, start, unwrapped }: AgentUnit, others: readonly AgentUnit[]): Configured => {
  const agent = unwrapped?.agent;
  const distribution = unwrapped?.distribution ?? (unit.name.startsWith('dcos-') ? 'dcos' : 'plain');
  const untold = distribution === 'dcos' ? generatedFiles(host, start.looked) : [];
  return {
    agent: agent === undefined || untold.length === 0 ? agent : { ...agent, isComplete: false },
    distribution,
    unit,
    refusals: [...start.refusals, ...(agent?.refusals ?? [])],
    remarks: [
      ...others.map((other) => ({
        text: `${other.unit.name} starts an agent too${other.unit.masked === undefined ? '' : ', and is masked'}: ${unit.name} is taken for the one that counts`,
        origin: { place: other.unit.files[0] ?? other.unit.name, line: undefined },
      })),
      ...start.remarks,
      ...(agent?.remarks ?? []),
      ...untold,
    ],
    looked: [...unit.looked, ...start.looked, ...(unwrapped?.looked ?? [])],
  };
};

/** Files of DC/OS that are made when the unit starts: where they are absent, they may yet set flags. */
const generatedFiles = (host: Host, looked: readonly Looked[]): readonly Remark[] =>
  looked
    .filter(
      ({ place, outcome }) => outcome === 'absent' && /^\/(?:run\/dcos\/|var\/lib\/dcos\/mesos-resources)/.test(place),
    )
    .filter(({ place }) => host.stat(place) === undefined)
    .map(({ place }) => ({
      text: `${place} is made when the unit starts, and is not there: what it will set is not known`,
      origin: { place, line: undefined },
    }));
