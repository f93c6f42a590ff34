import type * as fs from 'node:fs';
// By their names: what is asked of a whole module goes through a function of the bundle's, at every call.
import { lstatSync } from 'node:fs';
import { isOfJournals } from '../layout/names.ts';
import { errnoText } from '../source/errno.ts';
import { FolderSource } from '../source/folder.ts';
import { AccessDenied, type Entry, isErrno } from '../source/source.ts';
import type { Captured } from './captured.ts';

/** A folder of an agent on disk, whose path in the work_dir is `path`, as it is now: an agent may be changing it. */
export class DiskTree {
  readonly source: FolderSource;
  readonly path: string;

  constructor(folder: string, path: string) {
    this.source = new FolderSource(folder, path);
    this.path = path;
  }

  /** A path as Node takes it. */
  at(path: string): string | Buffer {
    return this.source.locate(path) as string | Buffer;
  }

  /**
   * What is at a path; undefined where nothing is.
   * @throws AccessDenied where it may not be looked at
   */
  stat(path: string): fs.BigIntStats | undefined {
    try {
      return lstatSync(this.at(path), { bigint: true });
    } catch (error) {
      checkAllowed(path, codeOf(error));
      return undefined;
    }
  }

  /**
   * What is in a folder; journals that lie in `meta` itself are no part of the checkpoint.
   * @throws AccessDenied where that cannot be told
   */
  list(path: string): readonly Entry[] {
    const all = this.source.list(path);
    if (!isErrno(all)) return path === this.path ? all.filter(({ name }) => !isOfJournals(name)) : all;
    checkAllowed(path, all.code);
    if (all.code === 'ENOENT' || all.code === 'ENOTDIR') return [];
    throw new AccessDenied(path, errnoText(all.code), 'cannot list');
  }
}

/** The errno's name of what Node threw. */
export const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'EIO';

/**
 * What may not be looked at would be missing in the snapshot.
 * @throws AccessDenied of it
 */
export const checkAllowed = (path: string, code: string): void => {
  if (code === 'EACCES' || code === 'EPERM') throw new AccessDenied(path);
};

/** What something is by its mode. */
export const kindOf = (stats: fs.BigIntStats): Captured['kind'] => {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
};
