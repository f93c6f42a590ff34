import { compareReports } from '../../fleet/order.ts';
import type { HostReport, Stake } from '../../fleet/report.ts';
import { shown } from '../../text/escape.ts';
import { count } from '../../text/words.ts';

const STATES = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** So many hosts are named, and so long may the text be: agents of monitoring systems cut lines, and the data behind them. */
const MOST_HOSTS = 5;
const MOST_OF_A_TEXT = 120;

/**
 * The line of a plugin for Nagios, Icinga and their like: the state by the worst exit code, what is wrong, and behind a `|` the
 * performance data.
 */
export const nagiosLine = (command: string, reports: readonly HostReport[]): string => {
  const worst = reports.reduce((code, { exitCode }) => Math.max(code, exitCode), 0);
  const state = STATES[reports.length === 0 ? 3 : worst] ?? 'UNKNOWN';
  return `MESOS ${command.toUpperCase()} ${state} - ${messageOf(reports)} | ${dataOf(reports)}\n`;
};

const messageOf = (reports: readonly HostReport[]): string => {
  const [first, ...more] = reports;
  if (first === undefined) return 'nothing was judged';
  if (more.length === 0) return `${nameOf(first)}: ${whatOf(first)}`;
  const bad = reports.filter(({ exitCode }) => exitCode > 0).toSorted(compareReports);
  if (bad.length === 0) return `${count(reports.length, 'agent')}, all well`;
  const named = bad.slice(0, MOST_HOSTS).map((report) => `${nameOf(report)} (${whatOf(report)})`);
  const rest = bad.length - named.length;
  return `${bad.length} of ${count(reports.length, 'agent')} not well: ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
};

const nameOf = ({ host, path }: HostReport): string => safe(host ?? path);

const whatOf = (report: HostReport): string => {
  if (report.error !== undefined) return safe(report.error);
  const stakes = [stakeText(report.executors, 'executors'), stakeText(report.tasks, 'tasks')].filter(
    (text) => text !== '',
  );
  const start = report.mode === 'strict' ? report.strict : report.nonStrict;
  const verdict = report.command === 'verify' && start !== undefined ? [`${report.mode} ${start}`] : [];
  const cause = report.cause === undefined ? [] : [report.cause];
  return safe([...verdict, ...cause, ...stakes].join(', ') || 'all well');
};

const stakeText = ({ atStake, unknown, of }: Stake, what: string): string =>
  atStake + unknown === 0 ? '' : `${atStake + unknown} of ${of} ${what} at stake`;

/** Neither what ends the text, nor what a shell or a page would take for its own when the text is passed on. */
const safe = (text: string): string => {
  const short = text.length <= MOST_OF_A_TEXT ? text : `${text.slice(0, MOST_OF_A_TEXT - 3)}...`;
  return shown(short).replace(/[|`$&'"<>~;]/g, (character) => `\\x${character.charCodeAt(0).toString(16)}`);
};

const dataOf = (reports: readonly HostReport[]): string => {
  const by = (code: number): number => reports.filter(({ exitCode }) => exitCode === code).length;
  const sum = (of: (report: HostReport) => number): number => reports.reduce((total, report) => total + of(report), 0);
  const values: readonly (readonly [string, number, number])[] = [
    ['agents', reports.length, reports.length],
    ['ok', by(0), reports.length],
    ['warning', by(1), reports.length],
    ['critical', by(2), reports.length],
    ['unknown', by(3), reports.length],
    [
      'executors_at_stake',
      sum(({ executors }) => executors.atStake + executors.unknown),
      sum(({ executors }) => executors.of),
    ],
    ['tasks_at_stake', sum(({ tasks }) => tasks.atStake + tasks.unknown), sum(({ tasks }) => tasks.of)],
  ];
  return values.map(([name, value, most]) => `${name}=${value};;;0;${most}`).join(' ');
};
