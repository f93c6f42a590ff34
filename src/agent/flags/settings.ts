import { defaultOf } from './definitions.ts';
import type { FlagSet } from './flag-set.ts';
import { parseDuration } from './notation/duration.ts';
import { originText, SUPPOSED } from './origin.ts';
import type { FlagValues } from './values.ts';

/** A flag as it counts: its value, and where it was set; the agent's default where it was not. */
export interface Setting<T> {
  readonly value: T;
  /** `/etc/default/mesos-slave:3`; undefined where the default counts. */
  readonly origin: string | undefined;
  /** Whether it is known: it is set, or all that could set it was read. Else the default is what is most likely. */
  readonly isSure: boolean;
}

/** Those flags that decide what becomes of tasks. What is not set, or does not parse, has the agent's default. */
export interface Settings {
  readonly workDir: Setting<string | undefined>;
  readonly runtimeDir: Setting<string>;
  readonly strict: Setting<boolean>;
  readonly recover: Setting<string>;
  /** Undefined where not set: the agent takes `linux` where it is root and has cgroups. */
  readonly launcher: Setting<string | undefined>;
  readonly containerizers: Setting<readonly string[]>;
  readonly isolation: Setting<readonly string[]>;
  readonly docker: Setting<string>;
  readonly dockerSocket: Setting<string>;
  readonly dockerImage: Setting<string | undefined>;
  readonly dockerKillOrphans: Setting<boolean>;
  readonly dockerVolumeDir: Setting<string>;
  readonly dockerStoreDir: Setting<string>;
  readonly imageProviders: Setting<readonly string[]>;
  readonly logDir: Setting<string | undefined>;
  readonly cgroupsHierarchy: Setting<string>;
  /** Below each hierarchy, without a slash before it. */
  readonly cgroupsRoot: Setting<string>;
  readonly systemdSupport: Setting<boolean>;
  /** In milliseconds, like the next two. */
  readonly recoveryTimeout: Setting<number>;
  readonly executorTimeout: Setting<number>;
  readonly gcDelay: Setting<number>;
}

/** Reads the flags that matter here. `values` are those of the same flags, with what is in a file that one names. */
export const settingsOf = (set: FlagSet, values: FlagValues): Settings => {
  const isWhole = set.isKnown && set.isComplete;
  const of = <T>(name: string, parse: (text: string) => T | undefined): Setting<T | undefined> => {
    const flag = set.flags.get(name);
    const text = values(name);
    const value = flag === undefined || text.kind !== 'set' ? undefined : parse(text.value);
    if (flag !== undefined && value !== undefined) {
      return { value, origin: originText(flag.origin), isSure: flag.origin.place === SUPPOSED || !set.isHidden };
    }
    const byDefault = defaultOf(name);
    return {
      value: byDefault === undefined ? undefined : parse(byDefault),
      origin: undefined,
      isSure: flag?.unknown === undefined && isWhole,
    };
  };
  /** A flag that has a default, or that means something of its own where it is not set. */
  const always = <T>(name: string, parse: (text: string) => T | undefined, unset?: T): Setting<T> => {
    const { value = unset, ...rest } = of(name, parse);
    if (value === undefined) throw new TypeError(`--${name} has no default`);
    return { value, ...rest };
  };
  return {
    workDir: of('work_dir', tidyPath),
    runtimeDir: always('runtime_dir', pathIn),
    strict: always('strict', booleanIn),
    recover: always('recover', itself),
    launcher: of('launcher', itself),
    containerizers: always('containerizers', commas),
    isolation: always('isolation', commas),
    docker: always('docker', itself),
    dockerSocket: always('docker_socket', itself),
    dockerImage: of('docker_mesos_image', itself),
    dockerKillOrphans: always('docker_kill_orphans', booleanIn),
    dockerVolumeDir: always('docker_volume_checkpoint_dir', pathIn),
    dockerStoreDir: always('docker_store_dir', pathIn),
    imageProviders: always('image_providers', commas, []),
    logDir: of('log_dir', pathIn),
    cgroupsHierarchy: always('cgroups_hierarchy', pathIn),
    cgroupsRoot: always('cgroups_root', (text) => tidyPath(text).replace(/^\//, '')),
    systemdSupport: always('systemd_enable_support', booleanIn),
    recoveryTimeout: always('recovery_timeout', durationIn),
    executorTimeout: always('executor_reregistration_timeout', durationIn),
    gcDelay: always('gc_delay', durationIn),
  };
};

const itself = (text: string): string => text;

/** A path without what is double, and without `/` at its end. */
export const tidyPath = (text: string): string => text.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');

const pathIn = (text: string): string | undefined => (text.startsWith('/') ? tidyPath(text) : undefined);

const commas = (text: string): readonly string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const booleanIn = (text: string): boolean | undefined =>
  text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;

/** A duration in the agent's notation, `15mins`, in milliseconds; undefined where it is none. */
export const durationIn = (text: string): number | undefined => {
  const parsed = parseDuration(text.trim());
  return parsed.ok ? parsed.value / 1e6 : undefined;
};
