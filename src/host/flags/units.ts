import { compareTexts } from '../../text/lossless.ts';
import { type Host, isUnseen, type Looked, namesAt, textAt } from '../host.ts';
import { type ServiceStart, startOf } from '../systemd/service.ts';
import { readUnit, UNIT_FOLDERS, type Unit } from '../systemd/unit.ts';
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

/** The services of a host: what has a file, and instances of templates that something wants. */
const servicesOf = (host: Host): { readonly names: ReadonlySet<string>; readonly wanted: ReadonlySet<string> } => {
  const names = new Set<string>();
  const wanted = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of namesAt(host, folder)) {
      if (name.endsWith('.service')) names.add(name);
      if (!/\.(?:wants|requires|upholds)$/.test(name)) continue;
      for (const each of namesAt(host, `${folder}/${name}`)) if (each.endsWith('.service')) wanted.add(each);
    }
  }
  return { names: new Set([...names, ...wanted].filter((name) => !name.includes('@.'))), wanted };
};

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
  const { names, wanted } = servicesOf(host);
  const named = [...names].filter((name) => /mesos/i.test(name) && !/master/i.test(name));
  const hidden = [...unseenFolders(host), ...unseenUnits(host, named)];
  const inNamed = agentUnits(host, named, wanted);
  if (inNamed.length > 0) return { units: inNamed, unseen: hidden };
  const rest = [...names].filter((name) => !named.includes(name));
  const others = rest.filter((name) => mentionsAgent(host, name));
  return { units: agentUnits(host, others, wanted), unseen: [...hidden, ...unseenUnits(host, rest)] };
};

const unseen = (place: string): Looked => ({ place, outcome: 'unseen' });

/** Folders of units that may not be listed: any of them may hold a unit that counts more, or a drop-in. */
const unseenFolders = (host: Host): readonly Looked[] =>
  UNIT_FOLDERS.filter((folder) => isUnseen(host.list(folder))).map((folder) => unseen(`${folder}/`));

const unseenUnits = (host: Host, names: readonly string[]): readonly Looked[] =>
  names.flatMap((name) =>
    UNIT_FOLDERS.map((folder) => `${folder}/${name}`)
      .filter((path) => isUnseen(host.read(path)) && host.link(path) !== '/dev/null')
      .map(unseen),
  );

const mentionsAgent = (host: Host, name: string): boolean =>
  UNIT_FOLDERS.some((folder) => /mesos-(?:agent|slave|init-wrapper)/.test(textAt(host, `${folder}/${name}`) ?? ''));

const agentUnits = (host: Host, names: readonly string[], wanted: ReadonlySet<string>): readonly FoundUnit[] => {
  const found = new Map<string, FoundUnit>();
  for (const name of names) {
    const unit = readUnit(host, name);
    if (unit === undefined || found.has(unit.name)) continue;
    const start = startOf(host, unit);
    const { program, args, environment } = start;
    const unwrapped = program === undefined ? undefined : unwrap(host, { program, args, environment });
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
  agent.program !== undefined || USUAL.includes(name);
