import type * as fs from 'node:fs';
// By their names: what is asked of a whole module goes through a function of the bundle's, at every call.
import {
  closeSync,
  constants,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statfsSync,
} from 'node:fs';
import * as path from 'node:path';
import { trace } from '../program/trace.ts';
import { isEnd } from '../source/last-read.ts';
import { bytesOf, mayBeLossy, sortTexts, textOf } from '../text/lossless.ts';
import { type Host, type HostStat, isUnseen, type Space, type Unseen } from './host.ts';

/** Not blocking, and through no link: what is read is what was looked at, and a FIFO hangs nobody. */
const READ_FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Linux's own limit on links that one path may lead through. */
const MAX_LINKS = 40;

/** What is read of a file at most: no file that configures a host is larger. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Files of `/proc` say that they are empty: they are read piece by piece, like all others. */
const PIECE_BYTES = 64 * 1024;

const PROC = '/proc';

/** What the kernel shows of a process: no device, and too many files to look at each before it is opened. */
const OF_PROCESS = /^(\/proc\/[0-9]+)\/([a-z]+)$/;

/** What is in a folder, by its name: undefined of what is no file and no link. */
type Kinds = ReadonlyMap<string, 'file' | 'link' | undefined>;

/** What a path leads to, links followed. */
interface Found {
  /** The path within the root, without links, `.` and `..`; '' is the root itself. */
  readonly path: string;
  readonly stats: fs.Stats;
}

/**
 * The host whose `/` is a folder of this machine. Links are followed by hand, so that an absolute one, or `..`, stays in
 * that folder, as it would for a process that has it as its root.
 * @throws where the folder is not there or may not be looked at, the error of the system call
 */
export class FolderHost implements Host {
  readonly root: string;
  readonly isOwn: boolean;
  /** What paths began with, and was no link or was not there: most begin alike. */
  readonly #begun = new Map<string, fs.Stats | undefined>();
  /** The folders of processes in a copy, by their paths; and what they have in them. */
  readonly #folders = new Set<string>();
  readonly #ofProcesses = new Map<string, Kinds>();
  #ofKernel: boolean | undefined;
  /** What the last one has: nearly all of them have the same, which is kept once. */
  #last: Kinds = new Map();

  constructor(root: string) {
    this.root = realpathSync.native(path.resolve(root));
    if (!lstatSync(this.root).isDirectory()) {
      throw Object.assign(new Error(`ENOTDIR: not a directory, '${root}'`), { code: 'ENOTDIR' });
    }
    this.isOwn = this.root === '/';
  }

  readonly read = (given: string): Buffer | Unseen | undefined => {
    if (this.#isOfProcess(given, 'file')) {
      const content = attempt(() => readWhole(this.#at(given), 0, !this.#isOfKernel()));
      if (!isUnseen(content) || content.code !== 'ELOOP') return told(given, content);
    }
    const found = this.#look(given);
    if (found === undefined || isUnseen(found)) return found;
    if (found.stats.isDirectory()) return { code: 'EISDIR' };
    // A device that is opened may act on it.
    if (!found.stats.isFile()) return { code: 'EINVAL' };
    return told(
      given,
      attempt(() => readWhole(this.#at(found.path), found.stats.size)),
    );
  };

  readonly list = (given: string): readonly string[] | Unseen | undefined => {
    const found = this.#look(given);
    if (found === undefined || isUnseen(found)) return found;
    const at = this.#at(found.path);
    return attempt(() => {
      const names = !this.isOwn && found.path === PROC ? this.#listProc() : readdirSync(at);
      // What was no UTF-8 has to be read as bytes.
      return sortTexts(
        names.some(mayBeLossy) ? readdirSync(at, { encoding: 'buffer' }).map((name) => textOf(name)) : names,
      );
    });
  };

  readonly stat = (given: string): HostStat | Unseen | undefined => {
    const found = this.#look(given);
    if (found === undefined || isUnseen(found)) return found;
    const { stats } = found;
    return {
      kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other',
      size: stats.size,
      modified: stats.mtimeMs,
      mode: stats.mode,
      uid: stats.uid,
      gid: stats.gid,
    };
  };

  readonly link = (given: string): string | Unseen | undefined => {
    if (this.#isOfProcess(given, 'link')) {
      const target = attempt(() => textOf(readlinkSync(this.#at(given), { encoding: 'buffer' })));
      if (!isUnseen(target) || target.code !== 'EINVAL') return target;
    }
    const found = this.#follow(given, 'itself');
    if (found === undefined || isUnseen(found) || !found.stats.isSymbolicLink()) {
      return isUnseen(found) ? found : undefined;
    }
    return attempt(() => textOf(readlinkSync(this.#at(found.path), { encoding: 'buffer' })));
  };

  readonly real = (given: string): string | undefined => {
    const found = this.#follow(given);
    return found === undefined || isUnseen(found) ? undefined : found.path || '/';
  };

  readonly local = (given: string): string | undefined => {
    const found = this.#follow(given);
    return found === undefined || isUnseen(found) ? undefined : `${this.#prefix()}${found.path}` || '/';
  };

  readonly space = (given: string): Space | Unseen | undefined => {
    // A copy is on another disk than the host.
    if (!this.#isMounted()) return undefined;
    const found = this.#follow(given);
    if (found === undefined || isUnseen(found)) return found;
    return attempt(() => {
      const { blocks, bavail, bsize, files, ffree } = statfsSync(this.#at(found.path));
      return { size: blocks * bsize, free: bavail * bsize, inodes: files, freeInodes: ffree };
    });
  };

  /**
   * Whether a path is that of a process's file, or link, that needs not be looked at by itself: the kernel has nothing else
   * there, and of a copy the folder was listed.
   */
  #isOfProcess(given: string, kind: 'file' | 'link'): boolean {
    const [, folder, name] = OF_PROCESS.exec(given) ?? [];
    if (folder === undefined || name === undefined) return false;
    return this.isOwn || this.#kindsIn(folder).get(name) === kind;
  }

  /** The names in `/proc` of a copy. Of each process it is known then that its folder is one, and no link to another. */
  #listProc(): string[] {
    return readdirSync(this.#at(PROC), { withFileTypes: true }).map((entry) => {
      if (entry.isDirectory()) this.#folders.add(`${PROC}/${entry.name}`);
      return entry.name;
    });
  }

  #kindsIn(folder: string): Kinds {
    const known = this.#ofProcesses.get(folder);
    if (known !== undefined) return known;
    const entries = this.#entriesIn(folder);
    const kinds = hasOnly(entries, this.#last) ? this.#last : kindsOf(entries);
    this.#last = kinds;
    this.#ofProcesses.set(folder, kinds);
    return kinds;
  }

  /** Whether `/proc` is the kernel's own, or may be: then fewer bytes than were asked for are not the end of a file. */
  #isOfKernel(): boolean {
    this.#ofKernel ??= this.isOwn || !isStored(attempt(() => statfsSync(this.#at(PROC)).type));
    return this.#ofKernel;
  }

  /** What is in a folder that no link leads to; nothing of another, or of one that may not be listed. */
  #entriesIn(folder: string): readonly fs.Dirent[] {
    if (!this.#folders.has(folder)) {
      const found = this.#follow(folder);
      if (found === undefined || isUnseen(found) || found.path !== folder) return [];
    }
    const entries = attempt(() => readdirSync(this.#at(folder), { withFileTypes: true }));
    return entries === undefined || isUnseen(entries) ? [] : entries;
  }

  /** What a path leads to; its path may have links above, where the kernel follows them as those of this root. */
  #look(given: string): Found | Unseen | undefined {
    if (!this.isOwn) return this.#follow(given);
    const stats = attempt(() => lookAt(this.#at(given)));
    if (stats === undefined || isUnseen(stats)) return stats;
    return stats.isSymbolicLink() ? this.#lead(given) : { path: given, stats };
  }

  /** What a link of this host leads to: its root is the kernel's, which follows it in fewer calls. */
  #lead(given: string): Found | Unseen | undefined {
    const found = attempt(() => textOf(realpathSync.native(this.#at(given), { encoding: 'buffer' })));
    if (found === undefined || isUnseen(found)) return found;
    const stats = attempt(() => lookAt(this.#at(found)));
    return stats === undefined || isUnseen(stats) ? stats : { path: found, stats };
  }

  /** Follows a path from the root, name by name; with `itself`, not through a link that is its last name. */
  #follow(given: string, last: 'itself' | 'through' = 'through'): Found | Unseen | undefined {
    let rest = given.split('/').filter((name) => name !== '' && name !== '.');
    let at = '';
    let stats = this.#begin('');
    let links = 0;
    let isOfFolder = false;
    while (rest.length > 0) {
      if (stats === undefined || isUnseen(stats)) return stats;
      if (!stats.isDirectory()) return undefined;
      const [name = '', ...behind] = rest;
      rest = behind;
      const next = name === '..' ? at.slice(0, Math.max(0, at.lastIndexOf('/'))) : `${at}/${name}`;
      const isLast = rest.length === 0;
      stats = isLast ? attempt(() => lookAt(this.#at(next))) : this.#begin(next);
      if (stats === undefined || isUnseen(stats)) return stats;
      if (!stats.isSymbolicLink() || (last === 'itself' && rest.length === 0)) {
        at = next;
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return { code: 'ELOOP' };
      const target = attempt(() => textOf(readlinkSync(this.#at(next), { encoding: 'buffer' })));
      if (target === undefined || isUnseen(target)) return target;
      // With a slash at its end it leads to a folder, or nowhere.
      if (isLast) isOfFolder ||= /\/\.?$/.test(target);
      rest = [...target.split('/').filter((part) => part !== '' && part !== '.'), ...rest];
      if (target.startsWith('/')) at = '';
      stats = this.#begin(at);
    }
    if (stats === undefined || isUnseen(stats)) return stats;
    return isOfFolder && !stats.isDirectory() ? undefined : { path: at, stats };
  }

  /** What is at a path that others begin with. */
  #begin(inside: string): fs.Stats | Unseen | undefined {
    if (this.#begun.has(inside)) return this.#begun.get(inside);
    const stats = attempt(() => lookAt(this.#at(inside)));
    if (!isUnseen(stats) && stats?.isSymbolicLink() !== true) this.#begun.set(inside, stats);
    return stats;
  }

  /** Whether the root is a disk of its own: this host's, or one that is mounted here. */
  #isMounted(): boolean {
    if (this.isOwn) return true;
    const [own, above] = [this.root, path.dirname(this.root)].map((folder) => attempt(() => lstatSync(folder)));
    return isSeen(own) && isSeen(above) && own.dev !== above.dev;
  }

  #prefix(): string {
    return this.root === '/' ? '' : this.root;
  }

  /** The path for a system call. */
  #at(inside: string): string | Buffer {
    const at = `${this.#prefix()}${inside}` || '/';
    return at.isWellFormed() ? at : bytesOf(at);
  }
}

const kindOf = (entry: fs.Dirent): 'file' | 'link' | undefined =>
  entry.isFile() ? 'file' : entry.isSymbolicLink() ? 'link' : undefined;

const kindsOf = (entries: readonly fs.Dirent[]): Kinds => {
  const kinds = new Map<string, 'file' | 'link' | undefined>();
  for (const entry of entries) kinds.set(entry.name, kindOf(entry));
  return kinds;
};

/** Whether a folder has the names of another, of the same kinds, and no others. */
const hasOnly = (entries: readonly fs.Dirent[], kinds: Kinds): boolean =>
  entries.length === kinds.size &&
  entries.every((entry) => kinds.has(entry.name) && kinds.get(entry.name) === kindOf(entry));

/** What was read, which a trace tells. */
const told = (given: string, content: Buffer | Unseen | undefined): Buffer | Unseen | undefined => {
  trace('host read', () => ({ path: given, ...(Buffer.isBuffer(content) ? { bytes: content.length } : content) }));
  return content;
};

const isSeen = (stats: fs.Stats | Unseen | undefined): stats is fs.Stats => stats !== undefined && !isUnseen(stats);

/** What is at a path; undefined where nothing is, which is no failure that is worth a stack. */
const lookAt = (at: string | Buffer): fs.Stats | undefined => lstatSync(at, { throwIfNoEntry: false });

/** What a system call gives; its failure as a value, `undefined` where nothing is there. */
const attempt = <T>(call: () => T): T | Unseen | undefined => {
  try {
    return call();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { code };
  }
};

const NOTHING = Buffer.alloc(0);

/** Read into, and copied from. */
const scratch = Buffer.allocUnsafeSlow(PIECE_BYTES);

/** What `statfs` says of the kernel's `/proc` (`PROC_SUPER_MAGIC`). */
const PROC_TYPE = 0x9fa0;
const isStored = (type: number | Unseen | undefined): boolean => typeof type === 'number' && type !== PROC_TYPE;

/** Reads a file until its end, or what its size says; files of `/proc` say 0. A copy of one ends where a read does. */
const readWhole = (at: string | Buffer, size: number, isStoredFile = false): Buffer => {
  const descriptor = openSync(at, READ_FLAGS);
  try {
    const pieces: Buffer[] = [];
    for (let total = 0; total < MAX_BYTES; ) {
      const room = Math.min(PIECE_BYTES, MAX_BYTES - total);
      const count = readSync(descriptor, scratch, 0, room, null);
      if (count === 0) break;
      const piece = Buffer.allocUnsafe(count);
      scratch.copy(piece, 0, 0, count);
      pieces.push(piece);
      total += count;
      if (total === size || (isStoredFile && isEnd(count, room, total))) break;
    }
    const [only = NOTHING] = pieces;
    return pieces.length > 1 ? Buffer.concat(pieces) : only;
  } finally {
    closeSync(descriptor);
  }
};
