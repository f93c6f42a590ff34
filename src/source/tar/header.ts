import { TarDamage } from './damage.ts';

/** The unit of a tar archive, in bytes: a header is one, and contents are padded to whole ones. */
export const BLOCK = 512;

/** A header block, as it is written: what extended headers say of the member comes on top. */
export interface Header {
  /** The type flag, one character; '0' where the block has a NUL. */
  readonly type: string;
  /** Bytes of the name, with the prefix before it. */
  readonly name: Buffer;
  readonly link: Buffer;
  /** Bytes that follow. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In seconds since 1970. */
  readonly modified: number;
}

/** Whether a block is all zeros: two of them end an archive. */
export const isNull = (block: Buffer): boolean => block.equals(ZEROS);
const ZEROS = Buffer.alloc(BLOCK);

/** Whether a block's checksum is right; old programs added the bytes as signed ones. */
export const isHeader = (block: Buffer): boolean => {
  const wanted = octal(block, SUM_AT, SUM_LENGTH);
  let sum = SUM_LENGTH * BLANK;
  for (let i = 0; i < BLOCK; i++) sum += block[i] as number;
  for (let i = SUM_AT; i < SUM_AT + SUM_LENGTH; i++) sum -= block[i] as number;
  return wanted === sum || wanted === signedSum(block);
};

const BLANK = 0x20;
/** The checksum itself counts as blanks. */
const SUM_AT = 148;
const SUM_LENGTH = 8;

const signedSum = (block: Buffer): number => {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= SUM_AT && i < SUM_AT + SUM_LENGTH ? BLANK : block.readInt8(i);
  return sum;
};

/**
 * Reads a header block whose checksum is right; `offset` is where it is.
 * @throws TarDamage where a number in it is none
 */
export const readHeader = (block: Buffer, offset: number): Header => {
  const number = (what: string, at: number, length: number): number => {
    const value = readNumber(block, at, length);
    if (value === undefined) throw new TarDamage(`a member's ${what} is not a number`, offset + at);
    return value;
  };
  const size = number('size', 124, 12);
  if (size < 0) throw new TarDamage("a member's size is negative", offset + 124);
  return {
    type: block[156] === 0 ? '0' : String.fromCharCode(block[156] as number),
    name: nameOf(block),
    link: untilNul(block.subarray(157, 257)),
    size,
    mode: number('mode', 100, 8) & 0o7777,
    uid: number('owner', 108, 8),
    gid: number('group', 116, 8),
    modified: number('time', 136, 12),
  };
};

/** A copy of the bytes before the first NUL. */
export const untilNul = (bytes: Buffer): Buffer => {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
};

/** POSIX headers have the beginning of a long name in another place; those of GNU have times there. */
const nameOf = (block: Buffer): Buffer => {
  const name = untilNul(block.subarray(0, 100));
  if (block.toString('latin1', 257, 263) !== 'ustar\0') return name;
  // star says so at the end of the block, and has times behind a shorter prefix.
  const isStar = block.toString('latin1', 508, 511) === 'tar';
  const prefix = untilNul(block.subarray(345, isStar ? 476 : 500));
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
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
