import { sizeText } from '../../text/words.ts';
import { UnusableArchive } from '../collect.ts';
import type { ArchiveFile, Extent } from '../extents.ts';
import type { Limits } from '../limits.ts';
import { Slabs } from '../slabs.ts';
import type { Member, TakeContent, Visitor } from '../tar/reader.ts';
import { DamagedArchive } from '../unpack.ts';
import { isTooLong } from '../unpacked.ts';
import { complaintsIn } from './complaints.ts';
import { CollectedNode, type CollectedStat } from './node.ts';
import { type CollectedRecord, FIRST_LINE, recordsIn } from './records.ts';
import { type CollectedAbout, type CollectedSpace, CollectedTree } from './tree.ts';

/** The first member of what `contrib/collect.sh` writes, by which that is known. */
export const MANIFEST = 'mesos-ckpt.collect';
/** Those behind it, with more of the same. */
const RECORDS = /^mesos-ckpt\.collect\.\d+$/;
/** The last one, without which it was cut off: what tar said while it read. */
const END = 'mesos-ckpt.collect.end';

/** What a path takes in memory besides its content, about. */
const NODE_SIZE = 512;

/** Takes the members of what `contrib/collect.sh` wrote, and keeps all of it, up to a size. */
export class HostCollector implements Visitor {
  readonly #limits: Limits;
  readonly #root = new CollectedNode();
  readonly #slabs = new Slabs();
  /** Of a member that has not come whole yet. */
  readonly #records: Buffer[] = [];
  readonly #end: Buffer[] = [];
  readonly #trees: string[] = [];
  /** Folders that tar has read. */
  readonly #folders = new Set<CollectedNode>();
  readonly #spaces = new Map<string, CollectedSpace>();
  readonly #headers = new Map<string, string>();
  readonly #workDirs: string[] = [];
  /** Which of the members came last. */
  #state: 'nothing' | 'records' | 'files' | 'end' = 'nothing';
  #bytes = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  readonly member = (member: Member): TakeContent | undefined => {
    if (this.#state === 'end') throw new DamagedArchive('there are members after its last one');
    // What came before is whole by now.
    this.#takeRecords();
    const next = this.#stateAt(member);
    if (next === undefined) throw new DamagedArchive(`its member ${member.name.slice(0, 200)} is not where it belongs`);
    const isFirst = this.#state === 'nothing';
    this.#state = next;
    if (next === 'files') return this.#take(member);
    const pieces = next === 'end' ? this.#end : this.#records;
    if (next === 'records' && !isFirst) pieces.push(Buffer.from(`${FIRST_LINE}\n`));
    return (bytes, start, end) => {
      this.#count(end - start);
      pieces.push(Buffer.from(bytes.subarray(start, end)));
    };
  };

  /** Records come first, then what tar took, then what tar said of that; undefined where a member is not in this order. */
  #stateAt({ name, kind }: Member): 'records' | 'files' | 'end' | undefined {
    if (kind === 'file' && name === END) return this.#state === 'nothing' ? undefined : 'end';
    if (kind === 'file' && name === MANIFEST) return this.#state === 'nothing' ? 'records' : undefined;
    if (kind === 'file' && RECORDS.test(name)) return this.#state === 'records' ? 'records' : undefined;
    return name.startsWith('./') && this.#state !== 'nothing' ? 'files' : undefined;
  }

  /** Behind what tar wrote, which ends as an archive does, the script writes one member more. */
  readonly joins = (name: string): boolean => name === END && this.#state === 'files';

  /**
   * The host, when all members came.
   * @throws DamagedArchive where some are missing, or contradict one another
   */
  finish(): CollectedTree {
    if (this.#state !== 'end')
      throw new DamagedArchive('it was cut off before its last member; collect the host again');
    const end = Buffer.concat(this.#end);
    const first = `${FIRST_LINE}\n`;
    if (end.toString('latin1', 0, first.length) !== first)
      throw new DamagedArchive('its last member is not that of mesos-ckpt collect');
    for (const tree of this.#trees) this.#takeTree(this.#node(tree));
    for (const complaint of complaintsIn(end, first.length)) {
      if (complaint.kind === 'of all') {
        throw new DamagedArchive(`tar did not read the host whole: ${complaint.text.slice(0, 200)}`);
      }
      const node = this.#node(complaint.path);
      node.reason = complaint.reason;
      node.content = undefined;
      node.isListed = false;
    }
    return new CollectedTree(this.#root, this.#about(), this.#spaces);
  }

  /** One that was there when the script looked, and vanished before tar came, has no names that anybody knows. */
  #takeTree(top: CollectedNode): void {
    if (this.#folders.has(top)) listAll(top);
    else top.reason = 'changed';
  }

  #about(): CollectedAbout {
    const header = (name: string): string | undefined => this.#headers.get(name);
    const time = header('time') ?? '';
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) || Number.isNaN(Date.parse(time))) {
      throw new DamagedArchive('its manifest does not say when it was made');
    }
    const hostName = header('host')?.split('\n')[0]?.trim();
    return {
      hostName: hostName === '' ? undefined : hostName,
      time,
      isLive: header('root') === '/',
      isRedacted: header('redacted') === 'yes',
      isRoot: header('uid') === '0',
      workDirs: this.#workDirs,
    };
  }

  #takeRecords(): void {
    if (this.#records.length === 0) return;
    for (const record of recordsIn(Buffer.concat(this.#records))) this.#apply(record);
    this.#records.length = 0;
  }

  #apply(record: CollectedRecord): void {
    switch (record.kind) {
      case 'header':
        this.#headers.set(record.name, record.value);
        return;
      case 'work_dir':
        this.#workDirs.push(record.path);
        return;
      case 'space': {
        const [block = 0, all = 0, free = 0, inodes = 0, freeInodes = 0] = record.numbers;
        this.#spaces.set(record.path, { size: block * all, free: block * free, inodes, freeInodes });
        return;
      }
      case 'tree':
        this.#trees.push(record.path);
        return;
      default:
        applyTo(this.#node(record.path), record);
    }
  }

  #take(member: Member): TakeContent | undefined {
    const node = this.#node(member.name);
    if (member.kind === 'hard link') {
      const same = this.#node(member.target);
      node.stat = same.stat;
      node.content = same.content;
      return undefined;
    }
    node.isNothing = false;
    node.stat = statOf(member);
    node.special = member.special;
    if (member.kind === 'link') node.target = member.target;
    if (member.kind === 'folder') this.#folders.add(node);
    if (member.kind !== 'file') return undefined;
    const extents: Extent[] = [];
    node.content = { size: member.size, extents, modifiedNs: member.modifiedNs };
    return (bytes, start, end, position) => this.#slabs.keep(extents, bytes, start, end, position, this.#count);
  }

  /** The node at a path, made where it is not there yet. */
  #node(path: string): CollectedNode {
    const names = path.split('/').filter((name) => name !== '' && name !== '.');
    if (names.includes('..') || isTooLong(names)) throw new DamagedArchive('a path in it is not one of a host');
    let node = this.#root;
    for (const name of names) {
      let child = node.children.get(name);
      if (child === undefined) {
        this.#count(NODE_SIZE + 2 * name.length);
        child = new CollectedNode();
        node.children.set(name, child);
      }
      node = child;
    }
    return node;
  }

  readonly #count = (bytes: number): void => {
    this.#bytes += bytes;
    if (this.#bytes <= this.#limits.bytes) return;
    throw new UnusableArchive(
      `what was collected takes more than ${sizeText(this.#limits.bytes)}: raise --max-size, or look at it on the host`,
    );
  };
}

type OfPath = Extract<
  CollectedRecord,
  { kind: 'stat' | 'nothing' | 'link' | 'content' | 'unseen' | 'listed' | 'program' }
>;

const applyTo = (node: CollectedNode, record: OfPath): void => {
  if (record.kind === 'nothing') {
    node.isNothing = true;
    return;
  }
  // What is said later counts: it came, or it is another thing by now.
  node.isNothing = false;
  switch (record.kind) {
    case 'stat':
      node.stat = record.stat;
      return;
    case 'link':
      node.target = record.target;
      return;
    case 'listed':
      node.isListed = true;
      return;
    case 'content':
      node.content = { size: record.bytes.length, extents: extentsOf(record.bytes), modifiedNs: 0n };
      return;
    case 'program':
      node.isNoScript = true;
      return;
    case 'unseen':
      node.reason = record.reason;
  }
};

const extentsOf = (bytes: Buffer): ArchiveFile['extents'] =>
  bytes.length === 0 ? [] : [{ offset: 0, bytes, start: 0, end: bytes.length }];

/** Bits of a mode that say what something is. */
const FORMATS = { file: 0o100000, folder: 0o040000, link: 0o120000, other: 0o060000 } as const;

const statOf = ({ kind, mode, uid, gid, size, modifiedNs }: Member): CollectedStat => {
  const own = kind === 'hard link' ? 'file' : kind;
  return { kind: own, mode: FORMATS[own] | mode, uid, gid, size, modified: Number(modifiedNs / 1_000_000n) };
};

/** Says that all is there that is in a folder, and in those in it. */
const listAll = (top: CollectedNode): void => {
  const waiting = [top];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.kind !== 'folder' || node.stat === undefined) continue;
    node.isListed = true;
    for (const child of node.children.values()) waiting.push(child);
  }
};
