import { type Host, isUnseen } from '../../host/host.ts';

/** A number that the agent finds out about its host, or why it cannot be told here. */
export type HostFact =
  | { readonly known: true; readonly value: number; readonly from: string }
  | { readonly known: false; readonly why: string };

/** What an agent detects that its flags do not say. */
export interface HostFacts {
  readonly cpus: HostFact;
  /** Bytes. */
  readonly memory: HostFact;
  readonly gpus: HostFact;
  /** Bytes of the file system that a work_dir is on. */
  readonly disk: (workDir: string) => HostFact;
}

const text = (host: Host, path: string): string | undefined => {
  const bytes = host.read(path);
  return bytes === undefined || isUnseen(bytes) ? undefined : bytes.toString('latin1');
};

const unknown = (why: string): HostFact => ({ known: false, why });

/** Reads what an agent of the host would detect. A copy of a disk has no `/proc`, and tells less. */
export const readHostFacts = (host: Host): HostFacts => ({
  cpus: readCpus(host),
  memory: readMemory(host),
  gpus: readGpus(host),
  disk: (workDir) => readDisk(host, workDir),
});

const CPUS_ONLINE = '/sys/devices/system/cpu/online';

/** The processors that are online, as `sysconf(_SC_NPROCESSORS_ONLN)` counts them. */
const readCpus = (host: Host): HostFact => {
  const online = text(host, CPUS_ONLINE)?.trim();
  if (online !== undefined && /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(online)) {
    const value = online.split(',').reduce((sum, range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return sum + last - first + 1;
    }, 0);
    return { known: true, value, from: CPUS_ONLINE };
  }
  const value = text(host, '/proc/cpuinfo')?.match(/^processor\s*:/gm)?.length ?? 0;
  return value > 0
    ? { known: true, value, from: '/proc/cpuinfo' }
    : unknown('the number of processors is in the kernel of the host alone');
};

/** `sysinfo` and `/proc/meminfo` tell the same pages. */
const readMemory = (host: Host): HostFact => {
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec(text(host, '/proc/meminfo') ?? '')?.[1];
  return kibibytes === undefined
    ? unknown('the size of memory is in the kernel of the host alone')
    : { known: true, value: Number(kibibytes) * 1024, from: '/proc/meminfo' };
};

const GPUS = '/proc/driver/nvidia/gpus';
const LIBRARY_FOLDERS = [
  '/usr/lib64',
  '/usr/lib',
  '/lib64',
  '/lib',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/local/nvidia/lib64',
];

/** Without NVIDIA's library the agent looks for none. */
const readGpus = (host: Host): HostFact => {
  const gpus = host.list(GPUS);
  if (gpus !== undefined && !isUnseen(gpus)) return { known: true, value: gpus.length, from: GPUS };
  const hasLibrary = LIBRARY_FOLDERS.some((folder) => host.stat(`${folder}/libnvidia-ml.so.1`) !== undefined);
  return hasLibrary
    ? unknown("the number of GPUs is in NVIDIA's driver alone")
    : { known: true, value: 0, from: 'no libnvidia-ml.so.1' };
};

/** The file system of the nearest folder that is there: the agent makes its work_dir before it asks. */
const readDisk = (host: Host, workDir: string): HostFact => {
  if (!host.isOwn) return unknown('the size of the file system can be told on the host alone');
  for (let folder = workDir; folder !== ''; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const space = host.space(folder);
    if (isUnseen(space)) return unknown(`${folder} may not be looked at (${space.code})`);
    if (space !== undefined) return { known: true, value: space.size, from: `the file system of ${folder}` };
  }
  const space = host.space('/');
  return space === undefined || isUnseen(space)
    ? unknown('the file system cannot be looked at')
    : { known: true, value: space.size, from: 'the file system of /' };
};
