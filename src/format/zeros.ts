import type { ByteReader } from './byte-reader.ts';

/** Bytes that are compared, or read and dropped, at a time. */
const STRIDE = 64 * 1024;

let zeros: Buffer | undefined;
/** Made when the first large file is met: a start needs none. */
const someZeros = (): Buffer => {
  zeros ??= Buffer.alloc(STRIDE);
  return zeros;
};

/** How many bytes from `from` on, and before `to`, are zero. Long stretches are compared at the speed of memory. */
export const zerosFrom = (bytes: Buffer, from: number, to: number): number => {
  let at = from;
  while (to - at >= STRIDE && bytes.compare(someZeros(), 0, STRIDE, at, at + STRIDE) === 0) at += STRIDE;
  while (at < to && bytes[at] === 0) at++;
  return at - from;
};

let scratch: Buffer | undefined;
const someRoom = (): Buffer => {
  scratch ??= Buffer.allocUnsafeSlow(STRIDE);
  return scratch;
};

const areZeros = (bytes: Buffer, count: number): boolean => bytes.compare(someZeros(), 0, count, 0, count) === 0;

/** Where the zeros begin that a file ends with, give or take a stride; undefined where it cannot be read. In bytes. */
export const zerosAtEndOf = (reader: ByteReader): number | undefined => {
  let end = 0;
  for (let at = 0; ; ) {
    const known = reader.zerosAt?.(at) ?? 0;
    if (known > 0) {
      at += known;
      continue;
    }
    const room = someRoom();
    const count = reader.read(room, 0, STRIDE, at);
    if (typeof count !== 'number') return undefined;
    if (count === 0) return end;
    at += count;
    if (!areZeros(room, count)) end = at;
  }
};

/**
 * Reads as a reader does, into a part of a buffer that nothing was written to since it was made with zeros: where zeros
 * are read, nothing is written. The holes of a sparse file take no memory that way, for the system gives pages to a
 * buffer when they are written.
 */
export const readIntoZeros = (
  reader: ByteReader,
  target: Buffer,
  at: number,
  length: number,
  position: number,
): number | { readonly code: string } => {
  const room = someRoom();
  for (let done = 0; done < length; ) {
    const wanted = Math.min(STRIDE, length - done);
    const count = reader.read(room, 0, wanted, position + done);
    // What was read before a failure is there; the next read meets it again.
    if (typeof count !== 'number') return done > 0 ? done : count;
    if (!areZeros(room, count)) room.copy(target, at + done, 0, count);
    done += count;
    if (count < wanted) return done;
  }
  return length;
};
