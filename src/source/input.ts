import * as fs from 'node:fs';
import { isatty } from 'node:tty';
import { atOnce, type Waiting } from './waiting.ts';

/** What is read at a time, in bytes: of a decompression bomb, a thousand times as much comes out of it at once. */
const CHUNK = 64 * 1024;

const STANDARD_INPUT = 0;

/**
 * Reads a file, a FIFO or (`undefined`) standard input to its end, in chunks that are the taker's own. Throws the system's error
 * where it cannot be read, and what `take` throws.
 */
export const readInput = (path: string | undefined, take: (chunk: Buffer) => void): void => {
  const takeOwn = function* (chunk: Buffer): Waiting<void> {
    yield undefined;
    take(Buffer.from(chunk));
  };
  atOnce(eachChunk(path, takeOwn, 'at once'));
};

/**
 * The same for a taker who keeps no chunk, as all are in one buffer, one after the other. Where each is waited for, somebody can be told
 * meanwhile that a pipe is slow.
 */
export function* eachChunk(
  path: string | undefined,
  take: (chunk: Buffer) => Waiting<void>,
  how: 'at once' | 'awaited',
): Waiting<void> {
  const descriptor = path === undefined ? STANDARD_INPUT : fs.openSync(path, fs.constants.O_RDONLY);
  const chunk = Buffer.allocUnsafeSlow(CHUNK);
  try {
    for (let count = -1; count !== 0; ) {
      if (how === 'at once') count = readSome(descriptor, chunk);
      else {
        yield readBeside(descriptor, chunk).then((read) => {
          count = read;
        });
      }
      if (count > 0) yield* take(chunk.subarray(0, count));
    }
  } finally {
    if (path !== undefined) fs.closeSync(descriptor);
  }
}

/** How many bytes such an input has; undefined where that is not known before its end. */
export const sizeOf = (path: string | undefined): number | undefined => {
  const stats = path === undefined ? fs.fstatSync(STANDARD_INPUT) : fs.statSync(path, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : undefined;
};

/** Whether standard input is a terminal: nobody types an archive. */
export const isInputTerminal = (): boolean => isatty(STANDARD_INPUT);

/** A pipe that does not block has nothing yet: wait so many ms for who writes it. */
const PAUSE = 5;

const readBeside = (descriptor: number, chunk: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    const read = (): void =>
      fs.read(descriptor, chunk, 0, chunk.length, null, (error, count) => {
        if (error === null) resolve(count);
        else if (error.code === 'EOF') resolve(0);
        else if (error.code === 'EAGAIN') setTimeout(read, PAUSE);
        else reject(error);
      });
    read();
  });

const readSome = (descriptor: number, chunk: Buffer): number => {
  for (;;) {
    try {
      return fs.readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
};
