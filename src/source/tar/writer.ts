import { bytesOf } from '../../text/lossless.ts';
import { BLOCK } from './header.ts';

/** A member that is written. */
export interface Written {
  /** Without `/` at its end; names of folders get one. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'fifo';
  readonly content: Buffer;
  /** Of a link. */
  readonly target: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
}

const TYPES = { file: '0', folder: '5', link: '2', fifo: '6' } as const;
const SECOND = 1_000_000_000n;
/** What fits into twelve bytes of octal digits, and into eight. */
const MOST_LONG = 0o77777777777;
const MOST_SHORT = 0o7777777;

/** The blocks of a member, in the format of POSIX: what does not fit into the header is in an extended one. */
export const encodeMember = (member: Written): Buffer => {
  const name = bytesOf(member.kind === 'folder' ? `${member.name}/` : member.name);
  const target = bytesOf(member.target);
  const seconds = floorSeconds(member.modifiedNs);
  const records: Buffer[] = [];
  if (name.length > 100 || !isPlain(name)) records.push(record('path', name));
  if (target.length > 100 || !isPlain(target)) records.push(record('linkpath', target));
  if (member.content.length > MOST_LONG) records.push(record('size', text(member.content.length)));
  if (member.uid > MOST_SHORT) records.push(record('uid', text(member.uid)));
  if (member.gid > MOST_SHORT) records.push(record('gid', text(member.gid)));
  const isWholeSecond = member.modifiedNs === seconds * SECOND && seconds >= 0n && seconds <= BigInt(MOST_LONG);
  if (!isWholeSecond) records.push(record('mtime', text(timeText(member.modifiedNs))));
  const extended = Buffer.concat(records);
  return Buffer.concat([
    ...(extended.length === 0 ? [] : [header(Buffer.from('PaxHeader'), 'x', extended.length, 0o644), padded(extended)]),
    header(name, TYPES[member.kind], member.content.length, member.mode, { ...member, target, seconds }),
    padded(member.content),
  ]);
};

/** What ends an archive that has so many bytes: two blocks of zeros, and more to a whole record. */
export const encodeEnd = (length: number): Buffer => {
  const record = 20 * BLOCK;
  return Buffer.alloc(Math.ceil((length + 2 * BLOCK) / record) * record - length);
};

/** A record of an extended header, whose length counts its own digits. */
const record = (key: string, value: Buffer): Buffer => {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length;
  for (let digits = -1; digits !== String(length).length; length = rest.length + digits) digits = String(length).length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
};

const text = (value: number | string): Buffer => Buffer.from(String(value));

const isPlain = (bytes: Buffer): boolean => bytes.every((byte) => byte < 0x80);

const padded = (bytes: Buffer): Buffer =>
  bytes.length % BLOCK === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(BLOCK - (bytes.length % BLOCK))]);

interface Details {
  readonly uid: number;
  readonly gid: number;
  readonly target: Buffer;
  readonly seconds: bigint;
}

const header = (name: Buffer, type: string, size: number, mode: number, details?: Details): Buffer => {
  const block = Buffer.alloc(BLOCK);
  const number = (value: number, at: number, length: number): void => {
    const most = length === 12 ? MOST_LONG : MOST_SHORT;
    block.write(`${(value > most ? 0 : value).toString(8).padStart(length - 1, '0')}\0`, at);
  };
  name.copy(block, 0, 0, 100);
  number(mode, 100, 8);
  number(details?.uid ?? 0, 108, 8);
  number(details?.gid ?? 0, 116, 8);
  number(size, 124, 12);
  number(Math.max(0, Number(details?.seconds ?? 0n)), 136, 12);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  details?.target.copy(block, 157, 0, 100);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
};

const floorSeconds = (ns: bigint): bigint => (ns >= 0n ? ns / SECOND : -((-ns + SECOND - 1n) / SECOND));

/** Seconds with as many digits as there are, as POSIX has them. */
const timeText = (ns: bigint): string => {
  const sign = ns < 0n ? '-' : '';
  const size = ns < 0n ? -ns : ns;
  return `${sign}${size / SECOND}.${String(size % SECOND).padStart(9, '0')}`;
};
