import { textOf } from '../../text/lossless.ts';
import type { SpecialKind } from '../source.ts';
import { TarDamage } from './damage.ts';
import { Extended } from './extended.ts';
import {
  BLOCK,
  Checksums,
  copyOf,
  type Header,
  isNull,
  linkIn,
  nameIn,
  type Part,
  readHeader,
  readNumber,
} from './header.ts';
import { numberOf, sizeOf } from './pax.ts';
import { checkMap, MapReader, OLD_EXTENSION, OLD_HEADER, readOldMap, readPaxMap } from './sparse.ts';

/** What a member of an archive is. */
export type MemberKind = 'file' | 'folder' | 'link' | 'hard link' | 'other';

/** A member of an archive, with all that extended headers say of it. */
export interface Member {
  /** Bytes of the name, which are there for as long as the member is being handed over. */
  readonly bytes: Part;
  /** The name as it is written, without loss (`text/lossless.ts`). */
  readonly name: string;
  readonly kind: MemberKind;
  /** Of `other`: what it is, where it is a FIFO or a device. */
  readonly special?: SpecialKind | undefined;
  /** Bytes that the file has, holes and all. */
  readonly size: number;
  /** What a link of either kind says; '' of what is none. */
  readonly target: string;
  /** The same as bytes, which are there as those of the name are. */
  readonly targetBytes: Part;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
  /** Where in the archive its header is, in bytes. */
  readonly at: number;
}

/** Takes what is in `bytes` from `start` to `end` as content from `position` on: what is to be kept of it is copied. */
export type TakeContent = (bytes: Buffer, start: number, end: number, position: number) => void;

/** What takes the members of an archive, one after the other, in their order. */
export interface Visitor {
  /** Takes a member; what takes its content, where that is wanted. */
  readonly member: (member: Member) => TakeContent | undefined;
  /** Whether a member of this name was put behind the end of an archive by whoever wrote it. */
  readonly joins?: (name: string) => boolean;
}

/** How an archive is read. */
export interface TarOptions {
  /**
   * The stream is known to be as it was written, by a checksum: zeros in it are those of whoever wrote it, and an archive
   * behind the end of another was put there.
   */
  readonly isChecked: boolean;
}

/** Blocks that the last record of an archive has at most, where nobody asks for others; so many zeros may end one. */
const USUAL_RECORD = 21;

/** What is wrong with bytes that do not begin an archive. */
export const NO_ARCHIVE = 'neither a folder nor a tar archive';

/** Types that are of the archive, not of a file: a label, lists of names, access control. */
const PASSED_OVER = new Set(['V', 'A', 'I', 'E']);

/** What comes next in the stream. */
type State = 'header' | 'extended' | 'sparse header' | 'sparse map' | 'content' | 'padding';

/**
 * Reads a tar archive that comes in chunks: the formats of V7, POSIX (ustar and pax), GNU and star, with names of any bytes
 * and length, and sparse files. Whatever is not as it must be is thrown; nothing is guessed, and nothing passed over.
 */
export class TarReader {
  readonly #visitor: Visitor;
  readonly #isChecked: boolean;
  /** Bytes of the stream that have been used up. */
  #offset = 0;
  /** A block of which not all bytes are there, and how many are. */
  readonly #block = Buffer.alloc(BLOCK);
  #waiting = 0;
  #state: State = 'header';
  /** Bytes that are left of what the state is about. */
  #left = 0;
  #padding = 0;
  #headerAt = 0;
  #nulls = 0;
  #members = 0;
  #member: MemberRead | undefined;
  readonly #checksums = new Checksums();
  readonly #extended = new Extended();
  // The content of the member: of a sparse file the size that it has, and offset and length of each part, in turn.
  #sparseHeader: Buffer | undefined;
  #sparseSize: number | undefined;
  #parts: readonly number[] = [];
  #oldParts: number[] = [];
  #map: MapReader | undefined;
  #part = 0;
  #partDone = 0;
  #take: TakeContent | undefined;
  /** When the last member was modified, in s and in ns: mostly, the next one was then, too. */
  #seconds = 0;
  #nanoseconds = 0n;

  constructor(visitor: Visitor, { isChecked }: TarOptions) {
    this.#visitor = visitor;
    this.#isChecked = isChecked;
  }

  /** Members that were read whole. */
  get members(): number {
    return this.#members;
  }

  /** The name of the member that is being read; '' between two. */
  get name(): string {
    return this.#member?.name ?? '';
  }

  /** Bytes of the stream that came in. */
  get offset(): number {
    return this.#offset + this.#waiting;
  }

  /**
   * Reads on. The chunk may be filled with others afterwards.
   * @throws TarDamage where what comes cannot be
   */
  write(chunk: Buffer): void {
    const end = chunk.length;
    let at = 0;
    try {
      at = this.#waiting === 0 ? 0 : this.#fill(chunk);
      while (at < end) {
        const used = this.#step(chunk, at, end);
        if (used === 0) break;
        this.#offset += used;
        at += used;
      }
    } finally {
      // Also where something is wrong: who tells of it tells the name of the member in which that is.
      this.#extended.keep();
      this.#member?.keep();
      this.#checksums.forget();
    }
    if (at < end) this.#waiting = chunk.copy(this.#block, 0, at, end);
  }

  /** Completes the block that waits; how many bytes of the chunk are of it. */
  #fill(chunk: Buffer): number {
    const count = chunk.copy(this.#block, this.#waiting, 0, BLOCK - this.#waiting);
    this.#waiting += count;
    if (this.#waiting < BLOCK) return count;
    this.#waiting = 0;
    this.#offset += this.#step(this.#block, 0, BLOCK);
    return count;
  }

  /**
   * Says that nothing comes any more.
   * @throws TarDamage where that is not where an archive ends
   */
  end(): void {
    const at = this.offset;
    if (at === 0) throw new TarDamage('nothing is there', 0);
    if (this.#offset === 0) throw new TarDamage(NO_ARCHIVE, 0);
    if (this.#state !== 'header' || this.#waiting > 0 || this.#extended.isPending) {
      throw new TarDamage('it ends in the middle of a member', at);
    }
    // An archive that was cut between two members looks whole but for this.
    if (this.#nulls === 0) throw new TarDamage('it ends without the mark that ends an archive', at);
    // How many zeros pad the last record is for whoever wrote it: tar -b.
  }

  /** Uses up some of the bytes from `at` to `end`; 0 where there are too few. */
  #step(bytes: Buffer, at: number, end: number): number {
    switch (this.#state) {
      case 'header':
        return end - at < BLOCK ? 0 : this.#readBlock(bytes, at);
      case 'sparse header':
        return end - at < BLOCK ? 0 : this.#readOldExtension(bytes, at);
      case 'extended':
        return this.#readExtended(bytes, at, end);
      case 'sparse map':
        return this.#readMap(bytes.subarray(at, end));
      case 'content':
        return this.#readContent(bytes, at, end);
      case 'padding': {
        const used = Math.min(end - at, this.#left);
        this.#left -= used;
        if (this.#left === 0) this.#state = 'header';
        return used;
      }
    }
  }

  #readBlock(bytes: Buffer, at: number): number {
    if (isNull(bytes, at)) {
      if (this.#extended.isPending) throw new TarDamage('an extended header has no member after it', this.#offset);
      this.#nulls++;
      return BLOCK;
    }
    if (!this.#checksums.isHeader(bytes, at)) {
      const problem = this.#offset === 0 ? NO_ARCHIVE : 'the header of a member is invalid: its checksum is wrong';
      throw new TarDamage(problem, this.#offset);
    }
    const header = readHeader(bytes, at, this.#offset);
    if (this.#nulls > 0) this.#startAnother(nameIn(bytes, at));
    this.#headerAt = this.#offset;
    const { type, size } = header;
    if (Extended.is(type)) {
      this.#extended.start(type, size, this.#offset);
      this.#state = 'extended';
      this.#left = size;
      this.#padding = paddingOf(size);
      if (size === 0) this.#endExtended();
      return BLOCK;
    }
    this.#sparseSize = undefined;
    if (type === 'S') {
      const sparse = Buffer.from(bytes.subarray(at, at + BLOCK));
      if (this.#startSparse(sparse)) return BLOCK;
    }
    this.#startMember(header, bytes, at);
    return BLOCK;
  }

  /** Reads the map in a header of GNU's old format; whether it goes on in the next block. */
  #startSparse(block: Buffer): boolean {
    const size = readNumber(block, OLD_HEADER.size, 12);
    if (size === undefined) throw new TarDamage('a sparse file has no size', this.#offset);
    this.#sparseSize = size;
    this.#oldParts = [];
    readOldMap(block, OLD_HEADER.map, OLD_HEADER.parts, this.#offset, this.#oldParts);
    this.#parts = this.#oldParts;
    if (block[OLD_HEADER.extended] === 0) return false;
    this.#sparseHeader = block;
    this.#state = 'sparse header';
    return true;
  }

  #readOldExtension(bytes: Buffer, at: number): number {
    const block = bytes.subarray(at, at + BLOCK);
    const { map, parts, extended } = OLD_EXTENSION;
    readOldMap(block, map, parts, this.#offset, this.#oldParts);
    if (block[extended] === 0 && this.#sparseHeader !== undefined) {
      this.#parts = this.#oldParts;
      this.#startMember(readHeader(this.#sparseHeader, 0, this.#headerAt), this.#sparseHeader, 0);
    }
    return BLOCK;
  }

  #readExtended(bytes: Buffer, at: number, end: number): number {
    const used = Math.min(end - at, this.#left);
    this.#extended.write(bytes, at, at + used);
    this.#left -= used;
    if (this.#left === 0) this.#endExtended();
    return used;
  }

  #endExtended(): void {
    this.#extended.end();
    this.#pad();
  }

  /** Hands the member over, whose header is at `at`, and goes on to its content. */
  #startMember(header: Header, block: Buffer, at: number): void {
    const { type } = header;
    if (type === 'M')
      throw new TarDamage('it is one volume of several, and begins in the middle of a file', this.#headerAt);
    const extended = this.#extended;
    let stored = sizeOf(extended.value('size'), this.#headerAt) ?? header.size;
    const map = type === 'S' || !extended.hasRecords ? undefined : readPaxMap(extended, this.#headerAt);
    const isBefore = map?.parts === 'before content';
    if (map !== undefined) {
      this.#sparseSize = map.size;
      this.#parts = map.parts === 'before content' ? [] : map.parts;
    }
    const name =
      partOf(extended.own('GNU.sparse.name') ?? extended.own('path')) ?? extended.longName ?? nameIn(block, at);
    const kind = kindOf(type, name);
    if (kind === undefined) throw new TarDamage(`a member is of a type that is not known, '${type}'`, this.#headerAt);
    const isPassedOver = kind === 'other' && PASSED_OVER.has(type);
    // Old programs give a hard link the size of the file that it is of; in pax, it may have the content again.
    const hasContent = kind === 'file' || type === 'D' || isPassedOver || (kind === 'hard link' && extended.hasRecords);
    if (!hasContent) stored = 0;
    const target = partOf(extended.own('linkpath')) ?? extended.longLink ?? linkIn(block, at);
    if (extended.hasRecords && (hasNul(name) || hasNul(target))) {
      throw new TarDamage('a name has a NUL in it', this.#headerAt);
    }
    const member = new MemberRead(name, kind, this.#sparseSize ?? stored, this.#headerAt);
    if (kind === 'link' || kind === 'hard link') member.targetBytes = target;
    if (kind === 'other') member.special = SPECIAL.get(type);
    member.mode = header.mode;
    member.uid = numberOf(extended.value('uid')) ?? header.uid;
    member.gid = numberOf(extended.value('gid')) ?? header.gid;
    member.modifiedNs = timeOf(extended.value('mtime')) ?? this.#timeAt(header.modified);
    extended.endMember();
    this.#member = member;
    this.#left = stored;
    this.#padding = paddingOf(stored);
    this.#take = isPassedOver ? undefined : this.#visitor.member(member);
    // What GNU's incremental archives put behind a folder is a list of its names.
    if (type === 'D') this.#take = undefined;
    if (isBefore) {
      this.#map = new MapReader(stored, this.#headerAt + BLOCK);
      this.#state = 'sparse map';
    } else {
      this.#state = 'content';
      this.#startContent();
    }
  }

  #timeAt(seconds: number): bigint {
    if (this.#seconds !== seconds) {
      this.#seconds = seconds;
      this.#nanoseconds = BigInt(seconds) * SECOND;
    }
    return this.#nanoseconds;
  }

  #readMap(bytes: Buffer): number {
    const map = this.#map;
    if (map === undefined) return 0;
    const used = map.write(bytes.subarray(0, Math.min(bytes.length, this.#left)));
    this.#left -= used;
    if (map.parts !== undefined) {
      this.#parts = map.parts;
      this.#map = undefined;
      this.#state = 'content';
      this.#startContent();
    } else if (this.#left === 0) throw new TarDamage('a sparse map does not end', this.#headerAt + BLOCK);
    return used;
  }

  #startContent(): void {
    const size = this.#sparseSize;
    if (size !== undefined) checkMap({ size, parts: this.#parts }, this.#left, this.#headerAt);
    this.#part = 0;
    this.#partDone = 0;
    if (this.#left === 0) this.#endMember();
  }

  #readContent(bytes: Buffer, start: number, end: number): number {
    const used = Math.min(end - start, this.#left);
    if (this.#sparseSize === undefined) {
      this.#take?.(bytes, start, start + used, this.#partDone);
      this.#partDone += used;
    } else this.#readParts(bytes, start, start + used);
    this.#left -= used;
    if (this.#left === 0) this.#endMember();
    return used;
  }

  /** Hands over the content of a sparse file, each part at its place. */
  #readParts(bytes: Buffer, start: number, end: number): void {
    for (let at = start; at < end; ) {
      const [offset, length] = [this.#parts[this.#part], this.#parts[this.#part + 1]];
      if (offset === undefined || length === undefined) {
        throw new TarDamage('a sparse map is too short', this.#offset);
      }
      const count = Math.min(end - at, length - this.#partDone);
      if (count > 0) this.#take?.(bytes, at, at + count, offset + this.#partDone);
      at += count;
      this.#partDone += count;
      if (this.#partDone === length) {
        this.#part += 2;
        this.#partDone = 0;
      }
    }
  }

  #endMember(): void {
    this.#members++;
    this.#member = undefined;
    this.#take = undefined;
    this.#pad();
  }

  #pad(): void {
    this.#left = this.#padding;
    this.#state = this.#left === 0 ? 'header' : 'padding';
  }

  /** Another archive follows: `cat a.tar b.tar`, or zeros that have covered members of the one archive. */
  #startAnother({ bytes, start, end }: Part): void {
    // The last record of an archive is filled with zeros: tar -b.
    const isJoined = this.#nulls <= USUAL_RECORD && this.#visitor.joins?.(textOf(bytes, start, end)) === true;
    if (!this.#isChecked && !isJoined) {
      throw new TarDamage(
        `${this.#nulls * BLOCK} zeros are in the middle: a part that was lost, or the end of one archive before another`,
        this.#offset - this.#nulls * BLOCK,
      );
    }
    this.#nulls = 0;
    this.#extended.endArchive();
  }
}

const NO_TARGET: Part = { bytes: Buffer.alloc(0), start: 0, end: 0 };

/** A member as it is read: its name becomes a text when that is asked for, and before its bytes are gone. */
class MemberRead implements Member {
  readonly bytes: Part;
  readonly kind: MemberKind;
  readonly size: number;
  readonly at: number;
  special: SpecialKind | undefined = undefined;
  targetBytes: Part = NO_TARGET;
  mode = 0;
  uid = 0;
  gid = 0;
  modifiedNs = 0n;
  #name: string | undefined;

  constructor(bytes: Part, kind: MemberKind, size: number, at: number) {
    this.bytes = bytes;
    this.kind = kind;
    this.size = size;
    this.at = at;
  }

  get target(): string {
    const { bytes, start, end } = this.targetBytes;
    return textOf(bytes, start, end);
  }

  get name(): string {
    this.#name ??= textOf(this.bytes.bytes, this.bytes.start, this.bytes.end);
    return this.#name;
  }

  /** The chunk that the bytes are in is used again: name and target stay. */
  keep(): void {
    this.#name ??= this.name;
    if (this.targetBytes !== NO_TARGET) this.targetBytes = copyOf(this.targetBytes);
  }
}

const partOf = (value: Buffer | undefined): Part | undefined => value && { bytes: value, start: 0, end: value.length };

const hasNul = ({ bytes, start, end }: Part): boolean => {
  for (let at = start; at < end; at++) if (bytes[at] === 0) return true;
  return false;
};

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

const SPECIAL: ReadonlyMap<string, SpecialKind> = new Map([
  ['3', 'device'],
  ['4', 'device'],
  ['6', 'fifo'],
]);

const kindOf = (type: string, { bytes, start, end }: Part): MemberKind | undefined => {
  switch (type) {
    case '0':
    case '7':
      // V7 has no type for folders.
      return end > start && bytes[end - 1] === 0x2f ? 'folder' : 'file';
    case 'S':
      return 'file';
    case '1':
      return 'hard link';
    case '2':
      return 'link';
    case '3':
    case '4':
    case '6':
      return 'other';
    case '5':
    case 'D':
      return 'folder';
    default:
      return PASSED_OVER.has(type) ? 'other' : undefined;
  }
};

const SECOND = 1_000_000_000n;

/** Seconds with a fraction, in ns. */
const timeOf = (value: Buffer | undefined): bigint | undefined => {
  if (value === undefined) return undefined;
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]*))?$/.exec(value.toString('latin1'));
  if (match === null) return undefined;
  const [, sign, seconds = '0', fraction = ''] = match;
  const time = BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -time : time;
};
