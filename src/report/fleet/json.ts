import type { Gathered } from '../../fleet/gather.ts';
import { compareReports } from '../../fleet/order.ts';
import type { HostReport } from '../../fleet/report.ts';
import type { Fleet, Group, HostSum } from '../../fleet/sum.ts';
import { SCHEMA_VERSION } from '../json/verify.ts';
import type { By } from './csv.ts';

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
const countsOf = (reports: readonly Pick<HostReport, 'exitCode'>[]): object => {
  const by = (code: number): number => reports.filter(({ exitCode }) => exitCode === code).length;
  return { agents: reports.length, ok: by(0), losses: by(1), fails: by(2), unknown: by(3) };
};

/** One agent in short. */
const hostJson = (report: HostReport): object => ({
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

/** What a fleet comes to, as the object that `fleet --json` prints on a line; with `by` one table alone. */
export const fleetJson = (gathered: Gathered, fleet: Fleet, by: By | undefined, exitCode: number): object => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'fleet',
  exitCode,
  counts: countsOf(fleet.hosts),
  reports: { read: gathered.read, older: gathered.older, nameless: gathered.nameless },
  noReports: noReportsJson(gathered),
  upgrade: fleet.upgrade,
  ...(by === undefined || by === 'host' ? { hosts: fleet.hosts.map(hostSumJson) } : {}),
  ...(by === undefined || by === 'finding' ? { findings: fleet.findings.map(groupJson) } : {}),
  ...(by === undefined || by === 'version' ? { versions: fleet.versions.map(groupJson) } : {}),
  ...(by === undefined || by === 'cause' ? { causes: fleet.causes.map(groupJson) } : {}),
});

/** What is no report: lines, and files that cannot be read, by the line behind which that is so. */
const noReportsJson = ({ bad, badLines, unread }: Gathered): object => ({
  count: bad + unread.length,
  lines: [
    ...badLines,
    ...unread.map(({ file, lines, why }) => ({ file, line: lines, why: `it cannot be read: ${why}` })),
  ],
});

const hostSumJson = (host: HostSum): object => ({
  ...hostJson(host),
  from: host.from ?? null,
  commands: host.commands,
  time: host.time === undefined ? null : new Date(host.time).toISOString(),
});

const groupJson = ({ name, agents, by, executors, tasks, hosts, kind, badness, count }: Group): object => ({
  name,
  counts: { agents, ok: by[0], losses: by[1], fails: by[2], unknown: by[3] },
  executors,
  tasks,
  hosts,
  ...(kind === undefined ? {} : { kind, severity: badness, count }),
});
