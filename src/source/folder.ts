import { closeSync, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { isTraced, trace } from '../program/trace.ts';
import { bytesOf } from '../text/lossless.ts';
import { DISK, errnoOf, kindOfStats, linkOnDisk, listOnDisk, READ_FLAGS, readOnDisk } from './disk.ts';
import { LastHole } from './last-hole.ts';
import {
  AccessDenied,
  type Below,
  type Entry,
  type EntryKind,
  type Errno,
  isErrno,
  join,
  type OpenFile,
  type Source,
  type SpecialKind,
} from './source.ts';

/** What may not be looked at is not the same as what is not there. */
const checkAllowed = (path: string, { code }: Errno): void => {
  if (code === 'EACCES' || code === 'EPERM') throw new AccessDenied(path);
};

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

/** A work_dir on disk, or the part of one that was given. */
export class FolderSource implements Source {
  readonly name: string;
  /** The folder on disk. */
  readonly folder: string;
  /** Where in the work_dir the folder is: `meta` where that is what was given, '' for a whole work_dir. */
  readonly mount: string;
  /** What paths begin with that are told from the folder in which the process is; '' where none are. */
  #near = '';
  /** The folder on disk, as it is told from where the process is. */
  #told: string;

  constructor(folder: string, mount = '') {
    this.name = folder;
    this.folder = folder;
    this.mount = mount;
    this.#told = folder;
  }

  /** Says that the process is in a folder of the tree from now on, or in none; `absolute` is the path of the tree's own folder from there. */
  isIn(path: string | undefined, absolute = this.folder): void {
    this.#near = path === undefined ? '' : `${path}/`;
    this.#told = path === undefined ? this.folder : absolute;
  }

  list(folder: string): readonly Entry[] | Errno {
    const path = this.locate(folder);
    if (path === undefined) return this.#listAbove(folder);
    const entries = listOnDisk(path);
    if (isTraced() && !isErrno(entries)) trace('list', () => ({ path: folder, entries: entries.length }));
    return entries;
  }

  kindOf(path: string): EntryKind | undefined {
    const at = this.locate(path);
    if (at === undefined) return isPrefix(path, this.mount) ? 'folder' : undefined;
    try {
      return kindOfStats(lstatSync(at));
    } catch (error) {
      checkAllowed(path, errnoOf(error));
      return undefined;
    }
  }

  /** How many folders a folder has, as far as the file system counts them: some do not, and say none or fewer. */
  countFolders(folder: string): number {
    const at = this.locate(folder);
    try {
      // Each has an entry that leads to the folder, which has two more of its own.
      return at === undefined ? 0 : Math.max(0, (lstatSync(at, { throwIfNoEntry: false })?.nlink ?? 0) - 2);
    } catch {
      return 0;
    }
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
    const target = linkOnDisk(at);
    if (isErrno(target)) checkAllowed(path, target);
    else if (isTraced()) trace('link', () => ({ path, target }));
    return target;
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
    return at === undefined ? -1 : readOnDisk(at, target);
  }

  /** Each call is told of when there is a trace, by its path in the tree. */
  get below(): Below | undefined {
    return isTraced() ? undefined : DISK;
  }

  spotOf(folder: string): string | undefined {
    const at = this.locate(folder);
    return typeof at === 'string' ? at : undefined;
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
}

const isPrefix = (folder: string, mount: string): boolean => folder === '' || mount.startsWith(join(folder, ''));
