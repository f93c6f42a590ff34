import type { Fleet, Group, HostSum } from '../../fleet/sum.ts';
import { shown } from '../../text/escape.ts';

/** What a table is of. */
export type By = 'host' | 'finding' | 'version' | 'cause';

type Value = string | number | undefined;

/** A table as CSV (RFC 4180), a line a row below one of titles. */
export const fleetCsv = (fleet: Fleet, by: By): string => {
  const rows = by === 'host' ? fleet.hosts.map(hostRow) : GROUPS[by](fleet).map((group) => groupRow(group, by));
  const titles = by === 'host' ? HOST_TITLES : by === 'finding' ? [...GROUP_TITLES, ...FINDING_TITLES] : GROUP_TITLES;
  return [titles, ...rows].map((row) => `${row.map(field).join(',')}\r\n`).join('');
};

const GROUPS: Readonly<Record<Exclude<By, 'host'>, (fleet: Fleet) => readonly Group[]>> = {
  finding: ({ findings }) => findings,
  version: ({ versions }) => versions,
  cause: ({ causes }) => causes,
};

const STAKE_TITLES = ['at_stake', 'unknown', 'of'];
const stakeTitles = (what: string): readonly string[] => STAKE_TITLES.map((title) => `${what}_${title}`);
const HOST_TITLES = [
  ...[
    'host',
    'host_from',
    'agent',
    'work_dir',
    'path',
    'commands',
    'from',
    'version',
    'exit_code',
    'strict',
    'non_strict',
  ],
  ...['cause', ...stakeTitles('executors'), ...stakeTitles('tasks'), 'saves', 'error', 'time'],
];
const GROUP_TITLES = [
  ...[
    'name',
    'agents',
    'ok',
    'losses',
    'fail',
    'unknown',
    ...stakeTitles('executors'),
    ...stakeTitles('tasks'),
    'hosts',
  ],
];
const FINDING_TITLES = ['kind', 'severity', 'count'];

const hostRow = (host: HostSum): readonly Value[] => [
  ...[host.host, host.hostFrom, host.agent, host.workDir, host.path, host.commands.join(' '), host.from, host.version],
  ...[host.exitCode, host.strict, host.nonStrict, host.cause],
  ...[host.executors.atStake, host.executors.unknown, host.executors.of],
  ...[host.tasks.atStake, host.tasks.unknown, host.tasks.of, host.saves, host.error],
  host.time === undefined ? undefined : new Date(host.time).toISOString(),
];

const groupRow = (
  { name, agents, by, executors, tasks, hosts, kind, badness, count }: Group,
  of: By,
): readonly Value[] => [
  ...[name, agents, by[0], by[1], by[2], by[3], executors.atStake, executors.unknown, executors.of],
  ...[tasks.atStake, tasks.unknown, tasks.of, hosts.join(' ')],
  ...(of === 'finding' ? [kind, badness, count] : []),
];

/** What a spreadsheet takes for the beginning of a formula, in its wide forms too. */
const FORMULA = /^[\s'"]*[=+\-@\u{ff1d}\u{ff0b}\u{ff0d}\u{ff20}|%]/u;

/** A field: what hosts and frameworks say is shown escaped, and is no formula to a spreadsheet. */
const field = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = shown(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\s']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
