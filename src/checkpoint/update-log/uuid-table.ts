import { UUID_SIZE } from '../../format/uuid.ts';

/**
 * A set of uuids that lie one behind the other in a buffer: a table of their places, so that millions of them cost four to
 * sixteen bytes each and no text is made of any.
 */
export class UuidTable {
  readonly #uuids: Buffer;
  /** Places in the buffer, from 1; 0 is free. At most half full. */
  readonly #places: Int32Array;
  readonly #mask: number;

  constructor(uuids: Buffer) {
    const count = uuids.length / UUID_SIZE;
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, count * 2)));
    this.#uuids = uuids;
    this.#places = new Int32Array(size);
    this.#mask = size - 1;
    for (let number = 0; number < count; number++) {
      const slot = this.#slotOf(uuids, number * UUID_SIZE);
      if (this.#places[slot] === 0) this.#places[slot] = number + 1;
    }
  }

  has(uuids: Buffer, at: number): boolean {
    return this.#places[this.#slotOf(uuids, at)] !== 0;
  }

  /** The slot that a uuid is in, or would be. */
  #slotOf(uuids: Buffer, at: number): number {
    let slot = this.#hash(uuids, at);
    for (;;) {
      const place = this.#places[slot] ?? 0;
      if (place === 0) return slot;
      const from = (place - 1) * UUID_SIZE;
      if (uuids.compare(this.#uuids, from, from + UUID_SIZE, at, at + UUID_SIZE) === 0) return slot;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** All four words, because only uuids of version 4 are random in each. */
  #hash(uuids: Buffer, at: number): number {
    let hash = 0;
    for (let word = 0; word < UUID_SIZE; word += 4) {
      hash = Math.imul(hash ^ uuids.readInt32LE(at + word), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return hash & this.#mask;
  }
}
