import { type Extent, OpenExtents } from '../extents.ts';
import type { OpenFile } from '../source.ts';
import { AlikeFiles } from './alike.ts';
import { Float64s, Int32s } from './numbers.ts';
import { BytePool } from './pool.ts';
import { eachPiece } from './zeros.ts';

/** Of less, too little is saved for the time that comparing takes, above all before it is compiled. In bytes. */
const MUCH = 1024 * 1024;

/**
 * What files hold. Small ones that come whole may be like others; the rest is one behind the other in one pool: of each stretch
 * just where it is in its file and in the pool, and it ends where the next one begins.
 */
export class Contents {
  readonly #pool = new BytePool();
  readonly #alike = new AlikeFiles();
  readonly #sizes = new Float64s();
  /** Of each file: its first stretch, and the one behind its last. Of one that may be like others: less than 0, by its number. */
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
    eachPiece(bytes, start, end, count, (from, to) => {
      const isAll = to - from === this.#sizes.at(this.#sizes.length - 1);
      const alike = isAll && this.#pool.length > MUCH ? this.#alike.add(bytes, from, to) : undefined;
      if (alike === undefined) this.#add(bytes, from, to, offset + from - start);
      else this.#firsts.set(this.#sizes.length - 1, -alike - 1);
    });
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

  /** A file as it is read. */
  open(file: number): OpenFile {
    const first = this.#firsts.at(file);
    const size = this.#sizes.at(file);
    const alike = first < 0 ? this.#alike.open(-first - 1, size) : undefined;
    return alike ?? new OpenExtents({ size, extents: this.extentsOf(file) });
  }

  /** Reads all of a file into `target`, which has room for it. */
  readInto(file: number, target: Buffer): void {
    const first = this.#firsts.at(file);
    const size = this.#sizes.at(file);
    if (first < 0) this.#alike.readInto(-first - 1, target, size);
    else if (this.#isOneStretch(first, file, size)) this.#pool.copyTo(this.#addresses.at(first), size, target);
    else new OpenExtents({ size, extents: this.extentsOf(file) }).read(target, 0, size, 0);
  }

  /** Whether the first stretch of a file is all of it. */
  #isOneStretch(first: number, file: number, size: number): boolean {
    if (this.#ends.at(file) !== first + 1) return false;
    const end = first + 1 < this.#addresses.length ? this.#addresses.at(first + 1) : this.#pool.length;
    return end - this.#addresses.at(first) === size;
  }

  /** What a file holds but zeros, in ascending order and apart. */
  extentsOf(file: number): Extent[] {
    const first = this.#firsts.at(file);
    if (first < 0) return [this.#alike.extentOf(-first - 1, this.#sizes.at(file))];
    const extents: Extent[] = [];
    const end = this.#ends.at(file);
    for (let i = first; i < end; i++) {
      const to = i + 1 < this.#addresses.length ? this.#addresses.at(i + 1) : this.#pool.length;
      this.#pool.toExtents(this.#addresses.at(i), to, this.#offsets.at(i), extents);
    }
    return extents;
  }
}
