import * as fs from 'node:fs';
import { META } from '../layout/names.ts';
import { FolderSource } from '../source/folder.ts';
import { bytesOf, textOf } from '../text/lossless.ts';
import { codeOf, Refusal } from './refusal.ts';

/**
 * Folders that are held open, and the names in them. Node has no `openat`; on Linux `/proc/self/fd/N/name` is the same:
 * the kernel goes from the open folder itself, wherever it is by now, and not by its path. Each folder on the way is
 * opened as a folder that is no link, so that nothing is ever reached through a link.
 */

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const FOLDER = O_RDONLY | O_DIRECTORY | O_NONBLOCK;

/** A path that the kernel takes: names may be no UTF-8. */
export type KernelPath = string | Buffer;

/** A folder that is held open. */
export class Folder {
  readonly descriptor: number;
  /** For the reader of a message. */
  readonly name: string;
  readonly device: bigint;
  readonly inode: bigint;

  private constructor(descriptor: number, name: string) {
    this.descriptor = descriptor;
    this.name = name;
    const { dev, ino } = fs.fstatSync(descriptor, { bigint: true });
    this.device = dev;
    this.inode = ino;
  }

  /** Opens a folder by a path that the operator gave: links in it are followed. */
  static given(path: string): Folder {
    const folder = new Folder(fs.openSync(bytesOf(path), FOLDER), path);
    try {
      fs.lstatSync(folder.place('.'));
    } catch (error) {
      folder.close();
      if (codeOf(error) !== 'ENOENT') throw error;
      throw new Refusal('/proc is not there: without it, nothing can be changed safely (mount it, on Linux)');
    }
    return folder;
  }

  /** Opens a folder in this one, which is no link. */
  enter(name: string): Folder {
    return new Folder(fs.openSync(this.place(name), FOLDER | O_NOFOLLOW), `${this.name}/${name}`);
  }

  /** Opens it once more, so that each can be closed by itself. */
  again(): Folder {
    return new Folder(fs.openSync(`/proc/self/fd/${this.descriptor}`, FOLDER), this.name);
  }

  /** The path of a name in this folder, for a system call that does not follow links at its end. */
  place(name: string): KernelPath {
    const path = `/proc/self/fd/${this.descriptor}/${name}`;
    return path.isWellFormed() ? path : bytesOf(path);
  }

  /** What is at a name; undefined where nothing is. */
  stat(name: string): fs.BigIntStats | undefined {
    try {
      return fs.lstatSync(this.place(name), { bigint: true });
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  has(name: string): boolean {
    return this.stat(name) !== undefined;
  }

  /** The names in it, sorted; a byte that is no UTF-8 is a lone surrogate. */
  names(): readonly string[] {
    return fs
      .readdirSync(this.place('.'), { encoding: 'buffer' })
      .map((name) => textOf(name))
      .sort();
  }

  /**
   * The mount that it was reached through; undefined where the kernel does not tell. Nothing can be renamed from one mount
   * to another, be they of the same file system.
   */
  get mount(): string | undefined {
    try {
      return /^mnt_id:\s*(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${this.descriptor}`, 'utf8'))?.[1];
    } catch (error) {
      if (codeOf(error) === undefined) throw error;
      return undefined;
    }
  }

  /** What is below it, to be looked at as any tree. */
  source(): FolderSource {
    return new FolderSource(`/proc/self/fd/${this.descriptor}`);
  }

  /** Waits until the names in it are on the disk. */
  sync(): void {
    fs.fsyncSync(this.descriptor);
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

/** The tree that is changed. */
export interface Root {
  /** The folder that stands for the work_dir: what holds `meta`. */
  readonly folder: Folder;
  /** The name of `meta` in it: a copy of a `meta` alone may be called anything. */
  readonly meta: string;
}

/** Opens what holds `meta`. Links on the way to it are followed: operators have their reasons. */
export const openRoot = (path: string, meta = META): Root => ({ folder: Folder.given(path), meta });

/** Where a path of a plan is on disk: the folder that holds it, open, and its name there. */
export interface At {
  readonly folder: Folder;
  readonly name: string;
}

const onDisk = (root: Root, name: string, depth: number): string => (depth === 0 && name === META ? root.meta : name);

/**
 * Goes to the folder that holds a path, one folder after the other, and hands it over while it is open.
 * @throws Refusal where a folder on the way is a link; the error of the system call where it is not there
 */
export const withParent = <T>(root: Root, path: string, use: (at: At) => T): T => {
  const names = path.split('/');
  const last = names.pop() ?? '';
  let folder = root.folder.again();
  try {
    for (const [depth, name] of names.entries()) {
      const next = enter(folder, onDisk(root, name, depth));
      folder.close();
      folder = next;
    }
    return use({ folder, name: onDisk(root, last, names.length) });
  } finally {
    folder.close();
  }
};

const enter = (folder: Folder, name: string): Folder => {
  try {
    return folder.enter(name);
  } catch (error) {
    if (folder.stat(name)?.isSymbolicLink() !== true) throw error;
    throw new Refusal(
      `${folder.name}/${name} is a link, and links are not followed for writing: give the path it leads to`,
    );
  }
};

/** The same for a folder itself; '' is the work_dir. */
export const withFolder = <T>(root: Root, path: string, use: (folder: Folder) => T): T =>
  path === '' ? use(root.folder) : withParent(root, `${path}/.`, ({ folder }) => use(folder));

/** The path of the folder that holds a path. */
export const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
