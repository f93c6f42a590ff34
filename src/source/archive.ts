import { compareTexts } from '../text/lossless.ts';
import {
  AccessDenied,
  type Attributes,
  type Entry,
  type EntryKind,
  type Errno,
  type OpenFile,
  type Source,
  type SpecialKind,
} from './source.ts';
import type { Part } from './tar/header.ts';

/** A stretch of a file's bytes, which are a part of a buffer; between two of them are zeros. */
export interface Extent extends Part {
  /** Where in the file it is. */
  readonly offset: number;
}

/** A file of an archive. */
export interface ArchiveFile {
  readonly kind: 'file';
  readonly size: number;
  /** In ascending order and apart; undefined where the content was not kept. */
  extents: Extent[] | undefined;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
  /** What went wrong when the file was read for the archive, and at which byte: a read that reaches it fails as it did. */
  failure?: { readonly code: string; readonly at: number };
  readonly attributes?: Attributes | undefined;
}

/** A folder of an archive. */
export interface ArchiveFolder {
  readonly kind: 'folder';
  readonly children: Map<string, ArchiveNode>;
  /** Something below it was in the archive, and was not kept. */
  isPartial: boolean;
  /** Not of one that only lies on the way to a member. */
  readonly attributes?: Attributes | undefined;
}

/** A member of an archive, as far as it was kept. */
export type ArchiveNode =
  | ArchiveFile
  | ArchiveFolder
  | { readonly kind: 'link'; readonly target: string; readonly attributes?: Attributes | undefined }
  | {
      readonly kind: 'other';
      readonly special?: SpecialKind | undefined;
      readonly attributes?: Attributes | undefined;
    };

/** An empty folder. */
export const emptyFolder = (attributes?: Attributes): ArchiveFolder => ({
  kind: 'folder',
  children: new Map(),
  isPartial: false,
  attributes,
});

/** The checkpoint that an archive holds, in memory. Of what is no part of it, nothing is known, and that is said. */
export class ArchiveSource implements Source {
  readonly name: string;
  readonly root: ArchiveFolder;
  /** Names in the root that were kept wherever they were: they are not there where they are not. */
  readonly #known: ReadonlySet<string>;

  constructor(name: string, root: ArchiveFolder, known: readonly string[] = []) {
    this.name = name;
    this.root = root;
    this.#known = new Set(known);
  }

  /** What is at a path, links not followed. */
  node(path: string): ArchiveNode | undefined {
    const cut = path.lastIndexOf('/');
    if (cut <= 0) return path === '' ? this.root : this.#child(this.root, path, path);
    const above = this.#folderAt(path, cut, path);
    return above && this.#child(above, path.slice(cut + 1), path);
  }

  /** Folders that were asked for, each in the one before it: what is asked for next is mostly in one of them. */
  readonly #trail: Step[] = [];

  /** The folder that the first `end` characters of a path lead to; `asked` is what it is looked for. */
  #folderAt(path: string, end: number, asked: string): ArchiveFolder | undefined {
    const known = this.#knownOnTheWay(path, end);
    let folder = known?.folder ?? this.root;
    for (let from = known === undefined ? 0 : known.path.length + 1; from < end; ) {
      const slash = path.indexOf('/', from);
      const to = slash < 0 || slash > end ? end : slash;
      const node = this.#child(folder, path.slice(from, to), asked);
      if (node?.kind !== 'folder') return undefined;
      folder = node;
      this.#remember(path.slice(0, to), folder);
      from = to + 1;
    }
    return folder;
  }

  /** The innermost folder of the trail that the first `end` characters of a path are, or lead through. */
  #knownOnTheWay(path: string, end: number): Step | undefined {
    for (let at = this.#trail.length - 1; at >= 0; at--) {
      const step = this.#trail[at] as Step;
      const { length } = step.path;
      if (length === end ? path.startsWith(step.path) : length < end && isBelow(path, step.path)) return step;
    }
    return undefined;
  }

  /** Puts a folder at the end of the trail, behind the one that it is in. */
  #remember(path: string, folder: ArchiveFolder): void {
    const trail = this.#trail;
    while (trail.length > 0 && !isBelow(path, (trail.at(-1) as Step).path)) trail.pop();
    trail.push({ path, folder });
  }

  #child(folder: ArchiveFolder, name: string, path: string): ArchiveNode | undefined {
    const child = folder.children.get(name);
    if (child === undefined && folder.isPartial && !(folder === this.root && this.#known.has(name)))
      throw notKept(path);
    return child;
  }

  list(folder: string): readonly Entry[] | Errno {
    const node = this.node(folder);
    if (node === undefined) return { code: 'ENOENT' };
    if (node.kind !== 'folder') return { code: 'ENOTDIR' };
    if (node.isPartial && node !== this.root) throw notKept(folder);
    if (folder !== '') this.#remember(folder, node);
    const entries: Entry[] = [];
    for (const [name, { kind }] of node.children) entries.push({ name, kind });
    return entries.length < 2 ? entries : entries.sort((a, b) => compareTexts(a.name, b.name));
  }

  kindOf(path: string): EntryKind | undefined {
    return this.node(path)?.kind;
  }

  specialKind(path: string): SpecialKind | undefined {
    const node = this.node(path);
    return node?.kind === 'other' ? node.special : undefined;
  }

  linkTarget(path: string): string | Errno {
    const node = this.node(path);
    return node?.kind === 'link' ? node.target : { code: node === undefined ? 'ENOENT' : 'EINVAL' };
  }

  modified(path: string): number | undefined {
    const node = this.node(path);
    return node?.kind === 'file' ? Number(node.modifiedNs) / 1e6 : undefined;
  }

  modifiedNs(path: string): bigint | undefined {
    const node = this.node(path);
    return node?.kind === 'file' ? node.modifiedNs : undefined;
  }

  attributes(path: string): Attributes | undefined {
    return this.node(path)?.attributes;
  }

  open(path: string): OpenFile | Errno {
    const node = this.node(path);
    switch (node?.kind) {
      case 'file':
        if (node.extents === undefined) throw notKept(path);
        return new OpenExtents(node, node.extents);
      case 'folder':
        return { code: 'EISDIR' };
      case 'link':
        return { code: 'ELOOP' };
      case 'other':
        return { code: 'ENXIO' };
      default:
        return { code: 'ENOENT' };
    }
  }
}

interface Step {
  readonly path: string;
  readonly folder: ArchiveFolder;
}

const isBelow = (path: string, folder: string): boolean =>
  path.length > folder.length && path.charCodeAt(folder.length) === SLASH && path.startsWith(folder);
const SLASH = 0x2f;

const notKept = (path: string): AccessDenied =>
  new AccessDenied(
    path,
    'of an archive only the files below meta are read, and this is not one of them; unpack it, and give the folder',
    'cannot follow',
  );

/** A file whose bytes are in pieces, with zeros between them. */
export class OpenExtents implements OpenFile {
  readonly #file: ArchiveFile;
  readonly #extents: readonly Extent[];
  constructor(file: ArchiveFile, extents: readonly Extent[]) {
    this.#file = file;
    this.#extents = extents;
  }

  size(): number {
    return this.#file.size;
  }

  read(target: Buffer, at: number, length: number, position: number): number | Errno {
    const { failure, size } = this.#file;
    const last = Math.min(size, failure?.at ?? size);
    const count = Math.min(length, target.length - at, Math.max(0, last - position));
    if (count === 0) return failure !== undefined && length > 0 ? { code: failure.code } : 0;
    const first = this.#firstBehind(position);
    const only = this.#extents[first];
    const isCovered =
      only !== undefined && only.offset <= position && only.offset + only.end - only.start >= position + count;
    if (!isCovered) target.fill(0, at, at + count);
    for (let i = first; i < this.#extents.length; i++) {
      const { offset, bytes, start, end } = this.#extents[i] as Extent;
      if (offset >= position + count) break;
      const from = Math.max(0, position - offset);
      const to = Math.min(end - start, position + count - offset);
      bytes.copy(target, at + offset + from - position, start + from, start + to);
    }
    return count;
  }

  zerosAt(position: number): number {
    const { failure, size } = this.#file;
    const next = this.#extents[this.#firstBehind(position)]?.offset ?? size;
    return Math.max(0, Math.min(next, failure?.at ?? size) - position);
  }

  close(): void {
    // Nothing is held.
  }

  /** The first extent that ends behind a position. */
  #firstBehind(position: number): number {
    let [low, high] = [0, this.#extents.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { offset, start, end } = this.#extents[middle] as Extent;
      if (offset + end - start > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** All the bytes of a file that was kept. Throws `RangeError` where it is larger than a buffer can be. */
export const contentOf = (file: ArchiveFile): Buffer => {
  const whole = Buffer.alloc(file.size);
  for (const { offset, bytes, start, end } of file.extents ?? []) bytes.copy(whole, offset, start, end);
  return whole;
};

/** Puts a node at a path, making folders on the way; what was there is replaced, but that a folder stays. */
export const place = (
  root: ArchiveFolder,
  parts: readonly string[],
  node: ArchiveNode,
): 'placed' | 'below no folder' => {
  const folder = folderAt(root, parts.slice(0, -1));
  const name = parts.at(-1);
  if (folder === undefined) return 'below no folder';
  if (name === undefined) return 'placed';
  const before = folder.children.get(name);
  if (node.kind === 'folder' && before?.kind === 'folder') return 'placed';
  folder.children.set(name, node);
  return 'placed';
};

/** A folder by its path; made where nothing is, undefined where something else is. */
export const folderAt = (root: ArchiveFolder, parts: readonly string[]): ArchiveFolder | undefined => {
  let folder = root;
  for (const part of parts) {
    let child = folder.children.get(part);
    if (child === undefined) {
      child = emptyFolder();
      folder.children.set(part, child);
    }
    if (child.kind !== 'folder') return undefined;
    folder = child;
  }
  return folder;
};

/** What is at a path from a folder; undefined where nothing is. */
export const nodeAt = (root: ArchiveFolder, parts: readonly string[]): ArchiveNode | undefined => {
  let node: ArchiveNode | undefined = root;
  for (const part of parts) node = node?.kind === 'folder' ? node.children.get(part) : undefined;
  return node;
};
