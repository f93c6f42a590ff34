import { realOf } from './disks.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { type Host, isUnseen, namesAt } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';
import { isReadOnly, type Mount, mountOf, mountsIn, readMounts } from './mounts.ts';
import { agentsIn, type Processes } from './processes.ts';

/** A subsystem of cgroups v1, as the kernel counts it. */
export interface Subsystem {
  /** The hierarchy that it is attached to; 0 where it is to none, or to that of v2. */
  readonly hierarchy: number;
  readonly isEnabled: boolean;
}

/** How the host has its control groups. */
export interface CgroupFacts {
  /** What is mounted where the agent runs, control groups and what they are mounted in. */
  readonly mounts: Known<readonly Mount[]>;
  /** The kernel's subsystems, by name; undefined where it has no control groups at all. */
  readonly subsystems: Known<ReadonlyMap<string, Subsystem> | undefined>;
  /** The controllers of v2 that the root group can give to others, and those that it has given. */
  readonly controllers: Known<readonly string[]>;
  readonly givenControllers: Known<readonly string[]>;
  /** What is where the agent would mount a subsystem that is not mounted, by the subsystem's name. */
  readonly places: ReadonlyMap<string, Known<'nothing' | 'empty' | 'taken'>>;
  /** Where `--cgroups_hierarchy` leads. */
  readonly base: string;
  /** Whether the agent's root group is there, by the path of the hierarchy. */
  readonly roots: ReadonlyMap<string, Known<boolean>>;
  /** Whether files of a hierarchy are there that flags and isolators need, by their paths; what is not in it was not seen. */
  readonly controls: ReadonlyMap<string, boolean>;
}

/** Where v2 is mounted: the agent knows no other place (`cgroups2::mounted`). */
export const V2_PLACE = '/sys/fs/cgroup';

/** Mounts of cgroups v2, in the order of mounting: the agent looks at the first. */
export const v2Mounts = (mounts: readonly Mount[]): readonly Mount[] => mounts.filter(({ type }) => type === 'cgroup2');

/** Mounts of cgroups v1. */
export const v1Mounts = (mounts: readonly Mount[]): readonly Mount[] => mounts.filter(({ type }) => type === 'cgroup');

/** The mount that a subsystem of v1 is attached to; undefined where none is. Mirrors `cgroups::hierarchy`. */
export const hierarchyOf = (mounts: readonly Mount[], subsystem: string): Mount | undefined =>
  v1Mounts(mounts).find(({ options }) => options.includes(subsystem));

/** Whether v2 is all that a host has. */
export const isV2Alone = (mounts: readonly Mount[]): boolean =>
  v2Mounts(mounts).length > 0 && v1Mounts(mounts).length === 0;

/** Whether nothing can be made in a path, because what it is on is mounted to be read only. */
export const isOnReadOnly = (mounts: readonly Mount[], path: string): boolean => {
  const mount = mountOf(mounts, path);
  return mount !== undefined && isReadOnly(mount);
};

/** Subsystems that an agent may have to mount itself. */
const SUBSYSTEMS = [
  ...['freezer', 'cpu', 'cpuacct', 'cpuset', 'memory', 'devices', 'blkio', 'hugetlb', 'net_cls', 'net_prio'],
  ...['perf_event', 'pids'],
];

/** Reads how a host has its control groups. */
export const readCgroups = (
  host: Host,
  processes: Known<Processes>,
  flags: { readonly hierarchy: string; readonly root: string; readonly container: ContainerStart | undefined },
): CgroupFacts => {
  const mounts = readAgentMounts(host, processes, flags.container);
  const hierarchies = mounts.known ? v1Mounts(mounts.value).map(({ path }) => path) : [];
  return {
    mounts,
    subsystems: readSubsystems(host),
    controllers: readWords(host, `${V2_PLACE}/cgroup.controllers`),
    givenControllers: readWords(host, `${V2_PLACE}/cgroup.subtree_control`),
    base: realOf(host, flags.hierarchy),
    places: new Map(SUBSYSTEMS.map((name) => [name, readPlace(host, `${flags.hierarchy}/${name}`)])),
    roots: new Map(hierarchies.map((path) => [path, isThere(host, `${path}/${flags.root}`)])),
    controls: new Map(hierarchies.flatMap((path) => readControls(host, path, flags.root))),
  };
};

/** Files that a kernel has or has not, by how it was built and booted. */
const CONTROLS = [
  ...['cpu.cfs_quota_us', 'memory.memsw.limit_in_bytes'],
  ...['memory.oom_control', 'memory.pressure_level', 'cgroup.event_control'],
];

/** What is in the root group of a hierarchy, or in the agent's own; nothing where neither is shown. */
const readControls = (host: Host, path: string, root: string): readonly (readonly [string, boolean])[] => {
  const names = [path, `${path}/${root}`].flatMap((folder) => namesAt(host, folder));
  return names.includes('tasks') || names.includes('cgroup.procs')
    ? CONTROLS.map((control) => [`${path}/${control}`, names.includes(control)] as const)
    : [];
};

/** What is mounted for the agent: an agent that runs shows it, even in a container. */
const readAgentMounts = (
  host: Host,
  processes: Known<Processes>,
  container: ContainerStart | undefined,
): Known<readonly Mount[]> => {
  const [agent] = processes.known ? agentsIn(processes.value) : [];
  const bytes = agent === undefined ? undefined : host.read(`/proc/${agent.pid}/mounts`);
  if (bytes !== undefined && !isUnseen(bytes)) return known(mountsIn(bytes));
  if (container !== undefined) {
    return unknown("what is mounted in the agent's container is known while it runs, and to root");
  }
  const mounts = readMounts(host);
  if (!mounts.known) return mounts;
  return mounts.value.some(({ type }) => type === 'cgroup' || type === 'cgroup2')
    ? mounts
    : unknown('/proc/mounts shows no control groups');
};

/** `NAME HIERARCHY GROUPS ENABLED`, a line each. */
const readSubsystems = (host: Host): CgroupFacts['subsystems'] => {
  const path = '/proc/cgroups';
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) {
    return host.isOwn ? known(undefined) : unknown(`which subsystems the kernel has is not known: no ${path} is here`);
  }
  const rows = bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s+/));
  return known(
    new Map(
      rows.map(([name = '', hierarchy, , enabled]) => [
        name,
        { hierarchy: Number(hierarchy), isEnabled: enabled === '1' },
      ]),
    ),
  );
};

const readWords = (host: Host, path: string): Known<readonly string[]> => {
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  return bytes === undefined
    ? unknown(`${path} is not here`)
    : known(
        bytes
          .toString('utf8')
          .split(/\s+/)
          .filter((word) => word !== ''),
      );
};

const readPlace = (host: Host, path: string): Known<'nothing' | 'empty' | 'taken'> => {
  const names = host.list(path);
  if (isUnseen(names)) return unseen(path, names);
  if (names === undefined) return isThereAs(host, path);
  return known(names.length === 0 ? 'empty' : 'taken');
};

/** What is no folder cannot be removed as one. */
const isThereAs = (host: Host, path: string): Known<'nothing' | 'taken'> => {
  const stat = host.stat(path);
  return isUnseen(stat) ? unseen(path, stat) : known(stat === undefined ? 'nothing' : 'taken');
};

const isThere = (host: Host, path: string): Known<boolean> => {
  const stat = host.stat(path);
  return isUnseen(stat) ? unseen(path, stat) : known(stat !== undefined);
};
