import { allowedDevices } from '../agent/flags/allowed-devices.ts';
import type { BuildInput } from '../agent/info/build.ts';
import type { AgentFlags } from './flags/agent-flags.ts';
import { hostPathOf } from './flags/contained.ts';
import { type Host, type HostStat, isRunningRoot, isUnseen } from './host.ts';
import { type Known, known, knownOf, mapKnown, unknown } from './known.ts';
import { findProgram, programSearch } from './programs.ts';

/** What isolators look at before they are created, besides control groups. */
export interface IsolationFacts {
  /** Where programs are that they run, by name; undefined where one is in no folder of the agent's `PATH`. */
  readonly programs: ReadonlyMap<string, Known<string | undefined>>;
  /** What devices and folders are that they look for, by path. */
  readonly paths: ReadonlyMap<string, Known<HostStat['kind'] | 'nothing'>>;
  /** Whether NVIDIA's library can be loaded, without which the agent sees no GPU. */
  readonly hasNvml: Known<boolean>;
  /** The version of NVIDIA's driver that is loaded, and that of the library; undefined where there is none. */
  readonly driver: Known<string | undefined>;
  readonly library: Known<string | undefined>;
}

/** Programs that isolators run. */
const PROGRAMS = ['dvdcli', 'perf', 'nvidia-modprobe', 'systemctl', 'tc', 'ip', 'ethtool'];

/** Devices of NVIDIA's driver. */
export const NVIDIA_DEVICES = ['/dev/nvidiactl', '/dev/nvidia-uvm'] as const;

/** Reads what isolators look at; `paths` are what flags name besides. */
export const readIsolation = (
  host: Host,
  flags: Pick<AgentFlags, 'container' | 'environment'>,
  paths: readonly string[],
): IsolationFacts => {
  const { container } = flags;
  const search = programSearch(flags);
  const kindOf = (path: string): Known<HostStat['kind'] | 'nothing'> => {
    const onHost = hostPathOf(path, container);
    if (onHost === undefined) return unknown(`${path} is in the agent's container alone, in none of its volumes`);
    // A disk that is only mounted shows no devices: the kernel makes them.
    if (onHost.startsWith('/dev/') && !isRunningRoot(host)) {
      return unknown(`${path} is made by the kernel, which does not run on a disk that is only mounted`);
    }
    return mapKnown(knownOf(onHost, host.stat(onHost)), (stat) => stat?.kind ?? 'nothing');
  };
  return {
    programs: new Map(PROGRAMS.map((name) => [name, findProgram(host, name, search)])),
    paths: new Map([...NVIDIA_DEVICES, ...paths].map((path) => [path, kindOf(path)])),
    hasNvml: container === undefined ? findNvml(host) : unknown("what is in the agent's container is not known"),
    driver: readDriver(host),
    library: readLibrary(host),
  };
};

/** Paths that flags name and isolators look at: the devices of `--allowed_devices`, and the folder of CNI. */
export const isolationPaths = ({ flags, read }: Pick<BuildInput, 'flags' | 'read'>): readonly string[] => {
  const folders = ['network_cni_config_dir', 'systemd_runtime_directory'].map(flags);
  const devices = allowedDevices(flags, read).flatMap(({ path }) => path ?? []);
  return [...devices, ...folders.flatMap((folder) => (folder.kind === 'set' ? [folder.value] : []))].filter((path) =>
    path.startsWith('/'),
  );
};

const LIBRARY = 'libnvidia-ml.so.1';
const LIBRARY_FOLDERS = [
  ...['/usr/lib64', '/usr/lib', '/lib64', '/lib', '/usr/lib/x86_64-linux-gnu', '/lib/x86_64-linux-gnu'],
  '/usr/local/nvidia/lib64',
];
const CACHE = '/etc/ld.so.cache';

/** The loader looks into its cache, and into its folders. */
const findNvml = (host: Host): Known<boolean> => {
  if (LIBRARY_FOLDERS.some((folder) => host.stat(`${folder}/${LIBRARY}`) !== undefined)) return known(true);
  const cache = host.read(CACHE);
  if (cache === undefined || isUnseen(cache)) return unknown(`whether ${LIBRARY} is installed is in ${CACHE}`);
  return known(cache.includes(`${LIBRARY}\0`));
};

const DRIVER = '/proc/driver/nvidia/version';

const readDriver = (host: Host): Known<string | undefined> => {
  const bytes = host.read(DRIVER);
  if (bytes === undefined && host.stat('/proc/1') === undefined) return unknown('no kernel runs here');
  const fact = knownOf(DRIVER, bytes);
  return mapKnown(fact, (text) => /Kernel Module[^\d]*(\d+(?:\.\d+)+)/.exec(text?.toString('utf8') ?? '')?.[1]);
};

/** The library is a link to the file of its version. */
const readLibrary = (host: Host): Known<string | undefined> => {
  for (const folder of LIBRARY_FOLDERS) {
    const target = host.link(`${folder}/${LIBRARY}`);
    const version = typeof target === 'string' ? /\.so\.(\d+(?:\.\d+)+)$/.exec(target)?.[1] : undefined;
    if (version !== undefined) return known(version);
  }
  return known(undefined);
};
