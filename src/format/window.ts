import type { ByteReader } from './byte-reader.ts';
import { type FrameState, LENGTH_SIZE, stateOf } from './frames.ts';
import { readIntoZeros, zerosFrom } from './zeros.ts';

/**
 * A window moves over a file of records, so that memory is bounded by the largest record, and never by a length that is not
 * true.
 */

const INITIAL_SIZE = 256 * 1024;
const LARGE = 16 * 1024 * 1024;
/** One read takes no more: a system call has a limit, and so has Node. */
const MOST_READ = 1024 * 1024 * 1024;
/** A larger record is not brought into memory, unless that is asked for. In bytes. */
export const MAX_RECORD = 1024 * 1024 * 1024;
const PAGE_SIZE = 4096;

/** Reads one file after the other, with one buffer. */
export class Window {
  /** What the last frame is: `unreadable` where the read failed, and `errno` says how. */
  state: FrameState | 'unreadable' = 'end';
  /** The bytes that are in sight. */
  buffer: Buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
  /** Where in `buffer` the message of the last frame starts and ends. */
  start = 0;
  end = 0;
  /** The length that the last frame announced. */
  announced = 0;
  /** How many bytes of the last frame's message are there, where it is torn; or of its length. */
  available = 0;
  /** The errno of a failed read. */
  errno = '';

  #reader: ByteReader = NOTHING;
  /** Offset in the file of `buffer[0]`, and how many bytes of the buffer are filled. */
  #origin = 0;
  #filled = 0;
  #ended = false;
  /** Where a large file ended when it was met: one that grows as fast as it is read would have no end. */
  #limit = Number.POSITIVE_INFINITY;
  /** From here on nothing was written to `buffer`, which was made with zeros. */
  #untouched = INITIAL_SIZE;
  readonly #maxRecord: number;
  readonly #onLarger: (announced: number) => never;

  /** `onLarger` throws what is to be said of a whole record of more than `maxRecord` bytes. */
  constructor(maxRecord: number = MAX_RECORD, onLarger: (announced: number) => never = tooLarge) {
    this.#maxRecord = maxRecord;
    this.#onLarger = onLarger;
  }

  /** Starts with another file; of one that is in sight from its first byte on, nothing is read again. */
  over(reader: ByteReader): void {
    if (this.isOver(reader)) return;
    this.clear();
    this.#reader = reader;
  }

  /** Whether a file is in sight from its first byte on. */
  isOver(reader: ByteReader): boolean {
    return reader === this.#reader && this.#origin === 0 && this.errno === '';
  }

  /** Drops all that is in sight, and gives the buffer to be filled by others: `show` says with what. */
  clear(): Buffer {
    this.#shrink();
    this.#reader = NOTHING;
    this.#origin = 0;
    this.#filled = 0;
    this.#ended = false;
    this.#limit = Number.POSITIVE_INFINITY;
    this.errno = '';
    return this.buffer;
  }

  /** All `size` bytes of a file are in the buffer now. */
  show(reader: ByteReader, size: number): void {
    this.#reader = reader;
    this.#filled = size;
    this.#ended = true;
    this.#untouched = Math.max(this.#untouched, size);
  }

  /** Whether the whole file is in sight, if it is not too large for that. */
  seesAll(): boolean {
    this.reach(0, this.buffer.length);
    return this.#ended && this.#origin === 0 && this.errno === '';
  }

  /** How many bytes are there from `offset` on, up to `wanted`; they are in the buffer from `at(offset)` on. */
  reach(offset: number, wanted: number): number {
    if (offset < this.#origin) this.#startAt(offset);
    let have = this.#origin + this.#filled - offset;
    if (have >= wanted || this.#ended) return Math.max(0, Math.min(have, wanted));
    if (offset > this.#origin + this.#filled) this.#startAt(offset);
    while (have < wanted && !this.#ended) {
      // A larger buffer is made once this one is full: nearly every file is less than what may be asked of it.
      if (this.#filled === this.buffer.length) this.#slide(offset, wanted);
      const room = Math.min(
        this.buffer.length - this.#filled,
        MOST_READ,
        this.#leftBehind(this.#origin + this.#filled),
      );
      const count = room === 0 ? 0 : this.#read(room);
      if (typeof count !== 'number') {
        this.errno = count.code;
        this.#ended = true;
      } else {
        this.#filled += count;
        // Fewer bytes than were asked for are the end of a file, or lie before a part of it that cannot be read; a page
        // is read whole or not at all.
        if (count === 0 || (count < room && this.#origin + this.#filled < PAGE_SIZE)) this.#ended = true;
      }
      have = this.#origin + this.#filled - offset;
    }
    return Math.max(0, Math.min(have, wanted));
  }

  /** Where in the buffer the byte at a file's offset is, once `reach` has brought it there. */
  at(offset: number): number {
    return offset - this.#origin;
  }

  /** Looks at the record that starts at `offset`: its message is `buffer[start, end)` where it is whole. */
  frameAt(offset: number): FrameState | 'unreadable' {
    // Nearly always a whole record is in sight: that is told without asking for it piece by piece.
    const start = offset - this.#origin + LENGTH_SIZE;
    if (start >= LENGTH_SIZE && start <= this.#filled && this.errno === '') {
      const announced = this.buffer.readUInt32LE(start - LENGTH_SIZE);
      if (announced <= this.#filled - start) {
        this.announced = announced;
        this.available = announced;
        this.start = start;
        this.end = start + announced;
        this.state = 'record';
        return 'record';
      }
    }
    const state = this.#frameAt(offset);
    this.state = this.errno === '' ? state : 'unreadable';
    return this.state;
  }

  #frameAt(offset: number): FrameState {
    this.available = this.reach(offset, LENGTH_SIZE);
    if (this.available < LENGTH_SIZE) return this.available === 0 ? 'end' : 'torn-length';
    this.announced = this.buffer.readUInt32LE(this.at(offset));
    const from = offset + LENGTH_SIZE;
    if (this.announced > this.buffer.length - LENGTH_SIZE) {
      // Not in sight at once: believe the length only as far as the file is long.
      this.available = Math.max(0, this.#reader.size() - from);
      const state = stateOf(this.announced, this.available);
      if (state !== 'record') return state;
      if (this.announced > this.#maxRecord) this.#onLarger(this.announced);
    }
    this.available = this.reach(from, this.announced);
    this.start = this.at(from);
    this.end = this.start + this.announced;
    return stateOf(this.announced, this.available);
  }

  /** Bytes of the file behind an offset. */
  lengthBehind(offset: number): number {
    // What could not be read is there all the same.
    return this.#ended && this.errno === ''
      ? Math.max(0, this.#origin + this.#filled - offset)
      : Math.max(0, this.#reader.size() - offset);
  }

  /** Drops what is in sight. A large record has moved its own length out of it, which may be asked for again. */
  #startAt(offset: number): void {
    this.#shrink();
    this.#origin = offset;
    this.#filled = 0;
    this.#ended = false;
  }

  /** What a large record needed is not kept for what is read next. */
  #shrink(): void {
    if (this.buffer.length <= LARGE) return;
    this.buffer = Buffer.allocUnsafeSlow(INITIAL_SIZE);
    this.#untouched = INITIAL_SIZE;
  }

  /** How much is to be read from an offset on: all that comes, but of a large file what it had when it was met. */
  #leftBehind(offset: number): number {
    if (offset < LARGE) return Number.POSITIVE_INFINITY;
    if (this.#limit === Number.POSITIVE_INFINITY) this.#limit = this.#reader.size();
    return Math.max(0, this.#limit - offset);
  }

  /** Reads on, behind what is in sight. */
  #read(room: number): number | { readonly code: string } {
    const [at, position] = [this.#filled, this.#origin + this.#filled];
    const isFresh = this.buffer.length > LARGE && at >= this.#untouched;
    const read = isFresh
      ? readIntoZeros(this.#reader, this.buffer, at, room, position)
      : this.#reader.read(this.buffer, at, room, position);
    if (typeof read === 'number') this.#untouched = Math.max(this.#untouched, at + read);
    return read;
  }

  /** How many bytes from an offset on are zero. */
  zerosFrom(offset: number): number {
    for (let at = offset; ; ) {
      const known = this.#reader.zerosAt?.(at) ?? 0;
      if (known > INITIAL_SIZE) {
        at += known;
        continue;
      }
      const have = this.reach(at, INITIAL_SIZE);
      const zeros = zerosFrom(this.buffer, this.at(at), this.at(at) + have);
      at += zeros;
      if (zeros < have || have < INITIAL_SIZE) return at - offset;
    }
  }

  #slide(offset: number, wanted: number): void {
    const from = offset - this.#origin;
    const kept = this.#filled - from;
    if (wanted > this.buffer.length) {
      const target = Buffer.alloc(wanted + LENGTH_SIZE);
      this.buffer.copy(target, 0, from, this.#filled);
      this.buffer = target;
      this.#untouched = kept;
    } else this.buffer.copy(this.buffer, 0, from, this.#filled);
    this.#origin = offset;
    this.#filled = kept;
  }
}

const tooLarge = (announced: number): never => {
  throw new RangeError(`a record of ${announced} bytes is larger than may be read`);
};

const NOTHING: ByteReader = { size: () => 0, read: () => 0 };
