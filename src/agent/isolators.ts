/** The isolators of the mesos containerizer: which a version has, and what each needs to be created. */

import { isWithin, since, type Version, type VersionSpan } from './version.ts';

/** What an isolator refuses to be created without. */
export interface IsolatorNeeds {
  /** The versions that ask for it, where not all do that have the isolator. */
  readonly versions?: readonly VersionSpan[];
  readonly root?: true;
  /** The `linux` launcher. */
  readonly linux?: true;
  /** One of these has to be in `--isolation`, too. */
  readonly beside?: readonly string[];
  /** A namespace of the kernel, as `/proc/self/ns` calls it. */
  readonly namespace?: readonly string[];
  /** A flag that has to be set. */
  readonly flag?: string;
  /** A program that has to be in the agent's `PATH`. */
  readonly program?: string;
  /** The least release of the kernel. */
  readonly kernel?: readonly [major: number, minor: number];
}

/** An isolator that is built in. */
export interface Isolator {
  readonly name: string;
  /** The versions that have it, where not all do. */
  readonly versions?: readonly VersionSpan[];
  /** The option of `configure` without which a build does not have it. */
  readonly build?: string;
  readonly needs: readonly IsolatorNeeds[];
  /** Subsystems of cgroups v1 that it uses. */
  readonly subsystems?: readonly string[];
  /** Whether it can be had where cgroups v2 is mounted, from 1.12 on; for those of control groups alone. */
  readonly isInV2?: true;
}

type More = Omit<Isolator, 'name' | 'needs'>;

const row = (name: string, needs: readonly IsolatorNeeds[] = [], more: More = {}): Isolator => ({
  name,
  needs,
  ...more,
});

/** From 1.12 on the agent aborts where control groups are asked for without the `linux` launcher. */
const CGROUPS: readonly IsolatorNeeds[] = [{ versions: since('1.12.0'), linux: true }];

const cgroups = (
  name: string,
  subsystems: readonly string[],
  more: More & { readonly needs?: IsolatorNeeds } = {},
): Isolator => {
  const { needs, ...rest } = more;
  return row(`cgroups/${name}`, needs === undefined ? CGROUPS : [...CGROUPS, needs], { subsystems, ...rest });
};

const FILESYSTEM = 'filesystem/linux';

/** Every isolator from 1.4.0 on, on Linux. Mirrors `MesosContainerizer::create`, and each isolator's own `create`. */
const ISOLATORS: readonly Isolator[] = [
  row('filesystem/posix'),
  row('filesystem/linux', [
    { root: true },
    { versions: since('1.5.0'), linux: true },
    { versions: since('1.6.0'), namespace: ['mnt'] },
  ]),
  row('filesystem/shared', [{ root: true }, { versions: since('1.6.0'), namespace: ['mnt'] }]),
  row('posix/cpu'),
  row('posix/mem'),
  row('posix/rlimits'),
  row('posix/disk', [], { versions: [{ before: '1.6.0' }] }),
  cgroups('all', [], { versions: since('1.7.0'), isInV2: true }),
  cgroups('blkio', ['blkio']),
  cgroups('cpu', ['cpu', 'cpuacct'], { isInV2: true }),
  cgroups('cpuset', ['cpuset'], { isInV2: true }),
  cgroups('devices', ['devices'], { isInV2: true }),
  cgroups('hugetlb', ['hugetlb'], { isInV2: true }),
  cgroups('mem', ['memory'], { isInV2: true }),
  cgroups('net_cls', ['net_cls']),
  cgroups('net_prio', ['net_prio']),
  cgroups('perf_event', ['perf_event'], {
    isInV2: true,
    needs: { versions: [{ before: '1.7.0' }], flag: 'perf_events' },
  }),
  cgroups('pids', ['pids'], { isInV2: true }),
  row('appc/runtime'),
  row('docker/runtime'),
  row('linux/devices', [{ root: true, linux: true, beside: [FILESYSTEM] }], { versions: since('1.7.0') }),
  row('linux/capabilities', [{ root: true }]),
  row('linux/nnp', [{ kernel: [3, 5] }], { versions: since('1.9.0') }),
  row('linux/seccomp', [{ root: true, flag: 'seccomp_config_dir' }], {
    versions: since('1.8.0'),
    build: '--enable-seccomp-isolator',
  }),
  row('namespaces/ipc', [
    { root: true, linux: true, namespace: ['ipc'] },
    { versions: since('1.9.0'), beside: [FILESYSTEM] },
  ]),
  row('namespaces/pid', [{ root: true, linux: true, namespace: ['pid'], beside: [FILESYSTEM] }]),
  row('volume/sandbox_path'),
  row('docker/volume', [
    { root: true, program: 'dvdcli' },
    { versions: since('1.6.0'), namespace: ['mnt'] },
  ]),
  row('volume/host_path', [{ linux: true, beside: [FILESYSTEM] }], { versions: since('1.5.0') }),
  row('volume/image', [{ beside: [FILESYSTEM] }]),
  row('volume/secret', [{ linux: true, beside: [FILESYSTEM] }]),
  row('volume/csi', [{ beside: [FILESYSTEM], flag: 'csi_plugin_config_dir' }], { versions: since('1.11.0') }),
  row('disk/du'),
  row('disk/xfs', [{ root: true }], { build: '--enable-xfs-disk-isolator' }),
  row('gpu/nvidia', [
    { versions: [{ before: '1.7.0' }], beside: ['cgroups/devices'] },
    { versions: since('1.7.0'), beside: ['cgroups/devices', 'cgroups/all'] },
    { beside: [FILESYSTEM] },
  ]),
  row('network/cni'),
  row('network/port_mapping', [{ root: true, namespace: ['net'] }], { build: '--enable-port-mapping-isolator' }),
  row('network/ports', [{ linux: true }], {
    versions: since('1.5.0'),
    build: '--enable-network-ports-isolator',
    subsystems: ['freezer'],
  }),
  row('environment_secret'),
];

const BY_NAME: ReadonlyMap<string, Isolator> = new Map(ISOLATORS.map((each) => [each.name, each]));

/** A built-in isolator by its name, in whatever version; undefined where none has it. */
export const isolatorNamed = (name: string): Isolator | undefined => BY_NAME.get(name);

/** Whether a version has an isolator built in, whatever its build. */
export const hasIsolator = (version: Version, { versions }: Isolator): boolean =>
  versions === undefined || isWithin(version, versions);

/** What a version asks of an isolator. */
export const needsOf = (version: Version, { needs }: Isolator): readonly IsolatorNeeds[] =>
  needs.filter(({ versions }) => versions === undefined || isWithin(version, versions));

/** Older names, and what stands for them. */
const RENAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['process', ['posix/cpu', 'posix/mem']],
  ['cgroups', ['cgroups/cpu', 'cgroups/mem']],
]);

/** From 1.6 on older names are known one by one; before, where they are all that the flag says. */
const NAMES_ARE_RENAMED = since('1.6.0');

/** The words of a list with commas, as `strings::tokenize` splits it: blanks belong to the word. */
export const wordsOf = (text: string): readonly string[] => text.split(',').filter((word) => word !== '');

/** What a version makes of `--isolation`. */
export interface Isolation {
  /** The flag's value, as it is written. */
  readonly text: string;
  /** Names that count, older ones replaced; those that are added by themselves are not among them. */
  readonly names: readonly string[];
}

/** Reads `--isolation`. Mirrors the first part of `MesosContainerizer::create`. */
export const isolationOf = (version: Version, text: string): Isolation => {
  const words = wordsOf(text);
  const renamed = (word: string): readonly string[] => {
    if (isWithin(version, NAMES_ARE_RENAMED)) {
      return word === 'posix/disk' ? ['disk/du'] : (RENAMED.get(word) ?? [word]);
    }
    return words.length === 1 && text === word ? (RENAMED.get(word) ?? [word]) : [word];
  };
  return { text, names: [...new Set(words.flatMap(renamed))] };
};
