import type { Gathered } from '../../fleet/gather.ts';
import type { Fleet, Group, UpgradeCost } from '../../fleet/sum.ts';
import { cell } from '../../text/cells.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, styles } from '../../text/style.ts';
import { type Column, renderTable } from '../../text/table.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import type { By } from './csv.ts';
import { hostsTable, stakeText, totalsText } from './hosts.ts';

/** So many rows stand on the screen of all tables; one table alone is whole. */
const MOST_ROWS = 20;
/** So many lines that are no report are named. */
const MOST_BAD = 10;

/** What a fleet comes to: one table whole, or the beginnings of all. */
export const fleetScreen = (gathered: Gathered, fleet: Fleet, by: By | undefined, options: ScreenOptions): string =>
  [
    fleet.hosts.length === 0
      ? `${wrap('There is no report here: a report is a line that verify, preflight, prune or snapshot prints with --json.', options.width)}\n`
      : `${totalsText(fleet.hosts, options)}\n${wrap(upgradeText(fleet.upgrade), options.width)}\n`,
    by === undefined ? allTables(fleet, options) : tableOf(fleet, by, options),
    notesText(gathered, options),
  ]
    .filter((part) => part !== '')
    .join('\n');

/** What an upgrade costs in all, and how that is known. */
const upgradeText = ({ agents, byPreflight, executors, tasks, finished }: UpgradeCost): string => {
  const stakes = `${stakeText(executors) || '0'} executors and ${stakeText(tasks) || '0'} running tasks`;
  const rest =
    finished === 0 ? '' : ` (${count(finished, 'finished task')} ${verb(finished, 'is', 'are')} not counted)`;
  const how =
    byPreflight === agents
      ? 'All agents were judged by preflight'
      : byPreflight === 0
        ? 'Judged by their checkpoints alone: preflight also knows flags and processes'
        : `${count(byPreflight, 'agent')} ${verb(byPreflight, 'was', 'were')} judged by preflight, ${agents - byPreflight} by the checkpoint alone`;
  return `Starting or upgrading all agents as they are costs ${stakes}${rest}. ${how}.`;
};

const allTables = (fleet: Fleet, options: ScreenOptions): string => {
  const style = styles(options.colour);
  const bad = fleet.hosts.filter(({ exitCode }) => exitCode > 0);
  const part = (title: string, all: readonly unknown[], table: string, by: By): string => {
    if (all.length === 0) return '';
    const rest = all.length - MOST_ROWS;
    const more = rest > 0 ? `${rest} more: --by ${by} shows all\n` : '';
    return `${style.bold(title)}\n${table}${more}`;
  };
  const groups = (all: readonly Group[], by: Exclude<By, 'host'>): string =>
    groupsTable(all.slice(0, MOST_ROWS), by, options);
  return [
    part('Look at these first', bad, hostsTable(bad.slice(0, MOST_ROWS), options), 'host'),
    part('By cause', fleet.causes, groups(fleet.causes, 'cause'), 'cause'),
    part('By finding', fleet.findings, groups(fleet.findings, 'finding'), 'finding'),
    part('By version', fleet.versions, groups(fleet.versions, 'version'), 'version'),
  ]
    .filter((text) => text !== '')
    .join('\n');
};

const tableOf = (fleet: Fleet, by: By, options: ScreenOptions): string => {
  if (by === 'host') return hostsTable(fleet.hosts, options);
  const groups = { finding: fleet.findings, version: fleet.versions, cause: fleet.causes }[by];
  return groupsTable(groups, by, options);
};

const groupsTable = (groups: readonly Group[], by: Exclude<By, 'host'>, options: ScreenOptions): string => {
  const columns: readonly Column[] = [
    // At 80 columns most codes are whole: by them one searches.
    { title: by.toUpperCase(), min: by === 'version' ? 12 : 24 },
    ...(by === 'finding' ? [{ title: 'SEVERITY' }] : []),
    { title: 'AGENTS', align: 'right' },
    { title: 'FAIL', align: 'right' },
    { title: 'UNKNOWN', align: 'right', priority: 2 },
    { title: 'EXECUTORS', align: 'right' },
    { title: 'TASKS', align: 'right' },
    { title: 'SUCH AS', min: 10, priority: 1 },
  ];
  const rows = groups.map((group) => [
    cell(group.name),
    ...(by === 'finding' ? [{ text: group.badness ?? '' }] : []),
    { text: String(group.agents) },
    { text: String(group.by[2]) },
    { text: String(group.by[3]) },
    { text: stakeText(group.executors) },
    { text: stakeText(group.tasks) },
    cell(group.hosts.join(', ')),
  ]);
  return renderTable(columns, rows, options);
};

/** What was left out, and why: nothing is silently. */
const notesText = ({ read, older, nameless, bad, badLines }: Gathered, { width }: ScreenOptions): string => {
  const notes: string[] = [];
  if (older > 0) {
    notes.push(
      wrap(
        `Of ${count(read, 'report')}, ${older} ${verb(older, 'is', 'are')} left out: a newer one of the same host and command is there.`,
        width,
      ),
    );
  }
  if (nameless > 0) {
    notes.push(
      wrap(
        `${count(nameless, 'report')} ${verb(nameless, 'does', 'do')} not name the host, so each counts as an agent of its own; versions from 0.2 on name it.`,
        width,
      ),
    );
  }
  if (bad > 0) {
    const named = badLines.slice(0, MOST_BAD).map(({ file, line, why }) => `  ${shown(file)}:${line}: ${shown(why)}`);
    const rest = bad - named.length;
    notes.push(
      [
        `${count(bad, 'line is not a report', 'lines are not reports')}:`,
        ...named,
        ...(rest > 0 ? [`  and ${rest} more`] : []),
      ].join('\n'),
    );
  }
  return notes.length === 0 ? '' : `${notes.join('\n')}\n`;
};
