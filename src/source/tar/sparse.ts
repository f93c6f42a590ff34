import { TarDamage } from './damage.ts';
import { BLOCK, readNumber } from './header.ts';
import { lastOf, numberOf, type PaxRecord, sizeIn } from './pax.ts';

/** A part of a file that is stored; what lies between two of them is zeros. In bytes. */
export interface Part {
  readonly offset: number;
  readonly length: number;
}

/** A file of which only some parts are stored, as GNU tar writes them one after the other. */
export interface Sparse {
  /** Bytes that the file has. */
  readonly size: number;
  readonly parts: readonly Part[];
}

/** Pairs of offset and length in a header of GNU's old format, and whether more of them follow in the next block. */
export const readOldMap = (block: Buffer, at: number, count: number, offset: number): readonly Part[] => {
  const parts: Part[] = [];
  for (let i = at; i < at + count * 24 && block[i] !== 0; i += 24) {
    const [from, length] = [readNumber(block, i, 12), readNumber(block, i + 12, 12)];
    if (from === undefined || length === undefined) throw new TarDamage('a sparse map has no number', offset + i);
    parts.push({ offset: from, length });
  }
  return parts;
};

/** Where GNU's old header has its map, how many parts it holds, and where it says that it goes on. */
export const OLD_HEADER = { map: 386, parts: 4, extended: 482, size: 483 } as const;
export const OLD_EXTENSION = { map: 0, parts: 21, extended: 504 } as const;

/** What extended headers say of a sparse file: a map, or that it stands before the content (format 1.0). */
export const readPaxMap = (
  records: readonly PaxRecord[],
  offset: number,
): { readonly size: number; readonly parts: readonly Part[] | 'before content' } | undefined => {
  const size = sizeIn(records, offset, 'GNU.sparse.realsize') ?? sizeIn(records, offset, 'GNU.sparse.size');
  if (numberOf(records, 'GNU.sparse.major') === 1) {
    if (size === undefined) throw new TarDamage('a sparse file has no size', offset);
    return { size, parts: 'before content' };
  }
  const map = lastOf(records, 'GNU.sparse.map')
    ?.toString('latin1')
    .split(',')
    .filter((text) => text !== '');
  const numbers = map ?? records.flatMap(({ key, value }) => (REPEATED.has(key) ? [value.toString('latin1')] : []));
  if (size === undefined) {
    if (numbers.length > 0) throw new TarDamage('a sparse file has no size', offset);
    return undefined;
  }
  return { size, parts: pairsOf(numbers, offset) };
};

const REPEATED = new Set(['GNU.sparse.offset', 'GNU.sparse.numbytes']);

/**
 * The map that stands before the content: how many parts, then offset and length of each, a number a line. Undefined
 * where it goes on behind what is there; `length` is what it takes, in whole blocks.
 */
export const readMapBefore = (
  content: Buffer,
  offset: number,
): { readonly parts: readonly Part[]; readonly length: number } | undefined => {
  const numbers: string[] = [];
  let wanted = 1;
  let at = 0;
  while (numbers.length < wanted) {
    const end = content.indexOf(0x0a, at);
    if (end < 0) return undefined;
    const text = content.toString('latin1', at, end);
    if (!/^[0-9]{1,15}$/.test(text)) throw new TarDamage('a sparse map has no number', offset + at);
    numbers.push(text);
    if (numbers.length === 1) wanted += 2 * Number(text);
    at = end + 1;
  }
  return { parts: pairsOf(numbers.slice(1), offset), length: Math.ceil(at / BLOCK) * BLOCK };
};

const pairsOf = (numbers: readonly string[], offset: number): readonly Part[] => {
  if (numbers.length % 2 !== 0) throw new TarDamage('a sparse map is not made of pairs', offset);
  const parts: Part[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    const part = { offset: Number(numbers[i]), length: Number(numbers[i + 1]) };
    if (!Number.isSafeInteger(part.offset + part.length)) throw new TarDamage('a sparse map has no number', offset);
    parts.push(part);
  }
  return parts;
};

/**
 * Checks that a map's parts are in order, lie in the file, and are what is stored.
 * @throws TarDamage where not
 */
export const checkMap = ({ size, parts }: Sparse, stored: number, offset: number): void => {
  let end = 0;
  let length = 0;
  for (const part of parts) {
    if (part.offset < end || part.offset + part.length > size)
      throw new TarDamage('a sparse map is out of order', offset);
    end = part.offset + part.length;
    length += part.length;
  }
  if (length !== stored) throw new TarDamage(`a sparse map tells of ${length} bytes, ${stored} are stored`, offset);
};
