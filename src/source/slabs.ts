import type { Extent } from './extents.ts';
import { BytePool } from './tree/pool.ts';
import { eachPiece } from './tree/zeros.ts';

/** What files hold that have a list of stretches each. */
export class Slabs {
  readonly #pool = new BytePool();

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
    eachPiece(bytes, start, end, count, (from, to) => {
      const address = this.#pool.add(bytes, from, to);
      this.#pool.toExtents(address, address + to - from, offset + from - start, extents);
    });
  }
}
