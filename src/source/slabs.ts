import type { Extent } from './archive.ts';

/** Pieces are copied into buffers of at most so many bytes. */
const MOST = 1024 * 1024;
/** The first of them has so many, and each next one twice as many. */
const LEAST = 16 * 1024;
/** A larger piece that does not fit gets a buffer of its own, so that little of one is left empty. */
const SMALL = 4096;

/** Zeros are dropped in pieces of this size. In bytes. */
const CHUNK = 64 * 1024;
/** What a piece takes besides its bytes, about. */
const EXTENT_SIZE = 128;
/** Of less, the zeros take less than what would be kept of them. */
const MIN_ZEROS = 512;
const ZEROS = Buffer.alloc(CHUNK);
const isZeros = (bytes: Buffer, start: number, end: number): boolean =>
  bytes[start] === 0 && bytes.compare(ZEROS, 0, end - start, start, end) === 0;

/** Copies of small pieces of bytes, many in one buffer: a buffer of its own takes more time and memory than most of them have bytes. */
export class Slabs {
  #slab = Buffer.alloc(0);
  #used = 0;
  #next = LEAST;

  /**
   * Adds to what is kept of a file a copy of `bytes[start, end)`, which it has from `offset` on, but for long stretches of
   * zeros; `count` is told what that takes, before it is taken.
   */
  keep(
    extents: Extent[],
    bytes: Buffer,
    start: number,
    end: number,
    offset: number,
    count: (bytes: number) => void,
  ): void {
    for (let at = start; at < end; at += CHUNK) {
      const to = Math.min(end, at + CHUNK);
      if (to - at >= MIN_ZEROS && isZeros(bytes, at, to)) continue;
      count(to - at + EXTENT_SIZE);
      extents.push(this.#add(bytes, at, to, offset + at - start));
    }
  }

  /** Copies `bytes[start, end)`, which is what a file has from `offset` on. */
  #add(bytes: Buffer, start: number, end: number, offset: number): Extent {
    const length = end - start;
    if (length > this.#slab.length - this.#used) {
      if (length > SMALL) {
        const own = Buffer.allocUnsafeSlow(length);
        bytes.copy(own, 0, start, end);
        return { offset, bytes: own, start: 0, end: length };
      }
      this.#slab = Buffer.allocUnsafeSlow(this.#next);
      this.#used = 0;
      this.#next = Math.min(MOST, 2 * this.#next);
    }
    const at = this.#used;
    this.#used += length;
    bytes.copy(this.#slab, at, start, end);
    return { offset, bytes: this.#slab, start: at, end: at + length };
  }
}
