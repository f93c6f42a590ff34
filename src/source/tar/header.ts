import { TarDamage } from './damage.ts';

/** The unit of a tar archive, in bytes: a header is one, and contents are padded to whole ones. */
export const BLOCK = 512;

/** The numbers of a header block, as they are written: what extended headers say of the member comes on top. */
export interface Header {
  /** The type flag, one character; '0' where the block has a NUL. */
  readonly type: string;
  /** Bytes that follow. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In seconds since 1970. */
  readonly modified: number;
}

/** Bytes that are a part of others: they are not copied, and last as long as those do. */
export interface Part {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** The same bytes, for as long as they are wanted. */
export const copyOf = ({ bytes, start, end }: Part): Part => ({
  bytes: Buffer.from(bytes.subarray(start, end)),
  start: 0,
  end: end - start,
});

/** Whether a block is all zeros: two of them end an archive. */
export const isNull = (block: Buffer, at: number): boolean =>
  block[at] === 0 && block.compare(ZEROS, 0, BLOCK, at, at + BLOCK) === 0;
const ZEROS = Buffer.alloc(BLOCK);

/** Says of blocks in chunks whether their checksum is right. */
export class Checksums {
  #chunk: Buffer | undefined;
  /** The chunk in words, from its first byte on that a word can begin at. */
  #words: Int32Array = new Int32Array(0);
  #first = 0;

  /** Whether a block's checksum is right; old programs added the bytes as signed ones. */
  isHeader(chunk: Buffer, at: number): boolean {
    const wanted = octal(chunk, at + SUM_AT, SUM_LENGTH);
    const sum = this.#sum(chunk, at) - sumOfBytes(chunk, at + SUM_AT, at + SUM_AT + SUM_LENGTH) + SUM_LENGTH * BLANK;
    return wanted === sum || wanted === signedSum(chunk, at);
  }

  /** Forgets the last chunk. */
  forget(): void {
    this.#chunk = undefined;
  }

  #sum(chunk: Buffer, at: number): number {
    if (this.#chunk !== chunk) {
      this.#chunk = chunk;
      this.#first = (WORD - (chunk.byteOffset % WORD)) % WORD;
      const count = Math.max(0, Math.floor((chunk.length - this.#first) / WORD));
      this.#words = new Int32Array(chunk.buffer, chunk.byteOffset + (count === 0 ? 0 : this.#first), count);
    }
    const from = Math.ceil((at - this.#first) / WORD);
    const to = Math.floor((at + BLOCK - this.#first) / WORD);
    const [start, end] = [this.#first + from * WORD, this.#first + to * WORD];
    return sumOfBytes(chunk, at, start) + sumOfWords(this.#words, from, to) + sumOfBytes(chunk, end, at + BLOCK);
  }
}

const WORD = 4;

const sumOfBytes = (bytes: Buffer, start: number, end: number): number => {
  let sum = 0;
  for (let i = start; i < end; i++) sum += bytes[i] as number;
  return sum;
};

/** The sum of the bytes of a block's words at most: two sums in one number, each of 256 bytes, which fit into sixteen bits. */
const sumOfWords = (words: Int32Array, start: number, end: number): number => {
  let sums = 0;
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const a = words[i] as number;
    const b = words[i + 1] as number;
    const c = words[i + 2] as number;
    const d = words[i + 3] as number;
    // Most of a block are zeros.
    if ((a | b | c | d) !== 0) sums = (sums + twoSums(a) + twoSums(b) + twoSums(c) + twoSums(d)) | 0;
  }
  for (; i < end; i++) sums = (sums + twoSums(words[i] as number)) | 0;
  return (sums & 0xffff) + (sums >>> 16);
};

const twoSums = (word: number): number => (word & 0xff00ff) + ((word >>> 8) & 0xff00ff);

const BLANK = 0x20;
/** The checksum itself counts as blanks. */
const SUM_AT = 148;
const SUM_LENGTH = 8;

const signedSum = (block: Buffer, at: number): number => {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? BLANK : block.readInt8(at + i);
  return sum;
};

/**
 * Reads the header block at `at`, whose checksum is right; `offset` is where in the archive it is.
 * @throws TarDamage where a number in it is none
 */
export const readHeader = (block: Buffer, at: number, offset: number): Header => {
  const size = numberIn(block, at, SIZE, offset);
  if (size < 0) throw new TarDamage("a member's size is negative", offset + SIZE.at);
  const type = block[at + 156] as number;
  return {
    type: type === 0 ? '0' : String.fromCharCode(type),
    size,
    mode: numberIn(block, at, MODE, offset) & 0o7777,
    uid: numberIn(block, at, OWNER, offset),
    gid: numberIn(block, at, GROUP, offset),
    modified: numberIn(block, at, TIME, offset),
  };
};

interface Field {
  readonly what: string;
  readonly at: number;
  readonly length: number;
}

const SIZE: Field = { what: 'size', at: 124, length: 12 };
const MODE: Field = { what: 'mode', at: 100, length: 8 };
const OWNER: Field = { what: 'owner', at: 108, length: 8 };
const GROUP: Field = { what: 'group', at: 116, length: 8 };
const TIME: Field = { what: 'time', at: 136, length: 12 };

const numberIn = (block: Buffer, start: number, { what, at, length }: Field, offset: number): number => {
  const value = readNumber(block, start + at, length);
  if (value === undefined) throw new TarDamage(`a member's ${what} is not a number`, offset + at);
  return value;
};

/** The part of some bytes before the first NUL. */
export const untilNul = (bytes: Buffer, start: number, end: number): Part => {
  let to = start;
  while (to < end && bytes[to] !== 0) to++;
  return { bytes, start, end: to };
};

/** What the header block at `at` says that a link leads to. */
export const linkIn = (block: Buffer, at: number): Part => untilNul(block, at + 157, at + 257);

/**
 * The name in the header block at `at`, with the prefix before it. POSIX headers have the beginning of a long name in
 * another place; those of GNU have times there.
 */
export const nameIn = (block: Buffer, at: number): Part => {
  const name = untilNul(block, at, at + 100);
  if (block[at + 345] === 0 || block.toString('latin1', at + 257, at + 263) !== 'ustar\0') return name;
  // star says so at the end of the block, and has times behind a shorter prefix.
  const isStar = block.toString('latin1', at + 508, at + 511) === 'tar';
  const prefix = untilNul(block, at + 345, at + (isStar ? 476 : 500));
  const whole = Buffer.concat([
    block.subarray(prefix.start, prefix.end),
    Buffer.from('/'),
    block.subarray(name.start, name.end),
  ]);
  return { bytes: whole, start: 0, end: whole.length };
};

/** A number in octal digits, or in base 256 where it does not fit; undefined where it is neither. Nothing is 0. */
export const readNumber = (block: Buffer, at: number, length: number): number | undefined => {
  const first = block[at] as number;
  return (first & 0x80) === 0 ? octal(block, at, length) : binary(block, at, length);
};

/** Blanks may stand before the digits; a blank or a NUL ends them. */
const octal = (block: Buffer, at: number, length: number): number | undefined => {
  const end = at + length;
  let i = at;
  while (i < end && block[i] === BLANK) i++;
  let value = 0;
  for (; i < end; i++) {
    const byte = block[i] as number;
    if (byte === BLANK || byte === 0) break;
    if (byte < 0x30 || byte > 0x37) return undefined;
    value = value * 8 + byte - 0x30;
  }
  return value;
};

/** Big-endian, with 0x80 before what is positive and 0xff before what is negative. */
const binary = (block: Buffer, at: number, length: number): number | undefined => {
  const first = block[at] as number;
  if (first !== 0x80 && first !== 0xff) return undefined;
  let value = first === 0xff ? -1n : 0n;
  for (let i = at + 1; i < at + length; i++) value = (value << 8n) | BigInt(block[i] as number);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
};
