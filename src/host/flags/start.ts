import { Environment } from '../../agent/flags/environment.ts';
import type { Refusal, Remark } from '../../agent/flags/origin.ts';
import type { Host, Looked } from '../host.ts';
import type { InitStart } from '../inits/init-start.ts';
import { findInitStarts } from '../inits/inits.ts';
import { commandsPulledIn } from '../systemd/pulled-in.ts';
import { isMissing } from '../systemd/refused.ts';
import type { UnitCommand } from '../systemd/service.ts';
import type { AgentUnit, Distribution, Starter } from './agent-flags.ts';
import type { AgentProcess } from './agent-process.ts';
import { readDcosFiles } from './dcos.ts';
import { containerOfProcess, type KeptContainer } from './docker-config.ts';
import { followWrapper } from './mesosphere.ts';
import { type AgentOfHost, findAgents } from './running.ts';
import { flagFolderOf, isNamedForAgent, WRAPPER } from './signs.ts';
import { type FoundUnit, findAgentUnits } from './units.ts';
import { type Unwrapped, unwrap, unwrapKept } from './unwrap.ts';

/** What files say of how the agent is started. */
interface Configured {
  readonly agent: AgentProcess | undefined;
  readonly distribution: Distribution;
  /** The systemd unit that starts the agent. */
  readonly unit: AgentUnit | undefined;
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
  /** Places that were looked at, and what came of it, in the order in which they count. */
  readonly looked: readonly Looked[];
  /** What its unit, or what starts it instead, runs when it starts and stops the agent, and the environment of that. */
  readonly around: { readonly commands: readonly UnitCommand[]; readonly environment: Environment };
  /** What starts the agent instead of systemd, as far as is known. */
  readonly starter: Starter | undefined;
}

/** What a host says of how its agent is started, in files and by processes: what that means, the agent's version decides. */
export interface AgentStart extends Configured {
  /** The agents that run now, by their pids: the first of them is looked at. */
  readonly running: readonly AgentOfHost[];
  /** The program that is started as the agent. */
  readonly program: string | undefined;
}

/** Reads how the agent of a host is started: its unit, or the packages' files where an older init does it, or those of DC/OS. */
export const readStart = (host: Host): AgentStart => {
  const { units, unseen } = findAgentUnits(host);
  const running = findAgents(host);
  const found = configuredOn(host, units, running[0] && containerOfProcess(host, running[0].pid));
  const hidden = unseen.filter(({ place }) => !found.looked.some((each) => each.place === place));
  return {
    ...found,
    looked: [...found.looked, ...hidden],
    running,
    program: found.agent?.program ?? running[0]?.program,
  };
};

const configuredOn = (
  host: Host,
  [unit, ...others]: readonly FoundUnit[],
  kept: KeptContainer | undefined,
): Configured => {
  const ofContainer = kept && unwrapKept(host, kept);
  if (unit !== undefined) return withUnit(host, unit, others, ofContainer);
  if (kept !== undefined && ofContainer !== undefined) return withContainer(kept, ofContainer);
  const [start, ...otherStarts] = initStartsOf(host);
  if (start !== undefined) return withInit(start, otherStarts);
  const isThere = (path: string): boolean => host.stat(path) !== undefined;
  const name = !isThere(flagFolderOf('slave')) && isThere(flagFolderOf('agent')) ? 'agent' : 'slave';
  if (isThere(WRAPPER) || isThere(flagFolderOf(name))) {
    const { agent, looked } = followWrapper(host, new Environment(), name);
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
  around: { commands: [], environment: new Environment() },
  starter: undefined,
});

/** An agent in a container that nothing but docker starts, as far as is known. */
const withContainer = (kept: KeptContainer, { agent, looked, distribution }: Unwrapped): Configured => {
  const origin = { place: kept.place, line: undefined };
  const words = ['docker', 'start', kept.id].map((value) => ({ value, origin, unknown: undefined }));
  const command: UnitCommand = { isMain: true, words, origin, folder: '/' };
  return {
    ...configured(distribution ?? 'plain', agent, looked),
    around: { commands: [command], environment: new Environment() },
    starter: { init: 'docker', place: kept.place, isEnabled: kept.isRestarted },
  };
};

/** A start of an agent by something else than systemd, and the agent. */
interface FoundStart {
  readonly start: InitStart;
  readonly unwrapped: Unwrapped;
}

const initStartsOf = (host: Host): readonly FoundStart[] =>
  findInitStarts(host).flatMap((start) => {
    const [program, ...args] = start.words;
    if (program === undefined) return [];
    const folder = start.commands.find(({ isMain }) => isMain)?.folder;
    const unwrapped = unwrap(host, { program, args, environment: start.environment, folder });
    const name = start.place.split('/').findLast((part) => isNamedForAgent(part));
    return unwrapped.agent.program === undefined && name === undefined ? [] : [{ start, unwrapped }];
  });

const withInit = ({ start, unwrapped }: FoundStart, others: readonly FoundStart[]): Configured => {
  const { init, place, commands, environment, isEnabled } = start;
  const { looked, distribution } = unwrapped;
  // What supervisord was started with itself, its programs have too.
  const isWhole = init !== 'supervisord' && unwrapped.agent.isComplete;
  const agent = { ...unwrapped.agent, user: unwrapped.agent.user ?? start.user, isComplete: isWhole };
  const base = configured(distribution ?? 'plain', agent, looked);
  return {
    ...base,
    remarks: [
      ...others.map((other) => ({
        text: `${other.start.place} starts an agent too: ${place} is taken for the one that counts`,
        origin: { place: other.start.place, line: undefined },
      })),
      ...base.remarks,
    ],
    looked: [{ place, outcome: 'read' }, ...looked.filter((each) => each.place !== place)],
    around: { commands, environment },
    starter: { init, place, isEnabled },
  };
};

const withUnit = (
  host: Host,
  { unit, start, unwrapped: found }: FoundUnit,
  others: readonly FoundUnit[],
  ofContainer: Unwrapped | undefined,
): Configured => {
  // What no reader of files sees through has started the container that runs, and may start another one.
  const isOpaque = found !== undefined && found.agent.program === undefined;
  const unwrapped =
    isOpaque && ofContainer !== undefined
      ? { ...ofContainer, agent: { ...ofContainer.agent, remarks: found.agent.remarks, isComplete: false } }
      : found;
  const agent = unwrapped?.agent;
  const distribution = unwrapped?.distribution ?? (unit.name.startsWith('dcos-') ? 'dcos' : 'plain');
  const untold = distribution === 'dcos' ? generatedFiles(host, start.looked) : [];
  return {
    agent: agent === undefined || untold.length === 0 ? agent : { ...agent, isComplete: false },
    distribution,
    unit: { name: unit.name, files: unit.files, directives: unit.directives, masked: unit.masked },
    refusals: [...start.refusals, ...(agent?.refusals ?? []), ...missingProgram(host, agent, start.program?.value)],
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
    around: { commands: [...commandsPulledIn(host, unit), ...start.commands], environment: start.environment },
    starter: undefined,
  };
};

/** A script may come to an agent that is not there; of what the unit names itself, the unit tells. */
const missingProgram = (host: Host, agent: AgentProcess | undefined, named: string | undefined): readonly Refusal[] => {
  const program = agent?.program;
  if (program === undefined || program === named || agent?.container !== undefined || !isMissing(host, program))
    return [];
  const todo = 'Install the agent, or correct the script that starts it.';
  return [{ message: `${program} is not there`, origin: undefined, todo }];
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
