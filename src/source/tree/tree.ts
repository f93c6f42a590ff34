import { bytesOf, compareTexts } from '../../text/lossless.ts';
import { type ArchiveFile, type Extent, OpenExtents } from '../extents.ts';
import type { Attributes, Entry, EntryKind, OpenFile, SpecialKind } from '../source.ts';
import type { Part } from '../tar/header.ts';
import { AttributeTable } from './attributes.ts';
import { Contents } from './contents.ts';
import { Entries, NOTHING } from './entries.ts';
import { Int32s } from './numbers.ts';
import { Targets } from './targets.ts';

/** What a node is to be. */
export type NewNode =
  | { readonly kind: 'folder'; readonly attributes?: Attributes | undefined }
  | { readonly kind: 'link'; readonly target: string; readonly attributes?: Attributes | undefined }
  | {
      readonly kind: 'other';
      readonly special?: SpecialKind | undefined;
      readonly attributes?: Attributes | undefined;
    }
  /** `isKept`: its content is; that comes later. */
  | { readonly kind: 'file'; readonly size: number; readonly isKept: boolean; readonly attributes: Attributes };

/** A name in a folder, and the node that it stands for. */
export interface Child {
  readonly name: string;
  readonly node: number;
}

/** What is in a folder, sorted, and the node of each. */
export interface Listing {
  readonly entries: readonly Entry[];
  readonly nodes: readonly number[];
}

/** So many names are put into their order one by one. */
const FEW = 8;

const KINDS: readonly EntryKind[] = ['file', 'folder', 'link', 'other'];
const FILE = 0;
const FOLDER = 1;
const LINK = 2;
const OTHER = 3;
const SPECIAL: readonly (SpecialKind | undefined)[] = [undefined, 'fifo', 'socket', 'device'];

/** What a node is, in one number: its kind, a mark, and one more than where its attributes are. */
const KIND_MASK = 3;
/** Of a file: its content is kept. Of a folder: something below it was in the archive, and was not kept. */
const MARK = 4;
const ATTRIBUTES_BIT = 3;

/**
 * A tree of files in memory, of which each node is a number: a hundred thousand objects, with a `Map` for each folder, would take
 * several times as much. A node may stand under several names, and none is ever taken out.
 */
export class ArchiveTree {
  readonly #entries = new Entries();
  readonly #contents = new Contents();
  readonly #targets = new Targets();
  readonly #attributes = new AttributeTable();
  readonly #given: ArchiveFile[] = [];
  readonly #what = new Int32s();
  /** Of a folder its last entry, of a file where its content is, of a link where its target is, of another what it is. */
  readonly #data = new Int32s();
  /** Of a folder, how many names in it stand for something. */
  readonly #counts = new Int32s();
  #root: number;
  /** The entry that `childOfBytes` found last. */
  #asked = NOTHING;

  constructor() {
    this.#root = this.add({ kind: 'folder' });
  }

  /** The folder that paths begin in. */
  get root(): number {
    return this.#root;
  }

  /** Makes another folder of the tree its root. */
  beginIn(folder: number): void {
    this.#root = folder;
  }

  /** Adds a node, which no name stands for yet. */
  add(node: NewNode): number {
    const { kind, attributes } = node;
    const said = attributes === undefined ? 0 : this.#attributes.add(kind, attributes) + 1;
    switch (node.kind) {
      case 'file':
        return this.#push(FILE | (node.isKept ? MARK : 0), said, this.#contents.add(node.size));
      case 'folder':
        return this.#push(FOLDER, said, NOTHING);
      case 'link':
        return this.#push(LINK, said, this.#addTarget(bytesOf(node.target)));
      case 'other':
        return this.#push(OTHER, said, SPECIAL.indexOf(node.special));
    }
  }

  /** Adds a link, whose target is some bytes. */
  addLink({ bytes, start, end }: Part, attributes: Attributes): number {
    return this.#push(LINK, this.#attributes.add('link', attributes) + 1, this.#targets.add(bytes, start, end));
  }

  /** Adds a file whose bytes are elsewhere. */
  addGiven(file: ArchiveFile): number {
    return this.#push(FILE | MARK, 0, -this.#given.push(file));
  }

  #addTarget(target: Buffer): number {
    return this.#targets.add(target, 0, target.length);
  }

  #push(what: number, said: number, data: number): number {
    this.#data.push(data);
    this.#counts.push(0);
    return this.#what.push(what | (said << ATTRIBUTES_BIT));
  }

  kindOf(node: number): EntryKind {
    return KINDS[this.#what.at(node) & KIND_MASK] as EntryKind;
  }

  isFolder(node: number | undefined): node is number {
    return node !== undefined && (this.#what.at(node) & KIND_MASK) === FOLDER;
  }

  /** What is in a folder under a name; undefined where nothing is. */
  child(folder: number, name: string): number | undefined {
    return this.#nodeOf(this.#entries.findText(folder, name));
  }

  /** The same of a name that is in a path, from `start` to `end`. */
  childOnPath(folder: number, path: string, start: number, end: number): number | undefined {
    return this.#nodeOf(this.#entries.findText(folder, path, start, end));
  }

  /** The same of a name that is `bytes[start, end)`. */
  childOfBytes(folder: number, bytes: Buffer, start: number, end: number): number | undefined {
    this.#asked = this.#entries.find(folder, bytes, start, end);
    return this.#nodeOf(this.#asked);
  }

  #nodeOf(entry: number): number | undefined {
    const node = entry === NOTHING ? NOTHING : this.#entries.nodeOf(entry);
    return node === NOTHING ? undefined : node;
  }

  /** Has a name in a folder stand for a node from now on. */
  set(folder: number, name: string, node: number): void {
    const bytes = bytesOf(name);
    const entry = this.#entries.find(folder, bytes, 0, bytes.length);
    if (this.#nodeOf(entry) === undefined) this.#setMissed(entry, folder, bytes, 0, bytes.length, node);
    else this.#entries.setNode(entry, node);
  }

  /** The same of a name that is `bytes[start, end)`, which `childOfBytes` was asked for last, and stands for nothing. */
  setMissed(folder: number, bytes: Buffer, start: number, end: number, node: number): void {
    this.#setMissed(this.#asked, folder, bytes, start, end, node);
  }

  #setMissed(entry: number, folder: number, bytes: Buffer, start: number, end: number, node: number): void {
    if (entry === NOTHING) {
      this.#data.set(folder, this.#entries.addMissed(folder, bytes, start, end, node, this.#data.at(folder)));
    } else this.#entries.setNode(entry, node);
    this.#counts.set(folder, this.#counts.at(folder) + 1);
  }

  /** Has a name in a folder stand for nothing. */
  remove(folder: number, name: string): void {
    this.#remove(folder, this.#entries.findText(folder, name));
  }

  /** Removes all that is in a folder. */
  clear(folder: number): void {
    for (let entry = this.#data.at(folder); entry !== NOTHING; entry = this.#entries.before(entry)) {
      this.#remove(folder, entry);
    }
  }

  #remove(folder: number, entry: number): void {
    if (this.#nodeOf(entry) === undefined) return;
    this.#entries.setNode(entry, NOTHING);
    this.#counts.set(folder, this.#counts.at(folder) - 1);
  }

  /** How many names a folder has. */
  countIn(folder: number): number {
    return this.#counts.at(folder);
  }

  /** What is in a folder, in the order in which its names came. */
  children(folder: number): readonly Child[] {
    const children: Child[] = [];
    for (let entry = this.#data.at(folder); entry !== NOTHING; entry = this.#entries.before(entry)) {
      const node = this.#nodeOf(entry);
      if (node !== undefined) children.push({ name: this.#entries.textOf(entry), node });
    }
    return children.reverse();
  }

  /** The same, sorted by the bytes of the names, and what each is. */
  list(folder: number): Listing {
    const entries: Entry[] = [];
    const nodes: number[] = [];
    if (this.#counts.at(folder) > FEW) {
      for (const { name, node } of this.children(folder).toSorted((a, b) => compareTexts(a.name, b.name))) {
        entries.push({ name, kind: this.kindOf(node) });
        nodes.push(node);
      }
      return { entries, nodes };
    }
    for (let entry = this.#data.at(folder); entry !== NOTHING; entry = this.#entries.before(entry)) {
      const node = this.#nodeOf(entry);
      if (node === undefined) continue;
      const name = this.#entries.textOf(entry);
      let at = entries.length;
      for (; at > 0 && compareTexts((entries[at - 1] as Entry).name, name) > 0; at--) {
        entries[at] = entries[at - 1] as Entry;
        nodes[at] = nodes[at - 1] as number;
      }
      entries[at] = { name, kind: this.kindOf(node) };
      nodes[at] = node;
    }
    return { entries, nodes };
  }

  /** Which of some entries a folder has: see `Below.found`. */
  found(folder: number, usual: readonly Entry[]): number {
    let found = 0;
    for (let entry = this.#data.at(folder); entry !== NOTHING; entry = this.#entries.before(entry)) {
      const node = this.#nodeOf(entry);
      if (node === undefined) continue;
      const name = this.#entries.textOf(entry);
      let at = 0;
      while (at < usual.length && (usual[at] as Entry).name !== name) at++;
      if (usual[at]?.kind !== this.kindOf(node)) return 0;
      found |= 1 << at;
    }
    return found;
  }

  /** Whether something below a folder was in the archive, and was not kept. */
  isPartial(folder: number): boolean {
    return (this.#what.at(folder) & MARK) !== 0;
  }

  setPartial(folder: number, isPartial: boolean): void {
    const what = this.#what.at(folder);
    this.#what.set(folder, isPartial ? what | MARK : what & ~MARK);
  }

  /** What was said of a node; undefined of a folder that only lies on the way to a member. */
  attributesOf(node: number): Attributes | undefined {
    const said = this.#what.at(node) >>> ATTRIBUTES_BIT;
    return said === 0 ? undefined : this.#attributes.at(said - 1);
  }

  /** Where a link leads. */
  targetOf(link: number): string {
    return this.#targets.textAt(this.#data.at(link));
  }

  /** What a node is that is neither file nor folder nor link. */
  specialOf(other: number): SpecialKind | undefined {
    return SPECIAL[this.#data.at(other)];
  }

  /**
   * Adds bytes to the content of a file that is kept, and was added last: `bytes[start, end)`, which it has from `offset` on. `count`
   * is told what that takes, before it is taken.
   */
  keep(bytes: Buffer, start: number, end: number, offset: number, count: (bytes: number) => void): void {
    this.#contents.keep(bytes, start, end, offset, count);
  }

  /** Whether the content of a file is kept. */
  isKept(file: number): boolean {
    return (this.#what.at(file) & MARK) !== 0;
  }

  sizeOf(file: number): number {
    const content = this.#data.at(file);
    return content < 0 ? this.#givenAt(content).size : this.#contents.sizeOf(content);
  }

  modifiedNs(file: number): bigint | undefined {
    const content = this.#data.at(file);
    return content < 0 ? this.#givenAt(content).modifiedNs : this.attributesOf(file)?.modifiedNs;
  }

  /** A file as it is read. */
  open(file: number): OpenFile {
    const content = this.#data.at(file);
    return content < 0 ? new OpenExtents(this.#givenAt(content)) : this.#contents.open(content);
  }

  /** Reads all of a file into `target`, and gives its size; -1 where it is not smaller than that, or its bytes are elsewhere. */
  readInto(file: number, target: Buffer): number {
    const content = this.#data.at(file);
    if (content < 0) return -1;
    const size = this.#contents.sizeOf(content);
    if (size >= target.length) return -1;
    this.#contents.readInto(content, target);
    return size;
  }

  /** The stretches of a file's content, in ascending order and apart. */
  extentsOf(file: number): readonly Extent[] {
    const content = this.#data.at(file);
    return content < 0 ? this.#givenAt(content).extents : this.#contents.extentsOf(content);
  }

  #givenAt(content: number): ArchiveFile {
    return this.#given[-content - 1] as ArchiveFile;
  }

  /** What is at a path; undefined where nothing is. */
  nodeAt(parts: readonly string[]): number | undefined {
    let node: number | undefined = this.#root;
    for (const part of parts) node = this.isFolder(node) ? this.child(node, part) : undefined;
    return node;
  }

  /** A folder by its path; made where nothing is, undefined where something else is. */
  folderAt(parts: readonly string[]): number | undefined {
    let folder = this.#root;
    for (const part of parts) {
      let child = this.child(folder, part);
      if (child === undefined) {
        child = this.add({ kind: 'folder' });
        this.set(folder, part, child);
      }
      if (!this.isFolder(child)) return undefined;
      folder = child;
    }
    return folder;
  }

  /** Puts a node at a path, making folders on the way; what was there is replaced, but that a folder stays. */
  place(parts: readonly string[], node: number): void {
    const folder = this.folderAt(parts.slice(0, -1));
    const name = parts.at(-1);
    if (folder === undefined || name === undefined) return;
    if (this.isFolder(node) && this.isFolder(this.child(folder, name))) return;
    this.set(folder, name, node);
  }
}
