import { Environment } from '../../agent/flags/environment.ts';
import type { Refusal, Remark } from '../../agent/flags/origin.ts';
import type { Host, Looked } from '../host.ts';
import { commandsPulledIn } from '../systemd/pulled-in.ts';
import type { UnitCommand } from '../systemd/service.ts';
import type { AgentUnit, Distribution } from './agent-flags.ts';
import type { AgentProcess } from './agent-process.ts';
import { readDcosFiles } from './dcos.ts';
import { followWrapper } from './mesosphere.ts';
import { type AgentOfHost, findAgents } from './running.ts';
import { flagFolderOf, WRAPPER } from './signs.ts';
import { type FoundUnit, findAgentUnits } from './units.ts';

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
  /** What its unit runs when it starts and stops the agent, and the environment of that. */
  readonly around: { readonly commands: readonly UnitCommand[]; readonly environment: Environment };
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
  const found = configuredOn(host, units);
  const hidden = unseen.filter(({ place }) => !found.looked.some((each) => each.place === place));
  const running = findAgents(host);
  return {
    ...found,
    looked: [...found.looked, ...hidden],
    running,
    program: found.agent?.program ?? running[0]?.program,
  };
};

const configuredOn = (host: Host, [unit, ...others]: readonly FoundUnit[]): Configured => {
  if (unit !== undefined) return withUnit(host, unit, others);
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
});

const withUnit = (host: Host, { unit, start, unwrapped }: FoundUnit, others: readonly FoundUnit[]): Configured => {
  const agent = unwrapped?.agent;
  const distribution = unwrapped?.distribution ?? (unit.name.startsWith('dcos-') ? 'dcos' : 'plain');
  const untold = distribution === 'dcos' ? generatedFiles(host, start.looked) : [];
  return {
    agent: agent === undefined || untold.length === 0 ? agent : { ...agent, isComplete: false },
    distribution,
    unit: { name: unit.name, files: unit.files, directives: unit.directives, masked: unit.masked },
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
    around: { commands: [...commandsPulledIn(host, unit), ...start.commands], environment: start.environment },
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
