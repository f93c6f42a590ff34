import type { Detected, DetectedHost, HostsLine } from '../agent/info/detected.ts';
import { type Host, isUnseen, textAt } from './host.ts';
import { hostName } from './name.ts';

const unknown = (why: string): Detected => ({ known: false, why });

/**
 * Reads what an agent of the host would find out. A copy of a disk has no `/proc`, and tells less.
 * @param workDir undefined where the flags do not tell it
 */
export const readDetected = (host: Host, workDir: string | undefined): DetectedHost => ({
  cpus: readCpus(host),
  memory: readMemory(host),
  gpus: readGpus(host),
  disk: workDir === undefined ? unknown('--work_dir is not known') : readDisk(host, workDir),
  ownName: hostName(host),
  hosts: readHosts(host),
});

const CPUS_ONLINE = '/sys/devices/system/cpu/online';

/** The processors that are online, as `sysconf(_SC_NPROCESSORS_ONLN)` counts them. */
const readCpus = (host: Host): Detected => {
  const online = textAt(host, CPUS_ONLINE)?.trim();
  if (online !== undefined && /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(online)) {
    const value = online.split(',').reduce((sum, range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return sum + last - first + 1;
    }, 0);
    return { known: true, value, from: CPUS_ONLINE };
  }
  const value = textAt(host, '/proc/cpuinfo')?.match(/^processor\s*:/gm)?.length ?? 0;
  return value > 0
    ? { known: true, value, from: '/proc/cpuinfo' }
    : unknown('the number of processors is in the kernel of the host alone');
};

/** `sysinfo` and `/proc/meminfo` tell the same pages. */
const readMemory = (host: Host): Detected => {
  const kibibytes = /^MemTotal:\s+(\d+) kB$/m.exec(textAt(host, '/proc/meminfo') ?? '')?.[1];
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
const readGpus = (host: Host): Detected => {
  const gpus = host.list(GPUS);
  if (gpus !== undefined && !isUnseen(gpus)) return { known: true, value: gpus.length, from: GPUS };
  const hasLibrary = LIBRARY_FOLDERS.some((folder) => host.stat(`${folder}/libnvidia-ml.so.1`) !== undefined);
  return hasLibrary
    ? unknown("the number of GPUs is in NVIDIA's driver alone")
    : { known: true, value: 0, from: 'no libnvidia-ml.so.1' };
};

/** The file system of the nearest folder that is there: the agent makes its work_dir before it asks. */
const readDisk = (host: Host, workDir: string): Detected => {
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

const readHosts = (host: Host): readonly HostsLine[] => {
  const order = textAt(host, '/etc/nsswitch.conf')?.match(/^hosts:\s*(\S+)/m)?.[1] ?? 'files';
  if (order !== 'files') return [];
  return (textAt(host, '/etc/hosts') ?? '').split('\n').flatMap((text, i): HostsLine[] => {
    const [address = '', ...names] = text.replace(/#.*/, '').trim().split(/\s+/);
    return address === '' || names.length === 0 ? [] : [{ line: i + 1, address, names }];
  });
};
