import type { HostReport } from './report.ts';

/** The order of exit codes: who does not come up is looked at first, then of whom nothing is known. */
const RANKS: Readonly<Record<HostReport['exitCode'], number>> = { 2: 0, 3: 1, 1: 2, 0: 3 };

/** What an order of hosts goes by. */
export type Ranked = Pick<HostReport, 'exitCode' | 'tasks' | 'executors' | 'host' | 'path'>;

/** The order in which hosts are to be looked at: by their exit code, then by what is at stake, then by their names. */
export const compareReports = (a: Ranked, b: Ranked): number =>
  RANKS[a.exitCode] - RANKS[b.exitCode] ||
  b.tasks.atStake - a.tasks.atStake ||
  b.executors.atStake - a.executors.atStake ||
  compareTexts(a.host ?? a.path, b.host ?? b.path) ||
  compareTexts(a.path, b.path);

/** By code units: the same on every machine. */
export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
