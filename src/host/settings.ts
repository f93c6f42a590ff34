import { type AgentFlag, type AgentFlags, type Origin, SUPPOSED } from './flags/agent-flags.ts';
import type { FlagValues } from './flags/flag-values.ts';
import { parseDuration } from './flags/notation/duration.ts';

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
  /** Undefined where the flags do not fix it; the agent's default is then to be strict. */
  readonly strict: Setting<boolean | undefined>;
  readonly recover: Setting<string>;
  readonly policy: Setting<string>;
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
  readonly systemdSupport: Setting<boolean>;
  /** In milliseconds, like the next two. */
  readonly recoveryTimeout: Setting<number>;
  readonly executorTimeout: Setting<number>;
  readonly gcDelay: Setting<number>;
}

const MINUTE = 60_000;

/** Reads the flags that matter here. `values` are those of the same flags, with what is in a file that one names. */
export const settingsOf = (flags: AgentFlags, values: FlagValues): Settings => {
  const isWhole = flags.isKnown && flags.isComplete;
  const of = <T>(name: string, fallback: T, parse: (text: string) => T | undefined): Setting<T> => {
    const flag = flags.flags.get(name);
    const text = values(name);
    const value = flag === undefined || text.kind !== 'set' ? undefined : parse(text.value);
    return flag === undefined || value === undefined
      ? { value: fallback, origin: undefined, isSure: flag?.unknown === undefined && isWhole }
      : { value, origin: originText(flag.origin), isSure: !isHidden(flags, flag) };
  };
  const text = (name: string, fallback: string): Setting<string> => of(name, fallback, itself);
  const list = (name: string, fallback: readonly string[]): Setting<readonly string[]> => of(name, fallback, commas);
  return {
    workDir: of<string | undefined>('work_dir', undefined, tidyPath),
    runtimeDir: of('runtime_dir', '/var/run/mesos', pathIn),
    strict: of<boolean | undefined>('strict', undefined, booleanIn),
    recover: text('recover', 'reconnect'),
    policy: text('reconfiguration_policy', 'equal'),
    launcher: of<string | undefined>('launcher', undefined, itself),
    containerizers: list('containerizers', ['mesos']),
    isolation: list('isolation', ['posix/cpu', 'posix/mem']),
    docker: text('docker', 'docker'),
    dockerSocket: text('docker_socket', '/var/run/docker.sock'),
    dockerImage: of<string | undefined>('docker_mesos_image', undefined, itself),
    dockerKillOrphans: of('docker_kill_orphans', true, booleanIn),
    dockerVolumeDir: of('docker_volume_checkpoint_dir', '/var/run/mesos/isolators/docker/volume', pathIn),
    dockerStoreDir: of('docker_store_dir', '/tmp/mesos/store/docker', pathIn),
    imageProviders: list('image_providers', []),
    logDir: of<string | undefined>('log_dir', undefined, pathIn),
    systemdSupport: of('systemd_enable_support', true, booleanIn),
    recoveryTimeout: of('recovery_timeout', 15 * MINUTE, durationIn),
    executorTimeout: of('executor_reregistration_timeout', 2000, durationIn),
    gcDelay: of('gc_delay', 7 * 24 * 60 * MINUTE, durationIn),
  };
};

/** A file that could not be read may set any flag otherwise, but for those that the operator gives. */
const isHidden = ({ looked }: AgentFlags, { origin }: AgentFlag): boolean =>
  origin.place !== SUPPOSED && looked.some(({ place, outcome }) => outcome === 'unseen' && place.startsWith('/'));

/** A place and its line, as editors take it. */
export const originText = ({ place, line }: Origin): string => (line === undefined ? place : `${place}:${line}`);

/** A flag by its name. */
export const flagOf = (flags: AgentFlags, name: string): AgentFlag | undefined => flags.flags.get(name);

const itself = (text: string): string => text;

/** Without what is double, and without `/` at its end. */
const tidyPath = (text: string): string => text.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');

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
