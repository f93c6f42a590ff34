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

const NO_DETAILS = { uid: 0, gid: 0, target: '', seconds: 0n };
const TYPES = { file: '0', folder: '5', link: '2', fifo: '6' } as const;
const SECOND = 1_000_000_000n;
/** What fits into twelve bytes of octal digits, and into eight. */
const MOST_LONG = 0o77777777777;
const MOST_SHORT = 0o7777777;

/** Blocks of an archive that are not given away yet: one buffer, so that a member costs no buffers of its own. */
export class TarBlocks {
  /** Behind what was added all is zero, so that what is padded with zeros need not be filled piece by piece. */
  #bytes: Buffer;
  #length = 0;
  /** So many bytes at the beginning are still those that were taken: who took them may look at them until more is added. */
  #used = 0;

  /** `room` is what is made room for at first, in bytes: there is more where more is added. */
  constructor(room: number) {
    this.#bytes = Buffer.alloc(room);
  }

  /** Bytes that were added and not taken. */
  get length(): number {
    return this.#length;
  }

  /** Adds a member in the format of POSIX: what does not fit into the header is in an extended one. */
  add(member: Written): void {
    this.begin(member, member.content.length);
    this.append(member.content);
    this.pad(member.content.length);
  }

  /** Begins a member: its content, of so many bytes, is then appended, in as many pieces as there are, and padded. */
  begin(member: Omit<Written, 'content'>, size: number): void {
    const { uid, gid, mode } = member;
    const name = binaryOf(member.kind === 'folder' ? `${member.name}/` : member.name);
    const target = binaryOf(member.target);
    const seconds = floorSeconds(member.modifiedNs);
    const extended = extendedRecords(member, size, name, target, seconds);
    if (extended !== '') {
      this.#extendedHeader(extended.length);
      const at = this.#zeros(Math.ceil(extended.length / BLOCK) * BLOCK);
      this.#bytes.write(extended, at, 'latin1');
    }
    this.#header({ name, type: TYPES[member.kind], size, mode, uid, gid, target, seconds });
  }

  /** Adds bytes of a member's content. */
  append(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#reserve(bytes.length);
    bytes.copy(this.#bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Ends a content of so many bytes, to a whole block. */
  pad(size: number): void {
    const over = size % BLOCK;
    if (over > 0) this.#zeros(BLOCK - over);
  }

  /** Adds what ends an archive of so many bytes: two blocks of zeros, and more to a whole record. */
  addEnd(length: number): void {
    const record = 20 * BLOCK;
    this.#zeros(Math.ceil((length + 2 * BLOCK) / record) * record - length);
  }

  /** What was added, until something is added again: the buffer is used once more. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#used = this.#length;
    this.#length = 0;
    return taken;
  }

  #header(header: Header): void {
    const at = this.#zeros(BLOCK);
    writeHeader(this.#bytes, at, header);
  }

  /** But for their sizes these headers are all the same. */
  #extendedHeader(size: number): void {
    const at = this.#zeros(BLOCK);
    this.#bytes.set(EXTENDED_HEADER, at);
    writeNumber(this.#bytes, at + 124, 12, size);
    writeSum(this.#bytes, at);
  }

  /** Adds zeros, and returns where they are. */
  #zeros(count: number): number {
    this.#reserve(count);
    const at = this.#length;
    this.#length += count;
    return at;
  }

  #reserve(more: number): void {
    if (this.#used > 0) {
      this.#bytes.fill(0, 0, this.#used);
      this.#used = 0;
    }
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** The blocks of one member. */
export const encodeMember = (member: Written): Buffer => {
  const blocks = new TarBlocks(4 * BLOCK);
  blocks.add(member);
  return blocks.take();
};

/** What ends an archive that has so many bytes. */
export const encodeEnd = (length: number): Buffer => {
  const blocks = new TarBlocks(BLOCK);
  blocks.addEnd(length);
  return blocks.take();
};

/** Bytes as a text of one character a byte, as long as they are. */
const binaryOf = (text: string): string => (isPlain(text) ? text : bytesOf(text).toString('latin1'));

/** What does not fit into a header, as records of an extended one, a character a byte. */
const extendedRecords = (
  member: Omit<Written, 'content'>,
  size: number,
  name: string,
  target: string,
  seconds: bigint,
): string => {
  let records = '';
  if (name.length > 100 || !isPlain(name)) records += record('path', name);
  if (target.length > 100 || !isPlain(target)) records += record('linkpath', target);
  if (size > MOST_LONG) records += record('size', String(size));
  if (member.uid > MOST_SHORT) records += record('uid', String(member.uid));
  if (member.gid > MOST_SHORT) records += record('gid', String(member.gid));
  const isWholeSecond = member.modifiedNs === seconds * SECOND && seconds >= 0n && seconds <= BigInt(MOST_LONG);
  if (!isWholeSecond) records += record('mtime', timeText(member.modifiedNs));
  return records;
};

/** A record of an extended header, whose length counts its own digits. */
const record = (key: string, value: string): string => {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  for (let digits = -1; digits !== String(length).length; length = rest.length + digits) digits = String(length).length;
  return `${length}${rest}`;
};

const isPlain = (text: string): boolean => Buffer.byteLength(text) === text.length;

interface Header {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly target: string;
  readonly seconds: bigint;
}

/** How many bytes of a header are filled: to the end of the version that is behind the magic. */
const FILLED = 265;

/** Fills a block of zeros. */
const writeHeader = (
  bytes: Buffer,
  at: number,
  { name, type, size, mode, uid, gid, target, seconds }: Header,
): void => {
  bytes.write(name, at, 100, 'latin1');
  writeNumber(bytes, at + 100, 8, mode);
  writeNumber(bytes, at + 108, 8, uid);
  writeNumber(bytes, at + 116, 8, gid);
  writeNumber(bytes, at + 124, 12, size);
  writeNumber(bytes, at + 136, 12, Math.max(0, Number(seconds)));
  bytes[at + 156] = type.charCodeAt(0);
  if (target !== '') bytes.write(target, at + 157, 100, 'latin1');
  bytes.set(MAGIC, at + 257);
  writeSum(bytes, at);
};

const MAGIC = Buffer.from('ustar\x0000', 'latin1');

/** Writes the sum of a header's bytes, in which its own are blanks. */
const writeSum = (bytes: Buffer, at: number): void => {
  let sum = 0;
  // Behind that all is zero.
  const end = at + FILLED;
  for (let i = at; i < end; i++) sum += bytes[i] as number;
  for (let i = at + 148; i < at + 156; i++) sum += 0x20 - (bytes[i] as number);
  writeNumber(bytes, at + 148, 7, sum);
  bytes[at + 155] = 0x20;
};

/** Octal digits and a NUL, `length` bytes; 0 where there are more digits, which an extended header then has. */
const writeNumber = (bytes: Buffer, at: number, length: number, value: number): void => {
  const most = length === 12 ? MOST_LONG : MOST_SHORT;
  let rest = value > most ? 0 : value;
  for (let i = at + length - 2; i >= at; i--) {
    bytes[i] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
  bytes[at + length - 1] = 0;
};

const EXTENDED_HEADER = Buffer.alloc(BLOCK);
writeHeader(EXTENDED_HEADER, 0, { name: 'PaxHeader', type: 'x', size: 0, mode: 0o644, ...NO_DETAILS });

const floorSeconds = (ns: bigint): bigint => (ns >= 0n ? ns / SECOND : -((-ns + SECOND - 1n) / SECOND));

/** Seconds with as many digits as there are, as POSIX has them. */
const timeText = (ns: bigint): string => {
  const sign = ns < 0n ? '-' : '';
  const size = ns < 0n ? -ns : ns;
  return `${sign}${size / SECOND}.${String(size % SECOND).padStart(9, '0')}`;
};
