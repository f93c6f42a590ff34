import { TarDamage } from './damage.ts';
import type { Extended } from './extended.ts';
import { BLOCK, readNumber } from './header.ts';
import { numberOf, sizeOf } from './pax.ts';

/** A file of which only some parts are stored, as GNU tar writes them one after the other. */
export interface Sparse {
  /** Bytes that the file has. */
  readonly size: number;
  /** Offset and length of each part that is stored, in bytes, in turn: what lies between two of them is zeros. */
  readonly parts: readonly number[];
}

/** A map with more parts is none of a checkpoint's: a file of 4 GiB of which every second page is a hole has half as many. */
const MAX_PARTS = 1_000_000;

/**
 * Holds back maps that would take more memory than the files that they are of: a part takes four bytes of an archive, or
 * fewer of one that is compressed.
 * @throws TarDamage where there are more numbers than any map has
 */
const checkCount = (numbers: number, offset: number): void => {
  if (numbers > 2 * MAX_PARTS) throw new TarDamage(`a sparse map has more than ${MAX_PARTS} parts`, offset);
};

/**
 * Adds the pairs of offset and length in a header of GNU's old format.
 * @throws TarDamage where one is no number, or there are more than any map has
 */
export const readOldMap = (block: Buffer, at: number, count: number, offset: number, parts: number[]): void => {
  for (let i = at; i < at + count * 24 && block[i] !== 0; i += 24) {
    const [from, length] = [readNumber(block, i, 12), readNumber(block, i + 12, 12)];
    if (from === undefined || length === undefined) throw new TarDamage('a sparse map has no number', offset + i);
    parts.push(from, length);
  }
  checkCount(parts.length, offset);
};

/** Where GNU's old header has its map, how many parts it holds, and where it says that it goes on. */
export const OLD_HEADER = { map: 386, parts: 4, extended: 482, size: 483 } as const;
export const OLD_EXTENSION = { map: 0, parts: 21, extended: 504 } as const;

/** What extended headers say of a sparse file: a map, or that it stands before the content (format 1.0). */
export const readPaxMap = (
  extended: Extended,
  offset: number,
): { readonly size: number; readonly parts: readonly number[] | 'before content' } | undefined => {
  const size = sizeOf(extended.own('GNU.sparse.realsize'), offset) ?? sizeOf(extended.own('GNU.sparse.size'), offset);
  if (numberOf(extended.own('GNU.sparse.major')) === 1) {
    if (size === undefined) throw new TarDamage('a sparse file has no size', offset);
    return { size, parts: 'before content' };
  }
  const map = extended.own('GNU.sparse.map');
  const parts = map === undefined ? extended.numbers : numbersOf(map, offset);
  if (size === undefined) {
    if (parts.length > 0) throw new TarDamage('a sparse file has no size', offset);
    return undefined;
  }
  checkPairs(parts, offset);
  return { size, parts };
};

const COMMA = 0x2c;

/** Numbers with commas between them. */
const numbersOf = (map: Buffer, offset: number): readonly number[] => {
  const numbers: number[] = [];
  for (let at = 0; at < map.length; ) {
    const comma = map.indexOf(COMMA, at);
    const end = comma < 0 ? map.length : comma;
    if (end > at) numbers.push(Number(map.toString('latin1', at, end)));
    checkCount(numbers.length, offset);
    at = end + 1;
  }
  return numbers;
};

const NEWLINE = 0x0a;
const MAX_DIGITS = 15;

/** Reads the map that stands before the content as it comes: how many parts, then offset and length of each, a number a line. */
export class MapReader {
  readonly #numbers: number[] = [];
  readonly #offset: number;
  /** Bytes that are stored, of which the map is the first. */
  readonly #stored: number;
  #wanted = 1;
  #digits = 0;
  #number = 0;
  #used = 0;

  /** `offset` is where the map begins. */
  constructor(stored: number, offset: number) {
    this.#stored = stored;
    this.#offset = offset;
  }

  /** Offset and length of each part; undefined until all of them are read. */
  get parts(): readonly number[] | undefined {
    if (this.#wanted > 0 || this.#used % BLOCK !== 0) return undefined;
    return this.#numbers;
  }

  /**
   * Takes of the bytes what is of the map, which fills whole blocks; gives how many.
   * @throws TarDamage where it is none
   */
  write(bytes: Buffer): number {
    let at = 0;
    for (; this.#wanted > 0 && at < bytes.length; at++) this.#take(bytes[at] as number);
    if (this.#wanted > 0) return at;
    const rest = (BLOCK - (this.#used % BLOCK)) % BLOCK;
    const skipped = Math.min(rest, bytes.length - at);
    this.#used += skipped;
    return at + skipped;
  }

  #take(byte: number): void {
    if (byte === NEWLINE && this.#digits > 0) this.#end();
    else if (byte >= 0x30 && byte <= 0x39 && this.#digits < MAX_DIGITS) {
      this.#number = this.#number * 10 + byte - 0x30;
      this.#digits++;
    } else throw new TarDamage('a sparse map has no number', this.#offset + this.#used);
    this.#used++;
  }

  #end(): void {
    if (this.#used === this.#digits) {
      this.#wanted += 2 * this.#number;
      checkCount(this.#wanted, this.#offset);
      // A number takes two bytes at least.
      if (2 * this.#wanted > this.#stored) throw new TarDamage('a sparse map does not end', this.#offset);
    } else this.#numbers.push(this.#number);
    this.#wanted--;
    this.#digits = 0;
    this.#number = 0;
  }
}

const checkPairs = (numbers: readonly number[], offset: number): void => {
  if (numbers.length % 2 !== 0) throw new TarDamage('a sparse map is not made of pairs', offset);
  for (let i = 0; i < numbers.length; i += 2) {
    const end = (numbers[i] as number) + (numbers[i + 1] as number);
    if (!Number.isSafeInteger(end)) throw new TarDamage('a sparse map has no number', offset);
  }
};

/**
 * Checks that a map's parts are in order, lie in the file, and are what is stored.
 * @throws TarDamage where not
 */
export const checkMap = ({ size, parts }: Sparse, stored: number, offset: number): void => {
  checkPairs(parts, offset);
  let end = 0;
  let length = 0;
  for (let i = 0; i < parts.length; i += 2) {
    const [from, count] = [parts[i] as number, parts[i + 1] as number];
    if (from < end || from + count > size) throw new TarDamage('a sparse map is out of order', offset);
    end = from + count;
    length += count;
  }
  if (length !== stored) throw new TarDamage(`a sparse map tells of ${length} bytes, ${stored} are stored`, offset);
};
