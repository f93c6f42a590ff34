import { textOf } from '../../text/lossless.ts';
import type { SpecialKind } from '../source.ts';
import { TarDamage } from './damage.ts';
import { BLOCK, type Header, isHeader, isNull, readHeader, readNumber, untilNul } from './header.ts';
import { lastOf, numberOf, type PaxRecord, readPax, sizeIn } from './pax.ts';
import {
  checkMap,
  OLD_EXTENSION,
  OLD_HEADER,
  type Part,
  readMapBefore,
  readOldMap,
  readPaxMap,
  type Sparse,
} from './sparse.ts';

/** What a member of an archive is. */
export type MemberKind = 'file' | 'folder' | 'link' | 'hard link' | 'other';

/** A member of an archive, with all that extended headers say of it. */
export interface Member {
  /** As it is written, without loss (`text/lossless.ts`). */
  readonly name: string;
  readonly kind: MemberKind;
  /** Of `other`: what it is, where it is a FIFO or a device. */
  readonly special?: SpecialKind | undefined;
  /** Bytes that the file has, holes and all. */
  readonly size: number;
  /** What a link of either kind says. */
  readonly target: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
}

/** What takes the members of an archive, one after the other, in their order. */
export interface Visitor {
  /** Takes a member; what takes its content, where that is wanted. */
  readonly member: (member: Member) => ((bytes: Buffer, position: number) => void) | undefined;
}

/** How an archive is read. */
export interface TarOptions {
  /**
   * The stream is known to be as it was written, by a checksum: zeros in it are those of whoever wrote it, and an archive
   * behind the end of another was put there.
   */
  readonly isChecked: boolean;
}

const NO_ARCHIVE = 'not a folder, and no tar archive';

/** Extended headers are small: names, times and maps. */
const MAX_EXTENDED = 16 * 1024 * 1024;

/** Types that are of the archive, not of a file: a label, lists of names, access control. */
const PASSED_OVER = new Set(['V', 'A', 'I', 'E']);
const EXTENDED = new Set(['x', 'X', 'g', 'L', 'K', 'N']);

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
  /** Bytes that wait for more of them. */
  #waiting: Buffer = Buffer.alloc(0);
  #state: State = 'header';
  /** Bytes that are left of what the state is about. */
  #left = 0;
  #padding = 0;
  #header: Header | undefined;
  #headerAt = 0;
  #extended: Buffer[] = [];
  #nulls = 0;
  #members = 0;
  #name = '';
  // What extended headers said of the next member, and of all.
  #global: readonly PaxRecord[] = [];
  #local: readonly PaxRecord[] = [];
  #longName: Buffer | undefined;
  #longLink: Buffer | undefined;
  // The content of the member.
  #sparse: Sparse | undefined;
  #parts: readonly Part[] = [];
  #part = 0;
  #partDone = 0;
  #take: ((bytes: Buffer, position: number) => void) | undefined;

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
    return this.#name;
  }

  /** Bytes of the stream that came in. */
  get offset(): number {
    return this.#offset + this.#waiting.length;
  }

  /**
   * Reads on.
   * @throws TarDamage where what comes cannot be
   */
  write(chunk: Buffer): void {
    let bytes = this.#waiting.length === 0 ? chunk : Buffer.concat([this.#waiting, chunk]);
    for (;;) {
      const used = this.#step(bytes);
      if (used === 0) break;
      this.#offset += used;
      bytes = bytes.subarray(used);
    }
    this.#waiting = Buffer.from(bytes);
  }

  /**
   * Says that nothing comes any more.
   * @throws TarDamage where that is not where an archive ends
   */
  end(): void {
    const at = this.offset;
    if (at === 0) throw new TarDamage('nothing is there', 0);
    if (this.#offset === 0) throw new TarDamage(NO_ARCHIVE, 0);
    if (this.#state !== 'header' || this.#waiting.length > 0 || this.#hasPending()) {
      throw new TarDamage('it ends in the middle of a member', at);
    }
    // An archive that was cut between two members looks whole but for this.
    if (this.#nulls === 0) throw new TarDamage('it ends without the mark that ends an archive', at);
    // How many zeros pad the last record is for whoever wrote it: tar -b.
  }

  /** Uses up some of the bytes; 0 where there are too few. */
  #step(bytes: Buffer): number {
    switch (this.#state) {
      case 'header':
        return bytes.length < BLOCK ? 0 : this.#readBlock(bytes.subarray(0, BLOCK));
      case 'sparse header':
        return bytes.length < BLOCK ? 0 : this.#readOldExtension(bytes.subarray(0, BLOCK));
      case 'extended':
        return this.#readExtended(bytes);
      case 'sparse map':
        return this.#readMap(bytes);
      case 'content':
        return this.#readContent(bytes);
      case 'padding': {
        const used = Math.min(bytes.length, this.#left);
        this.#left -= used;
        if (this.#left === 0) this.#state = 'header';
        return used;
      }
    }
  }

  #readBlock(block: Buffer): number {
    if (isNull(block)) {
      if (this.#hasPending()) throw new TarDamage('an extended header has no member behind it', this.#offset);
      this.#nulls++;
      return BLOCK;
    }
    if (!isHeader(block)) {
      const problem = this.#offset === 0 ? NO_ARCHIVE : 'what is there is no header of a member: its checksum is wrong';
      throw new TarDamage(problem, this.#offset);
    }
    if (this.#nulls > 0) this.#startAnother();
    this.#headerAt = this.#offset;
    const header = readHeader(block, this.#offset);
    this.#header = header;
    if (EXTENDED.has(header.type)) {
      if (header.size > MAX_EXTENDED) throw new TarDamage('an extended header is larger than 16 MiB', this.#offset);
      this.#extended = [];
      this.#state = 'extended';
      this.#left = header.size;
      this.#padding = paddingOf(header.size);
      if (header.size === 0) this.#endExtended();
      return BLOCK;
    }
    this.#sparse = undefined;
    if (header.type === 'S') {
      const size = readNumber(block, OLD_HEADER.size, 12);
      if (size === undefined) throw new TarDamage('a sparse file has no size', this.#offset);
      this.#sparse = { size, parts: readOldMap(block, OLD_HEADER.map, OLD_HEADER.parts, this.#offset) };
      if (block[OLD_HEADER.extended] !== 0) {
        this.#state = 'sparse header';
        return BLOCK;
      }
    }
    this.#startMember(header);
    return BLOCK;
  }

  #readOldExtension(block: Buffer): number {
    const { map, parts, extended } = OLD_EXTENSION;
    const sparse = this.#sparse ?? { size: 0, parts: [] };
    this.#sparse = { size: sparse.size, parts: [...sparse.parts, ...readOldMap(block, map, parts, this.#offset)] };
    if (block[extended] === 0 && this.#header !== undefined) {
      this.#startMember(this.#header);
    }
    return BLOCK;
  }

  #readExtended(bytes: Buffer): number {
    const used = Math.min(bytes.length, this.#left);
    this.#extended.push(Buffer.from(bytes.subarray(0, used)));
    this.#left -= used;
    if (this.#left === 0) this.#endExtended();
    return used;
  }

  #endExtended(): void {
    const content = Buffer.concat(this.#extended);
    this.#extended = [];
    const at = this.#headerAt + BLOCK;
    switch (this.#header?.type) {
      case 'g':
        this.#global = [...this.#global, ...readPax(content, at)];
        break;
      case 'L':
      case 'N':
        this.#longName = untilNul(content);
        break;
      case 'K':
        this.#longLink = untilNul(content);
        break;
      default:
        this.#local = [...this.#local, ...readPax(content, at)];
    }
    this.#pad();
  }

  /** Hands the member over, and goes on to its content. */
  #startMember(header: Header): void {
    const { type } = header;
    if (type === 'M')
      throw new TarDamage('it is one volume of several, and begins in the middle of a file', this.#headerAt);
    const all = [...this.#global, ...this.#local];
    const hasPax = this.#local.length > 0;
    let stored = sizeIn(all, this.#headerAt) ?? header.size;
    let before = false;
    const map = type === 'S' ? undefined : readPaxMap(this.#local, this.#headerAt);
    if (map !== undefined) {
      before = map.parts === 'before content';
      this.#sparse = { size: map.size, parts: map.parts === 'before content' ? [] : map.parts };
    }
    const name = lastOf(this.#local, 'GNU.sparse.name') ?? lastOf(this.#local, 'path') ?? this.#longName ?? header.name;
    const kind = kindOf(type, name);
    if (kind === undefined) throw new TarDamage(`a member is of a type that is not known, '${type}'`, this.#headerAt);
    const isPassedOver = PASSED_OVER.has(type);
    // Old programs give a hard link the size of the file that it is of; in pax, it may have the content again.
    const hasContent = kind === 'file' || type === 'D' || isPassedOver || (kind === 'hard link' && hasPax);
    if (!hasContent) stored = 0;
    const target = lastOf(this.#local, 'linkpath') ?? this.#longLink ?? header.link;
    if (name.includes(0) || target.includes(0)) throw new TarDamage('a name has a NUL in it', this.#headerAt);
    const member: Member = {
      name: textOf(name),
      kind,
      special: SPECIAL.get(type),
      size: this.#sparse?.size ?? stored,
      target: textOf(target),
      mode: header.mode,
      uid: numberOf(all, 'uid') ?? header.uid,
      gid: numberOf(all, 'gid') ?? header.gid,
      modifiedNs: timeOf(lastOf(all, 'mtime')) ?? BigInt(header.modified) * SECOND,
    };
    this.#local = [];
    this.#longName = undefined;
    this.#longLink = undefined;
    this.#name = member.name;
    this.#left = stored;
    this.#padding = paddingOf(stored);
    this.#take = isPassedOver ? undefined : this.#visitor.member(member);
    // What GNU's incremental archives put behind a folder is a list of its names.
    if (type === 'D') this.#take = undefined;
    this.#state = before ? 'sparse map' : 'content';
    if (!before) this.#startContent();
  }

  #readMap(bytes: Buffer): number {
    const content = bytes.subarray(0, Math.min(bytes.length, this.#left));
    const at = this.#headerAt + BLOCK;
    const map = readMapBefore(content, at);
    if (map === undefined || map.length > content.length) {
      if (content.length === this.#left || content.length > MAX_EXTENDED) {
        throw new TarDamage('a sparse map does not end', at);
      }
      return 0;
    }
    this.#sparse = { size: this.#sparse?.size ?? 0, parts: map.parts };
    this.#left -= map.length;
    this.#state = 'content';
    this.#startContent();
    return map.length;
  }

  #startContent(): void {
    if (this.#sparse !== undefined) checkMap(this.#sparse, this.#left, this.#headerAt);
    this.#parts = this.#sparse?.parts ?? [{ offset: 0, length: this.#left }];
    this.#part = 0;
    this.#partDone = 0;
    if (this.#left === 0) this.#endMember();
  }

  #readContent(bytes: Buffer): number {
    const used = Math.min(bytes.length, this.#left);
    for (let at = 0; at < used; ) {
      const part = this.#parts[this.#part];
      if (part === undefined) throw new TarDamage('a sparse map is too short', this.#offset);
      const count = Math.min(used - at, part.length - this.#partDone);
      if (count > 0) this.#take?.(bytes.subarray(at, at + count), part.offset + this.#partDone);
      at += count;
      this.#partDone += count;
      if (this.#partDone === part.length) {
        this.#part++;
        this.#partDone = 0;
      }
    }
    this.#left -= used;
    if (this.#left === 0) this.#endMember();
    return used;
  }

  #endMember(): void {
    this.#members++;
    this.#name = '';
    this.#take = undefined;
    this.#pad();
  }

  #pad(): void {
    this.#left = this.#padding;
    this.#state = this.#left === 0 ? 'header' : 'padding';
  }

  /** Another archive follows: `cat a.tar b.tar`, or zeros that have covered members of the one archive. */
  #startAnother(): void {
    if (!this.#isChecked) {
      throw new TarDamage(
        `${this.#nulls * BLOCK} zeros are in the middle: a part that was lost, or the end of one archive before another`,
        this.#offset - this.#nulls * BLOCK,
      );
    }
    this.#nulls = 0;
    this.#global = [];
  }

  #hasPending(): boolean {
    return this.#local.length > 0 || this.#longName !== undefined || this.#longLink !== undefined;
  }
}

const paddingOf = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

const SPECIAL: ReadonlyMap<string, SpecialKind> = new Map([
  ['3', 'device'],
  ['4', 'device'],
  ['6', 'fifo'],
]);

const kindOf = (type: string, name: Buffer): MemberKind | undefined => {
  switch (type) {
    case '0':
    case '7':
      // V7 has no type for folders.
      return name.at(-1) === 0x2f ? 'folder' : 'file';
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
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]*))?$/.exec(value?.toString('latin1') ?? '');
  if (match === null) return undefined;
  const [, sign, seconds = '0', fraction = ''] = match;
  const time = BigInt(seconds) * SECOND + BigInt(fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -time : time;
};
