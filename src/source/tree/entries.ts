import { bytesOf } from '../../text/lossless.ts';
import { NamePool } from './names.ts';
import { Int32s } from './numbers.ts';

/** The table has so many places at first. */
const LEAST = 4096;
/** Of an entry whose name stands for nothing any more, or of none. */
export const NOTHING = -1;

/**
 * The names in all folders, and the node that each stands for. What is in a folder is a chain, from the last entry to the first;
 * where an entry is, a hash table of folder and name tells. None is ever taken out: one that is removed stands for nothing.
 */
export class Entries {
  readonly #names = new NamePool();
  readonly #name = new Int32s();
  readonly #folder = new Int32s();
  readonly #node = new Int32s();
  readonly #before = new Int32s();
  /** The hash of each one's name, which a larger table needs again. */
  readonly #hash = new Int32s();
  /** Entries by their hashes, plus one; 0 is a place that is free. */
  #table = new Int32Array(LEAST);
  /** The hash of what was looked for last. */
  #missed = 0;

  /** The entry of `bytes[start, end)` in a folder; `NOTHING` where there is none. */
  find(folder: number, bytes: Buffer, start: number, end: number): number {
    const hash = this.#names.hash(bytes, start, end);
    this.#missed = hash;
    const mask = this.#table.length - 1;
    for (let at = placeOf(folder, hash); ; at++) {
      const entry = (this.#table[at & mask] as number) - 1;
      if (entry === NOTHING) return NOTHING;
      if (this.#folder.at(entry) === folder && this.#names.is(this.#name.at(entry), bytes, start, end)) return entry;
    }
  }

  /** The same of a name that is in a text, from `start` to `end`. */
  findText(folder: number, text: string, start = 0, end = text.length): number {
    const hash = this.#names.hashOfText(text, start, end);
    if (hash === undefined) {
      const bytes = bytesOf(text.slice(start, end));
      return this.find(folder, bytes, 0, bytes.length);
    }
    const mask = this.#table.length - 1;
    for (let at = placeOf(folder, hash); ; at++) {
      const entry = (this.#table[at & mask] as number) - 1;
      if (entry === NOTHING) return NOTHING;
      if (this.#folder.at(entry) === folder && this.#names.isText(this.#name.at(entry), text, start, end)) return entry;
    }
  }

  /** Adds an entry that `find` was asked for last, and did not find; `before` is the last one that the folder has. */
  addMissed(folder: number, bytes: Buffer, start: number, end: number, node: number, before: number): number {
    const hash = this.#missed;
    const entry = this.#name.push(this.#names.add(bytes, start, end, hash));
    this.#folder.push(folder);
    this.#node.push(node);
    this.#before.push(before);
    this.#hash.push(hash);
    if (4 * this.#name.length > 3 * this.#table.length) this.#grow();
    else this.#put(entry, hash);
    return entry;
  }

  nodeOf(entry: number): number {
    return this.#node.at(entry);
  }

  setNode(entry: number, node: number): void {
    this.#node.set(entry, node);
  }

  /** The entry that its folder got before this one; `NOTHING` where it is the first. */
  before(entry: number): number {
    return this.#before.at(entry);
  }

  textOf(entry: number): string {
    return this.#names.textOf(this.#name.at(entry));
  }

  #put(entry: number, hash: number): void {
    const mask = this.#table.length - 1;
    let at = placeOf(this.#folder.at(entry), hash);
    while (this.#table[at & mask] !== 0) at++;
    this.#table[at & mask] = entry + 1;
  }

  #grow(): void {
    this.#table = new Int32Array(2 * this.#table.length);
    for (let entry = 0; entry < this.#name.length; entry++) this.#put(entry, this.#hash.at(entry));
  }
}

/** Where in a table that is large enough the search for a name begins. */
const placeOf = (folder: number, hash: number): number => {
  const mixed = Math.imul(hash ^ Math.imul(folder, 0x85ebca6b), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
};
