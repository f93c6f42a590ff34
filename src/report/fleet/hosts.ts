import { compareReports } from '../../fleet/order.ts';
import type { HostReport, Stake } from '../../fleet/report.ts';
import { BLANK, type Cell, cell } from '../../text/cells.ts';
import { type ScreenOptions, type StyleName, styles } from '../../text/style.ts';
import { type Column, renderTable } from '../../text/table.ts';
import { count, verb } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';

/** The hosts in the order in which they are to be looked at: who does not come up and has most at stake comes first. */
export const hostsTable = (reports: readonly HostReport[], options: ScreenOptions): string =>
  renderTable(COLUMNS, rowsOf(reports.toSorted(compareReports)), options);

const COLUMNS: readonly Column[] = [
  { title: 'HOST', min: 13, ids: true },
  { title: 'AGENT', min: 6, priority: 2, ids: true },
  { title: 'STRICT' },
  { title: 'NON-STRICT', priority: 1 },
  { title: 'WORST FINDING', min: 16 },
  { title: 'EXECUTORS', align: 'right' },
  { title: 'TASKS', align: 'right' },
  // What is to be typed is never shortened.
  { title: 'SAVES MOST' },
];

const STYLES: Readonly<Record<HostReport['exitCode'], StyleName>> = { 0: 'good', 1: 'warn', 2: 'bad', 3: 'bad' };

/** A row each. Several copies of one agent's checkpoint are told apart by where they were read. */
const rowsOf = (reports: readonly HostReport[]): readonly (readonly Cell[])[] => {
  const read = new Map<string, Set<string>>();
  const agentOf = ({ host, agent }: HostReport): string => JSON.stringify([host, agent]);
  for (const report of reports) {
    read.set(agentOf(report), (read.get(agentOf(report)) ?? new Set()).add(report.path));
  }
  const isCopy = (report: HostReport): boolean =>
    report.agent !== undefined && (read.get(agentOf(report))?.size ?? 0) > 1;
  const folder = sharedFolder(reports.filter(isCopy).map(({ path }) => path));
  return reports.map((report) =>
    rowOf(report, isCopy(report) ? report.path.slice(folder.length) : (report.host ?? report.path)),
  );
};

/** The folder that all of these paths lie in, with the `/` behind it; '' where there is none. */
const sharedFolder = ([first = '', ...others]: readonly string[]): string => {
  let folder = folderAbove(first);
  while (folder !== '' && !others.every((path) => isBelow(path, folder))) folder = folderAbove(folder);
  return folder;
};

const isBelow = (path: string, folder: string): boolean => path.length > folder.length && path.startsWith(folder);

/** What stands before the last name of a path, which is shorter: `/a/` of `/a/b/`, and '' of `/`. */
const folderAbove = (path: string): string => /^.*\/(?=[^/]+\/*$)/s.exec(path)?.[0] ?? '';

const rowOf = (report: HostReport, name: string): readonly Cell[] => {
  const style = STYLES[report.exitCode];
  return [
    cell(name),
    report.agent === undefined ? BLANK : cell(report.agent),
    report.strict === undefined ? cell(report.error === undefined ? '' : 'unknown', style) : cell(report.strict, style),
    cell(report.nonStrict ?? ''),
    cell(report.error ?? report.cause ?? ''),
    { text: stakeText(report.executors) },
    { text: stakeText(report.tasks) },
    cell(report.saves ?? ''),
  ];
};

/** `3 of 40`, and how many of the rest are not known to live. */
export const stakeText = ({ atStake, unknown, of }: Stake): string => {
  if (of === 0) return '';
  return unknown === 0 ? `${atStake} of ${of}` : `${atStake} to ${atStake + unknown} of ${of}`;
};

/** How many hosts there are, and how many come up: a sentence above the table. */
export const totalsText = (reports: readonly Pick<HostReport, 'exitCode'>[], options: ScreenOptions): string => {
  const style = styles(options.colour);
  const by = (code: number): number => reports.filter(({ exitCode }) => exitCode === code).length;
  const parts = [
    by(2) === 0 ? '' : style.bad(`${by(2)} ${verb(by(2), 'fails', 'fail')}`),
    by(3) === 0 ? '' : style.bad(`${by(3)} ${verb(by(3), 'is', 'are')} unknown`),
    by(1) === 0 ? '' : style.warn(`${by(1)} with losses or warnings`),
    by(0) === 0 ? '' : style.good(`${by(0)} ok`),
  ];
  return `${count(reports.length, 'agent')}: ${parts.filter((part) => part !== '').join(', ')}`;
};

/** The table that stands behind the screens of several agents. */
export const summaryScreen = (reports: readonly HostReport[], options: ScreenOptions): string =>
  `${totalsText(reports, options)}\n${hostsTable(reports, options)}${wrap(AT_STAKE, options.width)}\n`;

/** Where ways out are compared, the same columns count those that are kept. */
export const AT_STAKE =
  'EXECUTORS and TASKS: how many of those that run are lost or at risk if the agent starts as it is; finished tasks are left out.';
