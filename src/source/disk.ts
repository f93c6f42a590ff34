import type { Dirent, Stats } from 'node:fs';
// By their names: what is asked of a whole module goes through a function of the bundle's, at every call.
import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { mayBeLossy, textOf } from '../text/lossless.ts';
import { foundIn, pathOf } from './below.ts';
import { isEnd } from './last-read.ts';
import type { Below, Entry, EntryKind, Errno } from './source.ts';

const WITH_TYPES = { withFileTypes: true } as const;

/** Not blocking: a FIFO or a device in the tree must not hang the reader. */
export const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

export const errnoOf = (error: unknown): Errno => ({ code: (error as NodeJS.ErrnoException).code ?? 'EIO' });

export const kindOfStats = (stats: Dirent | Stats): EntryKind =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';

/** What is in a folder on disk. */
export const listOnDisk = (path: string | Buffer): readonly Entry[] | Errno => {
  try {
    const entries: Entry[] = [];
    for (const entry of readdirSync(path, WITH_TYPES)) {
      // A name that is not UTF-8 cannot be opened by the text that Node makes of it.
      if (mayBeLossy(entry.name)) return listBytes(path);
      entries.push({ name: entry.name, kind: kindOfStats(entry) });
    }
    return entries;
  } catch (error) {
    return errnoOf(error);
  }
};

const listBytes = (path: string | Buffer): readonly Entry[] => {
  // The typings of Node 20 know no Dirent of bytes.
  const entries = readdirSync(path, { encoding: 'buffer', withFileTypes: true }) as unknown as (Omit<Dirent, 'name'> & {
    name: Buffer;
  })[];
  return entries.map((entry) => ({ name: textOf(entry.name), kind: kindOfStats(entry as unknown as Dirent) }));
};

/** The target of a link on disk. */
export const linkOnDisk = (path: string | Buffer): string | Errno => {
  try {
    const target = readlinkSync(path);
    // What was no UTF-8 has to be read as bytes.
    return mayBeLossy(target) ? textOf(readlinkSync(path, { encoding: 'buffer' })) : target;
  } catch (error) {
    return errnoOf(error);
  }
};

/** See `Source.readInto`. */
export const readOnDisk = (path: string | Buffer, target: Buffer): number => {
  try {
    const descriptor = openSync(path, READ_FLAGS);
    try {
      return readWhole(descriptor, target);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return -1;
  }
};

const readWhole = (descriptor: number, target: Buffer): number => {
  for (let length = 0; ; ) {
    const room = target.length - length;
    if (room === 0) return -1;
    const count = readSync(descriptor, target, length, room, length);
    length += count;
    if (isEnd(count, room, length)) return length;
  }
};

/** What reads by paths on disk, of well-formed names. */
export const DISK: Below = {
  list: (folder) => listOnDisk(pathOf(folder)),
  found: (folder, usual) => foundIn(listOnDisk(pathOf(folder)), usual),
  in: (folder, name) => `${folder}/${name}`,
  linkTarget: (link) => linkOnDisk(pathOf(link)),
  readInto: (file, target) => readOnDisk(pathOf(file), target),
};
