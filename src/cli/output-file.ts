import * as fs from 'node:fs';
import * as path from 'node:path';
import { isatty } from 'node:tty';
import type { Opened } from '../checkpoint/open.ts';
import { META, SLAVES } from '../layout/names.ts';
import { checkTarget, UnwritableFile, type WriteOptions, WritingStopped, writeWhole } from '../snapshot/write.ts';
import { isInFolder } from '../source/mounts.ts';
import { Interrupted, UsageError } from './failure.ts';
import type { Io } from './io.ts';
import { STANDARD_INPUT, STANDARD_OUTPUT } from './standard.ts';
import { watching } from './watching.ts';

/** What can be known before anything is read. */
export const checkOutput = (output: string, force: boolean): void => {
  if (output !== STANDARD_OUTPUT) checkTarget(output, path.resolve(output), force);
  else if (isatty(1)) throw new UsageError('--output -: standard output is a terminal; send it to a file or a pipe');
};

/**
 * A file in `meta`, or beside the sandboxes, would be one of the agent's, or be taken for one; and what an archive is read from is
 * not to be replaced by what is made of it.
 * @throws UnwritableFile where the output would be there, by whichever links and mounts
 */
export const checkOutside = ({ tree, level, from }: Opened, output: string): void => {
  if (from !== 'folder') {
    if (!isSameFile(tree.source.name, output)) return;
    throw new UnwritableFile(output, 'the archive that is read, which is never replaced; give another name');
  }
  const meta = level === 'work_dir' ? path.join(tree.source.name, META) : path.resolve(tree.source.name);
  const folder = path.dirname(path.resolve(output));
  const isIn = [META, SLAVES].find((name) => isInFolder(folder, name === META ? meta : path.join(meta, '..', SLAVES)));
  if (isIn === undefined) return;
  throw agentsOwn(output, isIn);
};

const agentsOwn = (output: string, folder: string): UnwritableFile =>
  new UnwritableFile(output, `in ${folder}, which is the agent's: choose a place outside of it`);

/**
 * The same of a file that is written whatever is read: no `meta` that has agents in it is above.
 * @throws UnwritableFile where one is
 */
export const checkOutsideMeta = (output: string): void => {
  let at = realFolder(path.dirname(path.resolve(output)));
  for (let above = path.dirname(at); above !== at; at = above, above = path.dirname(at)) {
    if (path.basename(at) === META && fs.statSync(path.join(at, SLAVES), { throwIfNoEntry: false })?.isDirectory()) {
      throw agentsOwn(output, META);
    }
  }
};

/** Where a folder really is; one that is not there is complained of by who writes. */
const realFolder = (folder: string): string => {
  try {
    return fs.realpathSync(folder);
  } catch {
    return folder;
  }
};

/** Whether an archive, a file or (`-`) standard input, is a file that is there. */
const isSameFile = (archive: string, file: string): boolean => {
  try {
    const one = archive === STANDARD_INPUT ? fs.fstatSync(0, { bigint: true }) : fs.statSync(archive, { bigint: true });
    const other = fs.statSync(file, { bigint: true });
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
};

/** So much is held in memory before a file is begun. In bytes. */
const AHEAD = 16 * 1024 * 1024;

/**
 * Has the beginning of what is to be written made before there is a file: until then a signal ends the program at once, as it
 * leaves nothing behind, and is not heard only between two pieces.
 */
export const madeAhead = async (pieces: AsyncIterable<Buffer>, most = AHEAD): Promise<AsyncIterable<Buffer>> => {
  const iterator = pieces[Symbol.asyncIterator]();
  const made: Buffer[] = [];
  let isWhole = false;
  for (let size = 0; size < most && !isWhole; ) {
    const { done, value } = await iterator.next();
    if (done === true) isWhole = true;
    else {
      made.push(value);
      size += value.length;
    }
  }
  return (async function* () {
    yield* made;
    if (!isWhole) yield* { [Symbol.asyncIterator]: () => iterator };
  })();
};

/**
 * Writes bytes to a file, whole or not at all, or to standard output; returns how many. A signal ends the first between two
 * pieces, and then nothing is left of it.
 */
export const writeOutput = (
  output: string,
  pieces: AsyncIterable<Buffer>,
  options: WriteOptions,
  io: Io,
): Promise<number> => {
  if (output === STANDARD_OUTPUT) return pass(pieces, io);
  // Once there is a file, the exit code is about it, and not about who reads of it.
  io.goOnUnread?.();
  return writeFile(output, pieces, options);
};

const writeFile = (output: string, pieces: AsyncIterable<Buffer>, options: WriteOptions): Promise<number> =>
  watching(async ({ signal, exitCode }) => {
    try {
      return await writeWhole(output, pieces, { ...options, shouldStop: () => signal.aborted });
    } catch (error) {
      throw error instanceof WritingStopped ? new Interrupted(error.message, exitCode()) : error;
    }
  });

const pass = async (pieces: AsyncIterable<Buffer>, { bytes }: Io): Promise<number> => {
  if (bytes === undefined) throw new UsageError('--output -: there is no standard output for bytes');
  let size = 0;
  for await (const piece of pieces) {
    bytes(piece);
    size += piece.length;
  }
  return size;
};
