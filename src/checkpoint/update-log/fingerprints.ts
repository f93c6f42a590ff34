/** By so many bits of a fingerprint they are kept apart: what has to be compared in the end fits a processor's cache. */
const BUCKET_BITS = 8;
const BUCKETS = 2 ** BUCKET_BITS;
/** A bucket grows by so many at a time. */
const CHUNK = 1024;
const HIGH_BITS = 21;
/** No fingerprint: those are not negative. */
const FREE = -1;

/**
 * 53 bits of each of many uuids, by which one that occurs twice is noticed when all are known: eight bytes a uuid. Two
 * uuids that are not the same seem so with a chance of 1 in 2,000 among three million.
 */
export class Fingerprints {
  readonly #chunks: Float64Array[][] = Array.from({ length: BUCKETS }, () => []);
  /** The chunk of each bucket that is not full, if it has one. */
  readonly #open = new Array<Float64Array | undefined>(BUCKETS).fill(undefined);
  readonly #counts = new Int32Array(BUCKETS);

  /** Adds the uuid at `from`. */
  add(bytes: Buffer, from: number): void {
    const first = wordAt(bytes, from);
    const second = wordAt(bytes, from + 4);
    const third = wordAt(bytes, from + 8);
    const fourth = wordAt(bytes, from + 12);
    // Each half of all words, because only uuids of version 4 are random in each: others differ in a time alone.
    const low = mix(mix(mix(mix(first) ^ second) ^ third) ^ fourth) >>> 0;
    const high = remix(remix(remix(remix(fourth) ^ third) ^ second) ^ first) >>> (32 - HIGH_BITS);
    const bucket = high >>> (HIGH_BITS - BUCKET_BITS);
    const count = this.#counts[bucket] as number;
    const place = count % CHUNK;
    if (place === 0) {
      const chunk = new Float64Array(CHUNK);
      this.#open[bucket] = chunk;
      (this.#chunks[bucket] as Float64Array[]).push(chunk);
    }
    (this.#open[bucket] as Float64Array)[place] = high * 2 ** 32 + low;
    this.#counts[bucket] = count + 1;
  }

  /** Whether two may be of the same uuid. */
  hasTwins(): boolean {
    const most = this.#counts.reduce((a, b) => Math.max(a, b), 0);
    const table = new Float64Array(2 ** Math.ceil(Math.log2(2 * most + 2)));
    return this.#chunks.some((chunks, bucket) => {
      table.fill(FREE);
      let left = this.#counts[bucket] as number;
      return chunks.some((chunk) => {
        const count = Math.min(left, CHUNK);
        left -= count;
        return fills(table, chunk, count);
      });
    });
  }
}

/** Puts the first `count` of a chunk into a table that is never full; whether one was there already. */
const fills = (table: Float64Array, chunk: Float64Array, count: number): boolean => {
  const mask = table.length - 1;
  for (let i = 0; i < count; i++) {
    const print = chunk[i] as number;
    let slot = (print >>> 0) & mask;
    for (let there = table[slot]; there !== FREE; there = table[slot]) {
      if (there === print) return true;
      slot = (slot + 1) & mask;
    }
    table[slot] = print;
  }
  return false;
};

const wordAt = (bytes: Buffer, at: number): number =>
  (bytes[at] as number) |
  ((bytes[at + 1] as number) << 8) |
  ((bytes[at + 2] as number) << 16) |
  ((bytes[at + 3] as number) << 24);

const mix = (word: number): number => {
  const mixed = Math.imul(word, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

const remix = (word: number): number => {
  const mixed = Math.imul(word, 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
};
