import { compareReports } from '../../fleet/order.ts';
import type { HostReport } from '../../fleet/report.ts';
import { SCHEMA_VERSION } from '../json/verify.ts';

/** The table at the end, as the object that `--summary --json` prints on a line. */
export const summaryJson = (command: string, reports: readonly HostReport[]): object => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'summary',
  of: command,
  exitCode: reports.reduce((worst, { exitCode }) => Math.max(worst, exitCode), 0),
  counts: countsOf(reports),
  hosts: reports.toSorted(compareReports).map(hostJson),
});

/** How many agents there are, by exit code. */
export const countsOf = (reports: readonly Pick<HostReport, 'exitCode'>[]): object => {
  const by = (code: number): number => reports.filter(({ exitCode }) => exitCode === code).length;
  return { agents: reports.length, ok: by(0), losses: by(1), fails: by(2), unknown: by(3) };
};

/** One agent in short. */
export const hostJson = (report: HostReport): object => ({
  host: report.host ?? null,
  hostFrom: report.hostFrom ?? null,
  path: report.path,
  workDir: report.workDir ?? null,
  agentId: report.agent ?? null,
  version: report.version ?? null,
  exitCode: report.exitCode,
  strict: report.strict ?? null,
  nonStrict: report.nonStrict ?? null,
  cause: report.cause ?? null,
  executors: report.executors,
  tasks: report.tasks,
  saves: report.saves ?? null,
  error: report.error ?? null,
});
