import { originText } from '../agent/flags/origin.ts';
import type { AgentFlags, AgentUnit } from './flags/agent-flags.ts';
import { type Host, isUnseen, textAt } from './host.ts';
import { ifKnown, type Known, known, unknown, unseen } from './known.ts';
import { agentsIn, type Processes } from './processes.ts';
import { serviceDirective } from './systemd/settings.ts';
import { type Directive, directivesOf } from './systemd/unit-file.ts';

/** Who the agent runs as: what the kernel looks at where it opens a file. */
export interface AgentUser {
  readonly name: string;
  readonly uid: number;
  /** Its own group, and those that it is a member of. */
  readonly groups: ReadonlySet<number>;
  /** Whether permissions of files do not bind it: root, and who is given the capability. */
  readonly isUnbound: boolean;
  /** The line that says so; undefined where nothing does, and it is root. */
  readonly origin: string | undefined;
}

/** A user or a group that a unit names, and that is not there: systemd does not start the agent. */
export interface NoSuchName {
  readonly kind: 'user' | 'group';
  readonly name: string;
  readonly origin: string;
}

/** Who the agent will run as, or which name there is nobody behind. */
export type AgentUserFact = Known<AgentUser | NoSuchName>;

/** Whether it is somebody. */
export const isUser = (found: AgentUser | NoSuchName): found is AgentUser => 'uid' in found;

const ROOT: AgentUser = { name: 'root', uid: 0, groups: new Set([0]), isUnbound: true, origin: undefined };

/**
 * Finds out who the agent will run as: whom a command on the way becomes, or else the `User=` of its unit; where there is
 * neither, root, unless the agent that runs shows that something gives root up on the way.
 */
export const readAgentUser = (
  host: Host,
  { container, user }: Pick<AgentFlags, 'container' | 'user'>,
  unit: Known<AgentUnit | undefined>,
  processes: Known<Processes>,
): AgentUserFact => {
  if (!unit.known) return unit;
  if (container !== undefined) return container.user === undefined ? known(ROOT) : userInContainer(container.user);
  const named = unit.value === undefined ? undefined : serviceDirective(unit.value, 'User');
  if (unit.value !== undefined && isOn(serviceDirective(unit.value, 'DynamicUser'))) {
    return unknown('the unit has DynamicUser=, and takes a user of its own at each start');
  }
  if (user !== undefined) {
    const { value, origin, unknown: why } = user;
    return why === undefined ? userNamed(host, value, originText(origin), undefined) : unknown(why);
  }
  if (unit.value === undefined || named === undefined) return runningUser(host, processes);
  return userNamed(host, named.value, originOf(named), unit.value);
};

const isOn = (directive: Directive | undefined): boolean => /^(?:1|yes|y|true|t|on)$/i.test(directive?.value ?? '');

/** The names in a container are those of its image. */
const userInContainer = (text: string): AgentUserFact => {
  const [, uid, gid] = /^(\d+)(?::(\d+))?$/.exec(text) ?? [];
  if (uid === undefined) return unknown(`who '${text}' is in the agent's container, its image tells`);
  const groups = new Set([Number(gid ?? 0)]);
  return known({ name: uid, uid: Number(uid), groups, isUnbound: Number(uid) === 0, origin: undefined });
};

/** The numbers that the kernel has of the agent that runs. */
const numbersOf = (host: Host, processes: Known<Processes>): ((key: string) => readonly number[]) => {
  const [agent] = agentsIn(ifKnown(processes) ?? new Map());
  const status = agent === undefined ? undefined : textAt(host, `/proc/${agent.pid}/status`);
  return (key) =>
    (new RegExp(`^${key}:\\s*(.*)$`, 'm').exec(status ?? '')?.[1] ?? '')
      .split(/\s+/)
      .filter((word) => word !== '')
      .map(Number);
};

/** The user that the agent that runs is, by its number; undefined where none runs, or it is not seen. */
export const runningUid = (host: Host, processes: Known<Processes>): number | undefined =>
  numbersOf(host, processes)('Uid')[1];

/** Who the agent that runs is: a script may have given up root before it became the agent. */
const runningUser = (host: Host, processes: Known<Processes>): AgentUserFact => {
  const [agent] = agentsIn(ifKnown(processes) ?? new Map());
  const numbers = numbersOf(host, processes);
  const [, uid = 0] = numbers('Uid');
  if (uid === 0) return known(ROOT);
  const groups = new Set([...numbers('Gid').slice(1, 2), ...numbers('Groups')]);
  const name = ifKnown(readTable(host, PASSWD))?.find(([, , id]) => id === String(uid))?.[0] ?? String(uid);
  return known({ name, uid, groups, isUnbound: false, origin: `pid ${agent?.pid}` });
};

const PASSWD = '/etc/passwd';
const GROUP = '/etc/group';

/** Lines of fields with colons between. */
const readTable = (host: Host, path: string): Known<readonly (readonly string[])[]> => {
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) return unknown(`${path} is not here`);
  return known(
    bytes
      .toString('utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .filter((fields) => fields.length > 2),
  );
};

/** Whether names may be known that are in no file of `/etc`: a directory service has them. */
const hasOtherSource = (host: Host, database: 'passwd' | 'group'): boolean =>
  (new RegExp(`^${database}:(.*)$`, 'm').exec(textAt(host, '/etc/nsswitch.conf') ?? '')?.[1] ?? '')
    .replace(/\[[^\]]*\]/g, '')
    .split(/\s+/)
    .some((word) => word !== '' && word !== 'files' && word !== 'systemd');

/** A user or a group by its name or its number. */
const rowNamed = (
  host: Host,
  kind: 'user' | 'group',
  name: string,
  origin: string,
): Known<readonly string[] | NoSuchName> => {
  const path = kind === 'user' ? PASSWD : GROUP;
  const table = readTable(host, path);
  if (!table.known) return table;
  const row = table.value.find(([own, , id]) => own === name || id === name);
  if (row !== undefined) return known(row);
  if (hasOtherSource(host, kind === 'user' ? 'passwd' : 'group')) {
    return unknown(`the ${kind} ${name} is not in ${path}, and may be known to a directory service`);
  }
  // A number needs no name to be taken.
  return /^\d+$/.test(name) ? known([name, '', name, name]) : known({ kind, name, origin });
};

const isRow = (found: readonly string[] | NoSuchName): found is readonly string[] => Array.isArray(found);

const originOf = ({ place, line }: Directive): string => `${place}:${line}`;

/** `unit` where its settings count, too: what is started by another command has the groups of its user. */
const userNamed = (host: Host, text: string, origin: string, unit: AgentUnit | undefined): AgentUserFact => {
  if (text.includes('%')) return unknown(`User=${text} is known when the unit starts`);
  const row = rowNamed(host, 'user', text, origin);
  if (!row.known) return row;
  if (!isRow(row.value)) return known(row.value);
  const [name = '', , uid = '', gid = ''] = row.value;
  const groups = groupsOf(host, name, Number(gid), unit);
  if (!groups.known) return groups;
  if ('kind' in groups.value) return known(groups.value);
  const isUnbound = Number(uid) === 0 || (unit !== undefined && hasCapability(unit));
  return known({ name, uid: Number(uid), groups: groups.value, isUnbound, origin });
};

/** A capability with which permissions do not bind. */
const hasCapability = (unit: AgentUnit): boolean =>
  directivesOf(unit.directives, 'Service', 'AmbientCapabilities').some(({ value }) => /CAP_DAC_OVERRIDE/i.test(value));

/** `Group=` takes the place of the user's own group, and `SupplementaryGroups=` adds to those that it is a member of. */
const groupsOf = (
  host: Host,
  user: string,
  own: number,
  unit: AgentUnit | undefined,
): Known<ReadonlySet<number> | NoSuchName> => {
  const table = readTable(host, GROUP);
  if (!table.known) return table;
  const member = table.value.filter(([, , , names = '']) => names.split(',').includes(user));
  const groups = new Set(member.map(([, , id]) => Number(id)));
  if (unit === undefined) return known(groups.add(own));
  const primary = serviceDirective(unit, 'Group');
  if (primary === undefined) groups.add(own);
  const more = directivesOf(unit.directives, 'Service', 'SupplementaryGroups');
  for (const each of primary === undefined ? more : [primary, ...more]) {
    for (const name of each.value.split(/\s+/).filter((word) => word !== '')) {
      const row = rowNamed(host, 'group', name, originOf(each));
      if (!row.known) return row;
      if (!isRow(row.value)) return known(row.value);
      groups.add(Number(row.value[2]));
    }
  }
  return known(groups);
};
