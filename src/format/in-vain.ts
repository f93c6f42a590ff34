import { type Message, parse, WireFailure } from './parse.ts';
import type { Shape } from './shape.ts';

/** Bytes that are looked at in vain for each byte of a file, and so many more of a small one. */
const PER_BYTE = 16;
const OF_ANY = 64 * 1024 * 1024;

/**
 * A search for records in bytes that may be anything. What looks like a length may span millions of bytes that are a message but
 * for their end, and so may each of the lengths in these: bytes were looked at as often as there are such, which could take days.
 */
export class Search {
  #left: number;

  constructor(size: number) {
    this.#left = OF_ANY + PER_BYTE * size;
  }

  /** Whether so much was looked at in vain that it was given up: nothing is found from then on. */
  get isOver(): boolean {
    return this.#left < 0;
  }

  /** The message that bytes are; undefined where they are none. */
  at(shape: Shape, bytes: Buffer, start: number, end: number): Message | undefined {
    if (this.isOver) return undefined;
    const message = parse(shape, bytes, start, end);
    if (!(message instanceof WireFailure)) return message;
    this.inVain(message.isIncomplete ? end - start : message.offset - start);
    return undefined;
  }

  /** So many bytes were a message, and not the one that was looked for. */
  inVain(bytes: number): void {
    this.#left -= bytes;
  }
}
