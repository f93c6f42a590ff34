import { compareTexts } from '../../text/lossless.ts';
import { type Host, isUnseen, type Looked } from '../host.ts';
import { type ServiceStart, startOf } from '../systemd/service.ts';
import { servicesOf } from '../systemd/services.ts';
import { readUnit, type Unit } from '../systemd/unit.ts';
import { isNamedForAgent, mentionsAgent } from './signs.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';

/** The agent's units by the names that distributions give them, the likeliest first. */
const USUAL = [
  'dcos-mesos-slave.service',
  'dcos-mesos-slave-public.service',
  'mesos-slave.service',
  'mesos-agent.service',
];

/** A unit that starts an agent. */
export interface FoundUnit {
  readonly unit: Unit;
  readonly start: ServiceStart;
  /** Undefined where nothing is started: the unit is masked, and nothing is behind the mask. */
  readonly unwrapped: Unwrapped | undefined;
  readonly isEnabled: boolean;
}

/** How likely a name is an agent's: less is likelier. */
const rank = (name: string): number => {
  const usual = USUAL.indexOf(name);
  return usual >= 0 ? usual : USUAL.length + (/agent|slave/.test(name) ? 0 : 1);
};

/** The agent's units, and what may hide another one, or a drop-in of one. */
export interface FoundUnits {
  /** The one that counts first: enabled before not, then by name. */
  readonly units: readonly FoundUnit[];
  readonly unseen: readonly Looked[];
}

/** Units that start an agent. */
export const findAgentUnits = (host: Host): FoundUnits => {
  const { names, wanted, hidden, filesOf } = servicesOf(host);
  const read = (name: string) => ({ name, files: filesOf(name).map((path) => ({ path, content: host.read(path) })) });
  const named = names.filter(isNamedForAgent).map(read);
  // Any folder that may not be listed may hold a unit that counts more, or a drop-in.
  const unseen = [...hidden.map((folder) => `${folder}/`), ...unseenOf(host, named)];
  const inNamed = agentUnits(host, namesOf(named), wanted);
  if (inNamed.length > 0) return { units: inNamed, unseen: unseen.map(lookedUnseen) };
  const rest = names.filter((name) => !isNamedForAgent(name)).map(read);
  const others = rest.filter(({ files }) => files.some(({ content }) => mentionsAgent(content)));
  return {
    units: agentUnits(host, namesOf(others), wanted),
    unseen: [...unseen, ...unseenOf(host, rest)].map(lookedUnseen),
  };
};

/** A service, and what its files hold. */
interface ReadService {
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly content: ReturnType<Host['read']> }[];
}

const namesOf = (services: readonly ReadService[]): readonly string[] => services.map(({ name }) => name);

const lookedUnseen = (place: string): Looked => ({ place, outcome: 'unseen' });

/** Files that may not be read; what leads to `/dev/null` is a mask. */
const unseenOf = (host: Host, services: readonly ReadService[]): readonly string[] =>
  services
    .flatMap(({ files }) => files)
    .filter(({ path, content }) => isUnseen(content) && host.link(path) !== '/dev/null')
    .map(({ path }) => path);

const agentUnits = (host: Host, names: readonly string[], wanted: ReadonlySet<string>): readonly FoundUnit[] => {
  const found = new Map<string, FoundUnit>();
  for (const name of names) {
    const unit = readUnit(host, name);
    if (unit === undefined || found.has(unit.name)) continue;
    const start = startOf(host, unit);
    const { program, args, environment } = start;
    const folder = start.commands.find(({ isMain }) => isMain)?.folder;
    const unwrapped = program === undefined ? undefined : unwrap(host, { program, args, environment, folder });
    const isAgent =
      unwrapped === undefined ? unit.masked !== undefined && rank(name) < USUAL.length : isAgentStart(unwrapped, name);
    if (isAgent) found.set(unit.name, { unit, start, unwrapped, isEnabled: wanted.has(unit.name) || wanted.has(name) });
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(b.unit.masked === undefined) - Number(a.unit.masked === undefined) ||
      Number(b.isEnabled) - Number(a.isEnabled) ||
      rank(a.unit.name) - rank(b.unit.name) ||
      compareTexts(a.unit.name, b.unit.name),
  );
};

/** A unit with a usual name is the agent's even where what it starts cannot be looked into. */
const isAgentStart = ({ agent }: Unwrapped, name: string): boolean =>
  agent.program !== undefined || USUAL.includes(name) || (agent.refusals.length > 0 && isNamedForAgent(name));
