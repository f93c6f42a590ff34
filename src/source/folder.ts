import type * as fs from 'node:fs';
// By their names: what is asked of a whole module goes through a function of the bundle's, at every call.
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { isTraced, trace } from '../program/trace.ts';
import { bytesOf, mayBeLossy, textOf } from '../text/lossless.ts';
import { LastHole } from './last-hole.ts';
import { isEnd } from './last-read.ts';
import {
  AccessDenied,
  type Entry,
  type EntryKind,
  type Errno,
  join,
  type OpenFile,
  type Source,
  type SpecialKind,
} from './source.ts';
import { absoluteOf, goInto } from './working-folder.ts';

const WITH_TYPES = { withFileTypes: true } as const;

/** Not blocking: a FIFO or a device in the tree must not hang the reader. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

const errnoOf = (error: unknown): Errno => ({ code: (error as NodeJS.ErrnoException).code ?? 'EIO' });

/** What may not be looked at is not the same as what is not there. */
const checkAllowed = (path: string, error: unknown): void => {
  const { code } = errnoOf(error);
  if (code === 'EACCES' || code === 'EPERM') throw new AccessDenied(path);
};

const kindOfStats = (stats: fs.Dirent | fs.Stats): EntryKind =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';

class FolderFile implements OpenFile {
  readonly #descriptor: number;
  readonly #path: string | Buffer;
  #hole: LastHole | undefined;
  constructor(descriptor: number, path: string | Buffer) {
    this.#descriptor = descriptor;
    this.#path = path;
  }
  size(): number {
    return fstatSync(this.#descriptor).size;
  }
  read(target: Buffer, at: number, length: number, position: number): number | Errno {
    try {
      return readSync(this.#descriptor, target, at, length, position);
    } catch (error) {
      return errnoOf(error);
    }
  }
  zerosAt(position: number): number {
    this.#hole ??= new LastHole(this.#descriptor, this.#path);
    return this.#hole.zerosAt(position);
  }
  close(): void {
    closeSync(this.#descriptor);
  }
}

const readWhole = (descriptor: number, target: Buffer): number => {
  for (let length = 0; ; ) {
    const room = target.length - length;
    if (room === 0) return -1;
    const count = readSync(descriptor, target, length, room, length);
    length += count;
    if (isEnd(count, room, length)) return length;
  }
};

/** A work_dir on disk, or the part of one that was given. */
export class FolderSource implements Source {
  readonly name: string;
  /** The folder on disk. */
  readonly folder: string;
  /** Where in the work_dir the folder is: `meta` where that is what was given, '' for a whole work_dir. */
  readonly mount: string;
  /** What paths begin with that are told from the folder in which the process is; '' where none are. */
  #near = '';
  /** The folder on disk, as it is told from wherever the process is. */
  #told: string;

  constructor(folder: string, mount = '') {
    this.name = folder;
    this.folder = folder;
    this.mount = mount;
    this.#told = folder;
  }

  /** The folder on disk, as it is told from wherever the process will be. */
  get absolute(): string {
    return absoluteOf(this.folder);
  }

  /**
   * Takes the process into a folder of the tree, so that what is below it is told by short paths, and returns what takes it
   * back; undefined where it stays where it is. See `goInto`.
   */
  goInto(path: string): (() => void) | undefined {
    const at = this.locate(path);
    const absolute = this.absolute;
    const leave = typeof at === 'string' ? goInto(at) : undefined;
    if (leave === undefined) return undefined;
    this.#told = absolute;
    this.isIn(path);
    return () => {
      this.isIn(undefined);
      this.#told = this.folder;
      leave();
    };
  }

  /** Says that the process is in a folder of the tree from now on, or in none of them. */
  isIn(path: string | undefined): void {
    this.#near = path === undefined ? '' : `${path}/`;
  }

  list(folder: string): readonly Entry[] | Errno {
    const path = this.locate(folder);
    if (path === undefined) return this.#listAbove(folder);
    try {
      const entries: Entry[] = [];
      for (const entry of readdirSync(path, WITH_TYPES)) {
        // A name that is not UTF-8 cannot be opened by the text that Node makes of it.
        if (mayBeLossy(entry.name)) return this.#listBytes(path);
        entries.push({ name: entry.name, kind: kindOfStats(entry) });
      }
      if (isTraced()) trace('list', () => ({ path: folder, entries: entries.length }));
      return entries;
    } catch (error) {
      return errnoOf(error);
    }
  }

  kindOf(path: string): EntryKind | undefined {
    const at = this.locate(path);
    if (at === undefined) return isPrefix(path, this.mount) ? 'folder' : undefined;
    try {
      return kindOfStats(lstatSync(at));
    } catch (error) {
      checkAllowed(path, error);
      return undefined;
    }
  }

  /** How many folders a folder has, as far as the file system counts them: some do not, and say none or fewer. */
  countFolders(folder: string): number {
    const at = this.locate(folder);
    // Each has an entry that leads to the folder, which has two more of its own.
    return at === undefined ? 0 : Math.max(0, (lstatSync(at, { throwIfNoEntry: false })?.nlink ?? 0) - 2);
  }

  specialKind(path: string): SpecialKind | undefined {
    const at = this.locate(path);
    const stats = at === undefined ? undefined : lstatSync(at, { throwIfNoEntry: false });
    if (stats === undefined || kindOfStats(stats) !== 'other') return undefined;
    return stats.isFIFO() ? 'fifo' : stats.isSocket() ? 'socket' : 'device';
  }

  linkTarget(path: string): string | Errno {
    const at = this.locate(path);
    if (at === undefined) return { code: 'ENOENT' };
    try {
      let target = readlinkSync(at);
      // What was no UTF-8 has to be read as bytes.
      if (mayBeLossy(target)) target = textOf(readlinkSync(at, { encoding: 'buffer' }));
      if (isTraced()) trace('link', () => ({ path, target }));
      return target;
    } catch (error) {
      checkAllowed(path, error);
      return errnoOf(error);
    }
  }

  modified(path: string): number | undefined {
    const at = this.locate(path);
    try {
      // That nothing is there is no failure: an error with its stack takes longer than the call.
      return at === undefined ? undefined : lstatSync(at, { throwIfNoEntry: false })?.mtimeMs;
    } catch {
      return undefined;
    }
  }

  modifiedNs(path: string): bigint | undefined {
    const at = this.locate(path);
    try {
      return at === undefined ? undefined : lstatSync(at, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
    } catch {
      return undefined;
    }
  }

  open(path: string): OpenFile | Errno {
    const at = this.locate(path);
    if (at === undefined) return { code: 'ENOENT' };
    try {
      const file = new FolderFile(openSync(at, READ_FLAGS), at);
      if (isTraced()) trace('open', () => ({ path, bytes: file.size() }));
      return file;
    } catch (error) {
      trace('open', () => ({ path, failure: errnoOf(error).code }));
      return errnoOf(error);
    }
  }

  readInto(path: string, target: Buffer): number {
    const at = this.locate(path);
    if (at === undefined) return -1;
    try {
      const descriptor = openSync(at, READ_FLAGS);
      try {
        return readWhole(descriptor, target);
      } finally {
        closeSync(descriptor);
      }
    } catch {
      return -1;
    }
  }

  /** The path on disk, as Node takes it; undefined where it lies outside what was given. */
  locate(path: string): string | Buffer | undefined {
    const near = this.#near;
    if (near !== '' && path.slice(0, near.length) === near) {
      const at = path.slice(near.length);
      // Nothing, and what begins with a slash, would be told from elsewhere.
      if (at !== '' && at[0] !== '/') return at.isWellFormed() ? at : bytesOf(at);
    }
    const mount = this.mount;
    let below = path;
    if (mount !== '') {
      if (path === mount) below = '';
      else if (path.startsWith(`${mount}/`)) below = path.slice(mount.length + 1);
      else return undefined;
    }
    const at = below === '' ? this.#told : `${this.#told}/${below}`;
    return at.isWellFormed() ? at : bytesOf(at);
  }

  #listAbove(folder: string): readonly Entry[] | Errno {
    if (!isPrefix(folder, this.mount)) return { code: 'ENOENT' };
    const rest = folder === '' ? this.mount : this.mount.slice(folder.length + 1);
    return [{ name: rest.split('/', 1)[0] ?? '', kind: 'folder' }];
  }

  #listBytes(path: string | Buffer): readonly Entry[] {
    // The typings of Node 20 know no Dirent of bytes.
    const entries = readdirSync(path, { encoding: 'buffer', withFileTypes: true }) as unknown as (Omit<
      fs.Dirent,
      'name'
    > & { name: Buffer })[];
    return entries.map((entry) => ({ name: textOf(entry.name), kind: kindOfStats(entry as unknown as fs.Dirent) }));
  }
}

const isPrefix = (folder: string, mount: string): boolean => folder === '' || mount.startsWith(join(folder, ''));
