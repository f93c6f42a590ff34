import { textOf } from '../../format/text.ts';
import { type Host, isUnseen } from '../host/host.ts';
import { compareText } from './order.ts';
import { type ServiceStart, startOf } from './systemd/service.ts';
import { readUnit, UNIT_FOLDERS, type Unit } from './systemd/unit.ts';
import { type Unwrapped, unwrap } from './unwrap.ts';

/** The agent's units by the names that distributions give them, the likeliest first. */
const USUAL = [
  'dcos-mesos-slave.service',
  'dcos-mesos-slave-public.service',
  'mesos-slave.service',
  'mesos-agent.service',
];

/** A unit that starts an agent. */
export interface AgentUnit {
  readonly unit: Unit;
  readonly start: ServiceStart;
  /** Undefined where nothing is started: the unit is masked. */
  readonly unwrapped: Unwrapped | undefined;
  readonly isEnabled: boolean;
}

const namesIn = (host: Host, folder: string): readonly string[] => {
  const names = host.list(folder);
  return names === undefined || isUnseen(names) ? [] : names;
};

/** The services of a host: what has a file, and instances of templates that something wants. */
const servicesOf = (host: Host): { readonly names: ReadonlySet<string>; readonly wanted: ReadonlySet<string> } => {
  const names = new Set<string>();
  const wanted = new Set<string>();
  for (const folder of UNIT_FOLDERS) {
    for (const name of namesIn(host, folder)) {
      if (name.endsWith('.service')) names.add(name);
      if (!/\.(?:wants|requires|upholds)$/.test(name)) continue;
      for (const each of namesIn(host, `${folder}/${name}`)) if (each.endsWith('.service')) wanted.add(each);
    }
  }
  return { names: new Set([...names, ...wanted].filter((name) => !name.includes('@.'))), wanted };
};

/** How likely a name is an agent's: less is likelier. */
const rank = (name: string): number => {
  const usual = USUAL.indexOf(name);
  return usual >= 0 ? usual : USUAL.length + (/agent|slave/.test(name) ? 0 : 1);
};

/** Units that start an agent, the one that counts first: enabled before not, then by name. */
export const findAgentUnits = (host: Host): readonly AgentUnit[] => {
  const { names, wanted } = servicesOf(host);
  const named = [...names].filter((name) => /mesos/i.test(name) && !/master/i.test(name));
  const inNamed = agentUnits(host, named, wanted);
  if (inNamed.length > 0) return inNamed;
  const others = [...names].filter((name) => !named.includes(name) && mentionsAgent(host, name));
  return agentUnits(host, others, wanted);
};

const mentionsAgent = (host: Host, name: string): boolean =>
  UNIT_FOLDERS.some((folder) => {
    const bytes = host.read(`${folder}/${name}`);
    return bytes !== undefined && !isUnseen(bytes) && /mesos-(?:agent|slave|init-wrapper)/.test(textOf(bytes));
  });

const agentUnits = (host: Host, names: readonly string[], wanted: ReadonlySet<string>): readonly AgentUnit[] => {
  const found = new Map<string, AgentUnit>();
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
      compareText(a.unit.name, b.unit.name),
  );
};

/** A unit with a usual name is the agent's even where what it starts cannot be looked into. */
const isAgentStart = ({ agent }: Unwrapped, name: string): boolean =>
  agent.program !== undefined || USUAL.includes(name);
