import { type Host, isUnseen, textAt } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';

/** What the kernel of a host can do. */
export interface KernelFacts {
  /** File systems that it can mount now; a module that is not loaded adds none. */
  readonly filesystems: Known<ReadonlySet<string>>;
  /** Its namespaces, as `/proc/self/ns` calls them. */
  readonly namespaces: Known<ReadonlySet<string>>;
  /** `5.4.0-42-generic`. */
  readonly release: Known<string>;
  /** The number of its last capability. */
  readonly lastCapability: Known<number>;
}

/** Reads what the kernel of a host can do. */
export const readKernel = (host: Host): KernelFacts => ({
  filesystems: readFilesystems(host),
  namespaces: readNamespaces(host),
  release: readRelease(host),
  lastCapability: readLastCapability(host),
});

/** `nodev	overlay`, a line each. */
const readFilesystems = (host: Host): KernelFacts['filesystems'] => {
  const path = '/proc/filesystems';
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) return unknown(`which file systems the kernel knows is not known: no ${path} is here`);
  return known(
    new Set(
      bytes
        .toString('utf8')
        .split('\n')
        .map((line) => line.split('\t').at(-1) ?? '')
        .filter((name) => name !== ''),
    ),
  );
};

/** Those of any process will do: they are all of one kernel. */
const readNamespaces = (host: Host): KernelFacts['namespaces'] => {
  for (const path of ['/proc/self/ns', '/proc/1/ns']) {
    const names = host.list(path);
    if (names !== undefined && !isUnseen(names) && names.length > 0) return known(new Set(names));
  }
  return unknown('which namespaces the kernel has is not known: no /proc/self/ns is here');
};

const readRelease = (host: Host): KernelFacts['release'] => {
  const release = textAt(host, '/proc/sys/kernel/osrelease')?.trim();
  return release === undefined ? unknown('the release of the kernel is not known') : known(release);
};

const readLastCapability = (host: Host): KernelFacts['lastCapability'] => {
  const text = textAt(host, '/proc/sys/kernel/cap_last_cap')?.trim() ?? '';
  return /^\d+$/.test(text) ? known(Number(text)) : unknown('how many capabilities the kernel has is not known');
};
