import { grouped } from '../text/grouped.ts';
import { identityOf } from './identity.ts';
import { compareReports, compareTexts } from './order.ts';
import { BADNESS, type Badness, type Found, type HostReport, type Stake } from './report.ts';

/** What all commands said of one agent. */
export interface HostSum extends HostReport {
  readonly commands: readonly HostReport['command'][];
}

/** Agents that have something in common. */
export interface Group {
  /** The code, the version or the cause. */
  readonly name: string;
  readonly agents: number;
  /** By exit code: 0, 1, 2, 3. */
  readonly by: readonly [number, number, number, number];
  readonly executors: Stake;
  readonly tasks: Stake;
  /** The first of them, in the order in which they are to be looked at. */
  readonly hosts: readonly string[];
  /** Of a finding: what it is, how bad at worst, and how often it was met. */
  readonly kind?: Found['kind'] | undefined;
  readonly badness?: Badness | undefined;
  readonly count?: number | undefined;
}

/** What an upgrade would cost in all. */
export interface UpgradeCost {
  readonly agents: number;
  /** How many were judged by preflight, which knows flags and processes; the others by their checkpoints alone. */
  readonly byPreflight: number;
  /** How many do not come up, and of how many nothing is known. */
  readonly fail: number;
  readonly unknown: number;
  readonly executors: Stake;
  /** Of the tasks that run. */
  readonly tasks: Stake;
  /** How many more have finished. */
  readonly finished: number;
}

/** What many hosts come to. */
export interface Fleet {
  /** In the order in which they are to be looked at. */
  readonly hosts: readonly HostSum[];
  readonly findings: readonly Group[];
  readonly versions: readonly Group[];
  readonly causes: readonly Group[];
  readonly upgrade: UpgradeCost;
}

/** Sums up reports, of each host and command one. */
export const sumUp = (reports: readonly HostReport[]): Fleet => {
  const hosts = hostsOf(reports).toSorted(compareReports);
  return {
    hosts,
    findings: groupsBy(hosts, (host) => host.found.map((found) => ({ name: found.code, found }))).toSorted(
      compareFindings,
    ),
    versions: groupsBy(hosts, (host) => [{ name: versionsOf(host) }]).toSorted((a, b) => compareTexts(a.name, b.name)),
    causes: groupsBy(hosts, ({ cause }) => (cause === undefined ? [] : [{ name: cause }])).toSorted(compareGroups),
    upgrade: upgradeCostOf(hosts),
  };
};

/** The version that will start, behind the one that wrote the checkpoint, where that is another. */
const versionsOf = ({ from, version }: HostReport): string =>
  from === undefined || from === version ? (version ?? 'not known') : `${from} to ${version ?? 'not known'}`;

/** The reports of one agent together; one that failed before it knew the work_dir is of the agent of its host, where that is one. */
const hostsOf = (reports: readonly HostReport[]): readonly HostSum[] => {
  const sure = new Map(
    reports.flatMap((report) => (isSure(report) ? [[nameAndAgentOf(report), identityOf(report)]] : [])),
  );
  const identity = (report: HostReport): string | undefined =>
    // A snapshot knows the name of its agent's host from the checkpoint alone: of a host that another command saw, it is that.
    (report.command === 'snapshot' ? sure.get(nameAndAgentOf(report)) : undefined) ?? identityOf(report);
  // A report that does not say its host is an agent of its own.
  const byHost = grouped(reports, (report) => identity(report) ?? report);
  return [...byHost.values()].flatMap((own) => agentsOf(own).map(merged));
};

/** Whether a report tells the name of its host as the host had it. */
const isSure = ({ hostFrom, agent }: HostReport): boolean =>
  agent !== undefined && (hostFrom === 'host' || hostFrom === 'manifest');

const nameAndAgentOf = ({ host, agent }: HostReport): string => JSON.stringify([host, agent]);

const agentsOf = (own: readonly HostReport[]): readonly (readonly HostReport[])[] => {
  if (own.length === 1) return [own];
  const workDirs = new Set(own.map(({ workDir }) => workDir).filter((workDir) => workDir !== undefined));
  if (workDirs.size < 2) return [own];
  return [...workDirs, undefined]
    .map((workDir) => own.filter((report) => report.workDir === workDir))
    .filter((agent) => agent.length > 0);
};

/** Which command knows most of a host: what an agent's processes and flags are, only preflight sees. */
const KNOWS_MOST: readonly HostReport['command'][] = ['preflight', 'verify', 'prune', 'snapshot'];

const merged = (own: readonly HostReport[]): HostSum => {
  const all = own.toSorted((a, b) => KNOWS_MOST.indexOf(a.command) - KNOWS_MOST.indexOf(b.command));
  const [first] = all as [HostReport];
  const judged = all.find(({ error }) => error === undefined) ?? first;
  // What prune ends with is how it is after its plan.
  const deciding = all.filter(({ command }) => command !== 'prune' || all.length === 1);
  const worst = [...(deciding.length === 0 ? all : deciding)].sort(compareReports)[0] ?? first;
  const told = <K extends keyof HostReport>(key: K): HostReport[K] =>
    judged[key] ?? all.find((each) => each[key] !== undefined)?.[key] ?? judged[key];
  return {
    ...judged,
    exitCode: worst.exitCode,
    cause: worst.cause,
    error: worst.error,
    agent: told('agent'),
    from: told('from'),
    version: told('version'),
    strict: told('strict'),
    nonStrict: told('nonStrict'),
    // The option of prune is said by the command that plans.
    saves: all.find(({ command, saves }) => command !== 'preflight' && saves !== undefined)?.saves ?? told('saves'),
    found: foundOf(all),
    commands: all.map(({ command }) => command),
  };
};

/** What several commands found is one finding. */
const foundOf = (all: readonly HostReport[]): readonly Found[] => {
  const found = new Map<string, Found>();
  for (const each of all.flatMap((report) => report.found)) {
    const key = `${each.kind}\0${each.code}`;
    const before = found.get(key);
    found.set(
      key,
      before === undefined ? each : { ...worseOf(before, each), count: Math.max(before.count, each.count) },
    );
  }
  return [...found.values()];
};

const rankOf = (badness: Badness | undefined): number =>
  badness === undefined ? BADNESS.length : BADNESS.indexOf(badness);

const worseOf = (a: Found, b: Found): Found => (rankOf(b.badness) < rankOf(a.badness) ? b : a);

/** So many hosts are named of a group. */
const MOST_HOSTS = 3;

const groupsBy = (
  hosts: readonly HostSum[],
  namesOf: (host: HostSum) => readonly { readonly name: string; readonly found?: Found }[],
): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const host of hosts) {
    for (const { name, found } of namesOf(host)) {
      const key = `${found?.kind ?? ''}\0${name}`;
      groups.set(key, added(groups.get(key) ?? emptyGroup(name), host, found));
    }
  }
  return [...groups.values()];
};

const NOTHING: Stake = { atStake: 0, unknown: 0, of: 0 };

const emptyGroup = (name: string): Group => ({
  name,
  agents: 0,
  by: [0, 0, 0, 0],
  executors: NOTHING,
  tasks: NOTHING,
  hosts: [],
});

const added = (group: Group, host: HostSum, found: Found | undefined): Group => {
  const by = group.by.map((count, code) => count + (code === host.exitCode ? 1 : 0)) as unknown as Group['by'];
  return {
    name: group.name,
    agents: group.agents + 1,
    by,
    executors: plus(group.executors, host.executors),
    tasks: plus(group.tasks, host.tasks),
    hosts: group.hosts.length < MOST_HOSTS ? [...group.hosts, host.host ?? host.path] : group.hosts,
    ...(found === undefined
      ? {}
      : {
          kind: found.kind,
          badness: rankOf(found.badness) < rankOf(group.badness) ? found.badness : group.badness,
          count: (group.count ?? 0) + found.count,
        }),
  };
};

const plus = (a: Stake, b: Stake): Stake => ({
  atStake: a.atStake + b.atStake,
  unknown: a.unknown + b.unknown,
  of: a.of + b.of,
});

/** Who does not come up first, then what is at stake, then how many they are. */
const compareGroups = (a: Group, b: Group): number =>
  b.by[2] - a.by[2] || b.tasks.atStake - a.tasks.atStake || b.agents - a.agents || compareTexts(a.name, b.name);

const compareFindings = (a: Group, b: Group): number => rankOf(a.badness) - rankOf(b.badness) || compareGroups(a, b);

const upgradeCostOf = (hosts: readonly HostSum[]): UpgradeCost => ({
  agents: hosts.length,
  byPreflight: hosts.filter(({ commands }) => commands.includes('preflight')).length,
  fail: hosts.filter(({ exitCode }) => exitCode === 2).length,
  unknown: hosts.filter(({ exitCode }) => exitCode === 3).length,
  executors: hosts.reduce((sum, { executors }) => plus(sum, executors), NOTHING),
  tasks: hosts.reduce((sum, { tasks }) => plus(sum, tasks), NOTHING),
  finished: hosts.reduce((sum, { finished }) => sum + finished, 0),
});
