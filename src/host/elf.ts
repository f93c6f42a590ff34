import { textOf } from '../text/lossless.ts';

/** What a program of ELF asks of the loader. */
export interface Linked {
  /** Names of libraries: `libssl.so.1.0.0`. */
  readonly needed: readonly string[];
  /** Folders that are looked through first. */
  readonly folders: readonly string[];
}

const PT_LOAD = 1n;
const PT_DYNAMIC = 2n;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const DT_RPATH = 15n;
const DT_RUNPATH = 29n;

/** The most that a table of one program is read: an agent's has some thirty rows. */
const MOST_ROWS = 4096;

/** Reads what a program is linked with (elf(5)); undefined where it is no ELF of 64 bits that can be read. */
export const linkedWith = (bytes: Buffer): Linked | undefined => {
  const isElf = bytes.length >= 64 && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
  if (!isElf) return undefined;
  const at = (offset: bigint): bigint | undefined =>
    offset >= 0n && offset + 8n <= BigInt(bytes.length) ? bytes.readBigUInt64LE(Number(offset)) : undefined;
  const segments = segmentsOf(bytes, at);
  const dynamic = segments.find(({ type }) => type === PT_DYNAMIC);
  if (dynamic === undefined) return undefined;
  const rows = rowsOf(dynamic, at);
  const strings = rows.find(({ tag }) => tag === DT_STRTAB);
  const home = segments.find(
    ({ type, address, size }) =>
      type === PT_LOAD && strings !== undefined && strings.value >= address && strings.value < address + size,
  );
  if (strings === undefined || home === undefined) return undefined;
  const base = strings.value - home.address + home.offset;
  const text = (index: bigint): readonly string[] => {
    const from = base + index;
    const end = from < BigInt(bytes.length) ? bytes.indexOf(0, Number(from)) : -1;
    return end < 0 ? [] : [textOf(bytes.subarray(Number(from), end))];
  };
  const of = (...tags: readonly bigint[]): readonly string[] =>
    rows.flatMap(({ tag, value }) => (tags.includes(tag) ? text(value) : []));
  return {
    needed: of(DT_NEEDED),
    folders: of(DT_RPATH, DT_RUNPATH).flatMap((each) => each.split(':').filter((folder) => folder !== '')),
  };
};

interface Segment {
  readonly type: bigint;
  readonly offset: bigint;
  readonly address: bigint;
  readonly size: bigint;
}

type At = (offset: bigint) => bigint | undefined;

const segmentsOf = (bytes: Buffer, at: At): readonly Segment[] => {
  const start = at(32n) ?? 0n;
  const [length, number] = [BigInt(bytes.readUInt16LE(54)), bytes.readUInt16LE(56)];
  return Array.from({ length: Math.min(number, MOST_ROWS) }, (_, i) => start + BigInt(i) * length).flatMap((from) => {
    const [head, offset, address, size] = [at(from), at(from + 8n), at(from + 16n), at(from + 32n)];
    if (head === undefined || offset === undefined || address === undefined || size === undefined) return [];
    return [{ type: head & 0xffffffffn, offset, address, size }];
  });
};

const rowsOf = ({ offset, size }: Segment, at: At): readonly { readonly tag: bigint; readonly value: bigint }[] => {
  const rows: { tag: bigint; value: bigint }[] = [];
  for (let from = offset; from < offset + size && rows.length < MOST_ROWS; from += 16n) {
    const [tag, value] = [at(from), at(from + 8n)];
    if (tag === undefined || value === undefined || tag === 0n) break;
    rows.push({ tag, value });
  }
  return rows;
};
