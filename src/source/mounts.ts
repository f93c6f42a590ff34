import * as fs from 'node:fs';
import { bytesOf, textOf } from '../text/lossless.ts';

/**
 * Where something is in its file system, whatever that is mounted as: by a bind mount, one folder has several paths.
 */
export interface DiskPlace {
  /** `major:minor`; '' where there is no table of mounts, and all counts as one file system. */
  readonly device: string;
  /** From the root of the file system. */
  readonly path: string;
}

/** A line of `/proc/PID/mountinfo`. */
export interface MountEntry {
  readonly id: string;
  readonly device: string;
  /** The folder of the file system that is mounted. */
  readonly root: string;
  /** Where it is mounted. */
  readonly path: string;
  readonly type: string;
  /** Options of the mount, then those of the file system. */
  readonly options: readonly string[];
}

/** What a process has mounted, in the order of mounting; nothing where that cannot be read. */
export const readMountInfo = (file = '/proc/self/mountinfo'): readonly MountEntry[] => {
  try {
    return mountEntries(fs.readFileSync(file));
  } catch {
    return [];
  }
};

const mountEntries = (bytes: Buffer): readonly MountEntry[] =>
  textOf(bytes)
    .split('\n')
    .flatMap((line): readonly MountEntry[] => {
      const words = line.split(' ').map(unescapeMount);
      const [id, , device, root, path, options = ''] = words;
      // Fields that are optional stand before a dash.
      const [type = '', , more = ''] = words.slice(words.indexOf('-', 6) + 1);
      if (id === undefined || device === undefined || root === undefined || path === undefined) return [];
      return [{ id, device, root, path, type, options: [...options.split(','), ...more.split(',')] }];
    });

/** In a table of mounts, blanks, tabs, newlines and backslashes are written as three octal digits. */
export const unescapeMount = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

const isAt = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);

/** Where a path is in its file system: an absolute one, without links. */
export const diskPlaceOf = (mounts: readonly MountEntry[], path: string): DiskPlace =>
  // Of the mounts on the way the last one hides the others.
  placeOn(mounts.filter((mount) => isAt(path, mount.path)).reduce(deeper, undefined), path);

const deeper = (best: MountEntry | undefined, mount: MountEntry): MountEntry =>
  best !== undefined && best.path.length > mount.path.length ? best : mount;

/** Where a path is on a mount; undefined is the one of which no more is known. */
export const placeOn = (mount: MountEntry | undefined, path: string): DiskPlace => {
  if (mount === undefined) return { device: '', path };
  const below = mount.path === '/' ? path : path.slice(mount.path.length);
  const root = mount.root === '/' ? '' : mount.root;
  return { device: mount.device, path: `${root}${below === '/' ? '' : below}` || '/' };
};

/** Where a folder is, and what is mounted below it: all that is in it. */
export const extentOf = (mounts: readonly MountEntry[], folder: string): readonly DiskPlace[] => [
  diskPlaceOf(mounts, folder),
  ...mounts.filter(({ path }) => isAt(path, folder)).map(({ device, root }) => ({ device, path: root })),
];

/** Whether a place lies in one of some folders, or is one. */
export const isWithin = (place: DiskPlace, folders: readonly DiskPlace[]): boolean =>
  folders.some(({ device, path }) => place.device === device && isAt(place.path, path));

/**
 * Whether a path on this machine, be it there or not yet, is a folder or lies in it, by whichever mounts and links it leads
 * there. What is in no folder that is there is in none.
 */
export const isInFolder = (path: string, folder: string, mounts = readMountInfo()): boolean => {
  const real = realPathOf(path) ?? realPathOfNew(path);
  const around = realPathOf(folder);
  return real !== undefined && around !== undefined && isWithin(diskPlaceOf(mounts, real), extentOf(mounts, around));
};

/** A path without links; undefined where it does not lead to anything that can be seen. */
export const realPathOf = (path: string): string | undefined => {
  try {
    return textOf(fs.realpathSync(bytesOf(path), { encoding: 'buffer' }));
  } catch {
    return undefined;
  }
};

const realPathOfNew = (path: string): string | undefined => {
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  const cut = trimmed.lastIndexOf('/');
  const folder = realPathOf(cut < 0 ? '.' : trimmed.slice(0, cut) || '/');
  return folder === undefined ? undefined : `${folder === '/' ? '' : folder}/${trimmed.slice(cut + 1)}`;
};
