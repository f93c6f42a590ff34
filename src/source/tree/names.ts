import { textOf } from '../../text/lossless.ts';
import { BytePool } from './pool.ts';

/** Before a name is its length, in so many bytes: on Linux, none has more than 255. */
const HEAD = 2;
/** Places for names that have come: one that comes again is mostly not kept again. */
const PLACES = 256;

/** Names as bytes, with a number for each: where it is. */
export class NamePool {
  readonly #pool = new BytePool();
  readonly #last = new Int32Array(PLACES).fill(-1);
  /** Names that were asked for last, and the text of each: a few come again and again. */
  readonly #asked = new Int32Array(PLACES).fill(-1);
  readonly #texts: string[] = new Array<string>(PLACES).fill('');
  /** Nobody who makes an archive knows it: names that all fall to one place cannot be chosen. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32) | 0;

  /** What tells `bytes[start, end)` from most other names. */
  hash(bytes: Buffer, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) hash = mixed(hash, bytes[at] as number);
    return hash;
  }

  /** The same of a name that is in a text, from `start` to `end`; undefined where it is no ASCII. */
  hashOfText(text: string, start: number, end: number): number | undefined {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      const unit = text.charCodeAt(at);
      if (unit > 0x7f) return undefined;
      hash = mixed(hash, unit);
    }
    return hash;
  }

  /** Keeps `bytes[start, end)`, whose hash is given, as a name. */
  add(bytes: Buffer, start: number, end: number, hash: number): number {
    const place = (hash >>> 16) % PLACES;
    const known = this.#last[place] as number;
    if (known >= 0 && this.is(known, bytes, start, end)) return known;
    const length = end - start;
    const name = this.#pool.reserve(HEAD + length);
    const page = this.#pool.page(name);
    const at = this.#pool.placeOf(name);
    page[at] = length & 0xff;
    page[at + 1] = length >>> 8;
    for (let i = 0; i < length; i++) page[at + HEAD + i] = bytes[start + i] as number;
    this.#last[place] = name;
    return name;
  }

  /** Whether a name is `bytes[start, end)`. */
  is(name: number, bytes: Buffer, start: number, end: number): boolean {
    const page = this.#pool.page(name);
    const at = this.#pool.placeOf(name);
    const length = end - start;
    if (lengthAt(page, at) !== length) return false;
    const own = at + HEAD;
    for (let i = 0; i < length; i++) if (page[own + i] !== bytes[start + i]) return false;
    return true;
  }

  /** Whether a name is what a text has from `start` to `end`, which is ASCII. */
  isText(name: number, text: string, start: number, end: number): boolean {
    const page = this.#pool.page(name);
    const at = this.#pool.placeOf(name);
    const length = end - start;
    if (lengthAt(page, at) !== length) return false;
    const own = at + HEAD;
    for (let i = 0; i < length; i++) if (page[own + i] !== text.charCodeAt(start + i)) return false;
    return true;
  }

  /** The text of a name. */
  textOf(name: number): string {
    const place = (name ^ (name >>> 8)) % PLACES;
    if (this.#asked[place] === name) return this.#texts[place] as string;
    const page = this.#pool.page(name);
    const start = this.#pool.placeOf(name) + HEAD;
    const text = textOf(page, start, start + lengthAt(page, start - HEAD));
    this.#asked[place] = name;
    this.#texts[place] = text;
    return text;
  }
}

const mixed = (hash: number, unit: number): number => {
  const next = Math.imul(hash ^ unit, 0x9e3779b1);
  return next ^ (next >>> 15);
};

const lengthAt = (page: Buffer, at: number): number => (page[at] as number) | ((page[at + 1] as number) << 8);
