import type { Extent } from '../extents.ts';
import { Float64s, Int32s } from './numbers.ts';
import { BytePool } from './pool.ts';
import { eachPiece } from './zeros.ts';

/**
 * What files hold, one behind the other in one pool: of each stretch just where it is in its file and in the pool, and it ends
 * where the next one begins.
 */
export class Contents {
  readonly #pool = new BytePool();
  readonly #sizes = new Float64s();
  /** Of each file: its first stretch, and the one behind its last. */
  readonly #firsts = new Int32s();
  readonly #ends = new Int32s();
  readonly #offsets = new Float64s();
  readonly #addresses = new Float64s();

  /** Adds a file, which has no bytes but zeros so far. */
  add(size: number): number {
    this.#firsts.push(this.#offsets.length);
    this.#ends.push(this.#offsets.length);
    return this.#sizes.push(size);
  }

  sizeOf(file: number): number {
    return this.#sizes.at(file);
  }

  /**
   * Adds to the file that was added last a copy of `bytes[start, end)`, which it has from `offset` on, but for long stretches of
   * zeros; `count` is told what that takes, before it is taken.
   */
  keep(bytes: Buffer, start: number, end: number, offset: number, count: (bytes: number) => void): void {
    eachPiece(bytes, start, end, count, (from, to) => this.#add(bytes, from, to, offset + from - start));
  }

  #add(bytes: Buffer, start: number, end: number, offset: number): void {
    const file = this.#sizes.length - 1;
    const last = this.#offsets.length - 1;
    const isNext =
      last >= this.#firsts.at(file) && this.#offsets.at(last) + this.#pool.length - this.#addresses.at(last) === offset;
    if (!isNext) {
      this.#offsets.push(offset);
      this.#addresses.push(this.#pool.length);
      this.#ends.set(file, last + 2);
    }
    this.#pool.add(bytes, start, end);
  }

  /** What a file holds but zeros, in ascending order and apart. */
  extentsOf(file: number): Extent[] {
    const extents: Extent[] = [];
    const end = this.#ends.at(file);
    for (let i = this.#firsts.at(file); i < end; i++) {
      const to = i + 1 < this.#addresses.length ? this.#addresses.at(i + 1) : this.#pool.length;
      this.#pool.toExtents(this.#addresses.at(i), to, this.#offsets.at(i), extents);
    }
    return extents;
  }
}
