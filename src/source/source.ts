/**
 * A read-only tree of files: a folder on disk, or one in memory. Paths are relative to the agent's work_dir, with `/`
 * between their parts and none at either end; '' is the work_dir itself. Nothing here writes, and no link is followed:
 * what a link means depends on the work_dir's path on the agent's host, which `links.ts` knows.
 */

import { Failure } from '../program/failure.ts';

/** What a name in a folder is. */
export type EntryKind = 'file' | 'folder' | 'link' | 'other';

/** What an entry of kind `other` is. */
export type SpecialKind = 'fifo' | 'socket' | 'device';

/** A name in a folder. */
export interface Entry {
  readonly name: string;
  readonly kind: EntryKind;
}

/** A system call's failure, as a value: `code` is the name of the errno, `ENOENT`. */
export interface Errno {
  readonly code: string;
}

/**
 * This program may not look at what the agent, which is root, may: a failure of ours, because nothing can be predicted of
 * what was not seen. So is what cannot be listed, or lies where no link is followed.
 */
export class AccessDenied extends Failure {
  override readonly name: string = 'AccessDenied';
  readonly path: string;
  /** Whether root would see it; where a reason is given, nobody may. */
  readonly isForRoot: boolean;
  constructor(path: string, why?: string, problem = 'no permission to read') {
    super('access-denied', `${problem} ${path}: ${why ?? 'run as the user that the agent runs as (root)'}`);
    this.path = path;
    this.isForRoot = why === undefined;
  }
}

const WHY_TOO_LARGE = {
  text: 'with a text that is longer than any can be here',
  values: 'with more values than are brought into memory',
};

/** A record is larger than what may be brought into memory: nothing is predicted of what was not read. */
export class RecordTooLarge extends Failure {
  override readonly name = 'RecordTooLarge';
  readonly path: string;
  /** `most` is what a record may have; or it has a text that is longer than any can be here, or too many values. */
  constructor(path: string, bytes: number, most: number | 'text' | 'values') {
    const why = typeof most === 'number' ? `and --max-record is ${most}` : WHY_TOO_LARGE[most];
    super('too-large', `cannot read ${path}: it has a record of ${bytes} bytes, ${why}`);
    this.path = path;
  }
}

/**
 * What failed while a record was parsed: where a text in it was longer than any text can be here, or it had more values than are
 * brought into memory, that the record is too large, whatever `--max-record` is.
 */
export const parsingFailure = (error: unknown, path: string, bytes: number): unknown => {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ERR_STRING_TOO_LONG') return new RecordTooLarge(path, bytes, 'text');
  return code === 'ERR_TOO_MANY_VALUES' ? new RecordTooLarge(path, bytes, 'values') : error;
};

/** Whether an answer of a source is a failure. */
export const isErrno = (answer: unknown): answer is Errno =>
  typeof answer === 'object' && answer !== null && 'code' in answer;

/** What is said of a path besides what it is. */
export interface Attributes {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
}

/** An open file. */
export interface OpenFile {
  /** Bytes that the file has now. */
  size(): number;
  /** Reads up to `length` bytes at `position` into `target` from `at` on; how many there were, 0 at the end. */
  read(target: Buffer, at: number, length: number, position: number): number | Errno;
  /** How many bytes from a position on are known to be zeros, without being read; left out where none are. */
  zerosAt?(position: number): number;
  close(): void;
}

/** Where something is, as a `Below` finds it again: a path or a number, which only it makes. */
export type Spot = string | number;

/**
 * Reads what lies below a folder of a source, going down step by step, which takes less than to ask for each path anew. Names are well-formed.
 * It throws nothing: what may not be looked at is an errno.
 */
export interface Below {
  /** The names in a folder, sorted by their bytes. */
  list(folder: Spot): readonly Entry[] | Errno;
  /**
   * Which of some entries a folder has, a bit each in their order: no bit where anything else is there, or it could not be listed. They
   * are few, and their names differ.
   */
  found(folder: Spot, usual: readonly Entry[]): number;
  /** Where a name in a folder is, or would be. */
  in(folder: Spot, name: string): Spot;
  /** The target of a link, as it is written. */
  linkTarget(link: Spot): string | Errno;
  /** See `Source.readInto`. */
  readInto(file: Spot, target: Buffer): number;
}

/** A tree to read. */
export interface Source {
  /** Where it is, for the reader of a message. */
  readonly name: string;
  /** The names in a folder, sorted by their bytes. */
  list(folder: string): readonly Entry[] | Errno;
  /** What a path itself is (a link is a link); undefined where nothing is there. */
  kindOf(path: string): EntryKind | undefined;
  /** What a path of kind `other` is; without it, or where that is not known, undefined. It is never opened for that. */
  specialKind?(path: string): SpecialKind | undefined;
  /** The target of a link, as it is written. */
  linkTarget(path: string): string | Errno;
  /** When a path itself was last modified, in ms since 1970; undefined where that is not known. */
  modified(path: string): number | undefined;
  /** The same in ns, with all the digits that the file system has; without it, they are not known. */
  modifiedNs?(path: string): bigint | undefined;
  /** Mode, owner and time of a path itself, where the source knows them; without it, they are not known. */
  attributes?(path: string): Attributes | undefined;
  /**
   * Reads all of a file that is no link into `target`, from its beginning on, in as few calls as that takes; how many bytes it has. -1
   * where it cannot be read, or is not smaller than `target`: `open` tells which. Without it, files are opened.
   */
  readInto?(path: string, target: Buffer): number;
  /** What reads below folders that `spotOf` knows. Without it, that takes no less than to ask the source. */
  readonly below?: Below | undefined;
  /** Where a folder is for `below`; undefined of what it does not read below. */
  spotOf?(folder: string): Spot | undefined;
  /** Opens a file that is no link. Of what is no regular file, this or the first read fails; neither waits. */
  open(path: string): OpenFile | Errno;
}

/** Joins a folder's path and a name in it. */
export const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

/** The part of a path behind its last `/`. */
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
