import { unescapeMount } from '../source/mounts.ts';
import type { Host } from './host.ts';
import { isUnseen } from './host.ts';
import { type Known, known, unknown, unseen } from './known.ts';

/** A mounted file system. */
export interface Mount {
  readonly device: string;
  readonly path: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** Types that are in memory: what is on them is gone with the boot. */
const IN_MEMORY: ReadonlySet<string> = new Set(['tmpfs', 'ramfs']);

/** Whether a file system is in memory. */
export const isInMemory = ({ type }: Mount): boolean => IN_MEMORY.has(type);

/** Whether it is mounted to be read only. */
export const isReadOnly = ({ options }: Mount): boolean => options.includes('ro');

/** Reads what is mounted, in the order of mounting: of two at one path the later one counts. */
export const readMounts = (host: Host): Known<readonly Mount[]> => {
  const path = '/proc/mounts';
  const bytes = host.read(path);
  if (isUnseen(bytes)) return unseen(path, bytes);
  if (bytes === undefined) return unknown('what is mounted is not known: there is no /proc/mounts here');
  return known(mountsIn(bytes));
};

/** What a table of mounts says, that of the host or of a process. */
export const mountsIn = (bytes: Buffer): readonly Mount[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .flatMap((line) => {
      const [device, at, type, options] = line.split(' ').map(unescapeMount);
      return device === undefined || at === undefined || type === undefined || options === undefined
        ? []
        : [{ device, path: at, type, options: options.split(',') }];
    });

/** The mount that a path is on: the longest one, and of those alike the last. */
export const mountOf = (mounts: readonly Mount[], path: string): Mount | undefined => {
  const holds = (mount: Mount): boolean =>
    mount.path === '/' || path === mount.path || path.startsWith(`${mount.path}/`);
  return mounts.filter(holds).reduce<Mount | undefined>((best, mount) => {
    return best === undefined || mount.path.length >= best.path.length ? mount : best;
  }, undefined);
};
