import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

import { Failure } from '../program/failure.ts';
import { errnoText } from '../source/errno.ts';

/** A file that could not be written, of which nothing is left; or one that is whole and may not last, as its message says. */
export class UnwritableFile extends Failure {
  override readonly name = 'UnwritableFile';
  readonly path: string;
  constructor(given: string, problem: string) {
    super('unwritable-file', `${given}: ${problem}`);
    this.path = given;
  }
}

/** The writing was stopped, as was asked: nothing is left of it. */
export class WritingStopped extends Failure {
  override readonly name = 'WritingStopped';
  constructor(given: string) {
    super('stopped', `${given}: stopped; nothing of it is left`);
  }
}

/** What is in the place of a file that is to be written. */
export interface WriteOptions {
  /**
   * Take the place of a file that is there.
   * @default false
   */
  readonly force?: boolean | undefined;
  /**
   * Who may read it.
   * @default its owner alone
   */
  readonly mode?: number | undefined;
  /**
   * Is told why the folder could not be synced: the file is whole, and a power loss may take its name.
   * @default that is thrown
   */
  readonly onUnsynced?: ((why: string) => void) | undefined;
  /** Whether to stop: asked behind each piece, when signals have been heard. */
  readonly shouldStop?: (() => boolean) | undefined;
}

/** Only its owner may read it: a checkpoint holds the environment of tasks. */
const MODE = 0o600;

/**
 * Writes a file so that under its name there is all of it, or what was there before: to a temporary file beside it, which
 * is synced and gets the name. Returns how many bytes it has.
 * @throws UnwritableFile where that cannot be done, WritingStopped where it was stopped
 */
export const writeWhole = async (
  given: string,
  pieces: Iterable<Buffer> | AsyncIterable<Buffer>,
  { force = false, mode = MODE, onUnsynced, shouldStop }: WriteOptions = {},
): Promise<number> => {
  const target = path.resolve(given);
  checkTarget(given, target, force);
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target).slice(0, 200)}.${randomBytes(6).toString('hex')}.tmp`);
  let isThere = false;
  try {
    const flags = fs.constants.O_WRONLY | fs.constants.O_CREAT | fs.constants.O_EXCL | fs.constants.O_NOFOLLOW;
    const descriptor = fs.openSync(temporary, flags, mode);
    isThere = true;
    let size = 0;
    try {
      for await (const piece of pieces) {
        size += writeAll(descriptor, piece);
        await pause();
        if (shouldStop?.() === true) throw new WritingStopped(given);
      }
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    give(temporary, target, force);
    isThere = false;
    const unsynced = syncFolder(folder);
    if (unsynced === undefined) return size;
    const problem = `it is whole, and its folder cannot be synced (${unsynced}): after a power loss it may be gone`;
    if (onUnsynced === undefined) throw new UnwritableFile(given, problem);
    onUnsynced(problem);
    return size;
  } catch (error) {
    if (isThere) fs.rmSync(temporary, { force: true });
    throw failureOf(given, error);
  }
};

/** Lets signals be heard: the second turn comes behind a look at what has arrived, the first may not. */
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

/**
 * Found out before anything is read: a long read that cannot be kept is a waste.
 * @throws UnwritableFile where something is in the way
 */
export const checkTarget = (given: string, target: string, force: boolean): void => {
  let stats: fs.Stats | undefined;
  try {
    stats = fs.lstatSync(target, { throwIfNoEntry: false });
  } catch (error) {
    throw failureOf(given, error);
  }
  if (stats === undefined) {
    checkFolder(given, path.dirname(target));
    return;
  }
  if (stats.isDirectory()) throw new UnwritableFile(given, 'a folder; expected the name of a file');
  // The place of a link is taken, and not that of what it leads to. But the system needs its devices.
  if (!stats.isFile() && !stats.isSymbolicLink()) {
    throw new UnwritableFile(given, 'a device, a pipe or a socket; give the name of a file, or - for standard output');
  }
  if (!force) throw new UnwritableFile(given, EXISTS);
  checkFolder(given, path.dirname(target));
};

const checkFolder = (given: string, folder: string): void => {
  try {
    fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    throw failureOf(given, error);
  }
};

const EXISTS = 'the file exists; give another name, or --force to replace it';

const writeAll = (descriptor: number, piece: Buffer): number => {
  for (let at = 0; at < piece.length; ) at += fs.writeSync(descriptor, piece, at);
  return piece.length;
};

/** Gives the temporary file its name. Without `force` that is a link, which fails where the name was taken meanwhile. */
const give = (temporary: string, target: string, force: boolean): void => {
  if (force) {
    fs.renameSync(temporary, target);
    return;
  }
  try {
    fs.linkSync(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
    // A file system without hard links.
    if (fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined) throw new UnwritableFile(target, EXISTS);
    fs.renameSync(temporary, target);
    return;
  }
  try {
    fs.unlinkSync(temporary);
  } catch {
    // Under its own name the file is whole by now: that there is another name is no failure of it.
  }
};

/** Waits until the names in a folder are on the disk; why they may not be. */
const syncFolder = (folder: string): string | undefined => {
  try {
    const descriptor = fs.openSync(folder, fs.constants.O_RDONLY);
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    return undefined;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    // Some file systems cannot sync a folder.
    return code === 'EINVAL' ? undefined : errnoText(code);
  }
};

const PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'no permission to write there'],
  ['EPERM', 'no permission to write there'],
  ['EROFS', 'the file system is read-only'],
  ['ENOENT', 'no such folder to write it to'],
  ['ENOTDIR', 'no such folder to write it to'],
  ['ENOSPC', 'no space left there'],
  ['EDQUOT', 'the quota there is used up'],
  ['EEXIST', EXISTS],
  ['ENAMETOOLONG', 'its name is too long'],
]);

const failureOf = (given: string, error: unknown): Error => {
  if (error instanceof UnwritableFile) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error as Error;
  return new UnwritableFile(given, PROBLEMS.get(code) ?? `cannot be written: ${errnoText(code)}`);
};
