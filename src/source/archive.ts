import { ArchiveBelow } from './archive-below.ts';
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
import type { ArchiveTree, Listing } from './tree/tree.ts';

/** The checkpoint that an archive holds, in memory. Of what is no part of it, nothing is known, and that is said. */
export class ArchiveSource implements Source {
  readonly name: string;
  readonly tree: ArchiveTree;
  readonly below: ArchiveBelow;
  /** Names in the root that were kept wherever they were: they are not there where they are not. */
  readonly #known: ReadonlySet<string>;

  constructor(name: string, tree: ArchiveTree, known: readonly string[] = []) {
    this.name = name;
    this.tree = tree;
    this.#known = new Set(known);
    this.below = new ArchiveBelow(tree);
  }

  /** What is at a path, links not followed. */
  #node(path: string): number | undefined {
    return this.#listed(path) ?? this.#lookedFor(path);
  }

  #lookedFor(path: string): number | undefined {
    const cut = path.lastIndexOf('/');
    if (cut <= 0) return path === '' ? this.tree.root : this.#child(this.tree.root, path, 0, path.length, path);
    const above = this.#folderAt(path, cut, path);
    return above === undefined ? undefined : this.#child(above, path, cut + 1, path.length, path);
  }

  /** Folders that were asked for, each in the one before it: what is asked for next is mostly in one of them. */
  readonly #trail: Step[] = [];

  /** The folder that the first `end` characters of a path lead to; `asked` is what it is looked for. */
  #folderAt(path: string, end: number, asked: string): number | undefined {
    const known = this.#knownOnTheWay(path, end);
    let folder = known?.folder ?? this.tree.root;
    for (let from = known === undefined ? 0 : known.path.length + 1; from < end; ) {
      const slash = path.indexOf('/', from);
      const to = slash < 0 || slash > end ? end : slash;
      const node = this.#child(folder, path, from, to, asked);
      if (!this.tree.isFolder(node)) return undefined;
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
      if (length === end ? begins(path, step.path) : length < end && isBelow(path, step.path)) return step;
    }
    return undefined;
  }

  /** Small folders that were listed last, with what is in them. */
  readonly #small: Listed[] = [];

  /** What is at a path whose folder is one of those; undefined where they do not tell. */
  #listed(path: string): number | undefined {
    for (let at = this.#small.length - 1; at >= 0; at--) {
      const { path: folder, entries, nodes } = this.#small[at] as Listed;
      if (!isBelow(path, folder)) continue;
      const name = path.slice(folder.length + 1);
      for (const [i, entry] of entries.entries()) if (entry.name === name) return nodes[i];
    }
    return undefined;
  }

  #rememberListed(listed: Listed): void {
    if (listed.path === '' || listed.entries.length > FEW) return;
    if (this.#small.length === MOST_LISTED) this.#small.shift();
    this.#small.push(listed);
  }

  /** Puts a folder at the end of the trail, behind the one that it is in. */
  #remember(path: string, folder: number): void {
    const trail = this.#trail;
    while (trail.length > 0 && !isBelow(path, (trail.at(-1) as Step).path)) trail.pop();
    trail.push({ path, folder });
  }

  /** What is in a folder under the name that `path` has from `start` to `end`. */
  #child(folder: number, path: string, start: number, end: number, asked: string): number | undefined {
    const { tree } = this;
    const child = tree.childOnPath(folder, path, start, end);
    if (child === undefined && tree.isPartial(folder)) {
      if (folder !== tree.root || !this.#known.has(path.slice(start, end))) throw notKept(asked);
    }
    return child;
  }

  list(folder: string): readonly Entry[] | Errno {
    const { tree } = this;
    const node = this.#node(folder);
    if (node === undefined) return { code: 'ENOENT' };
    if (!tree.isFolder(node)) return { code: 'ENOTDIR' };
    if (tree.isPartial(node) && node !== tree.root) throw notKept(folder);
    const { entries, nodes } = tree.list(node);
    if (folder !== '') this.#remember(folder, node);
    this.#rememberListed({ path: folder, entries, nodes });
    return entries;
  }

  kindOf(path: string): EntryKind | undefined {
    const node = this.#node(path);
    return node === undefined ? undefined : this.tree.kindOf(node);
  }

  /** What is at a path, where it is of this kind. */
  #ofKind(path: string, kind: EntryKind): number | undefined {
    const node = this.#node(path);
    return node !== undefined && this.tree.kindOf(node) === kind ? node : undefined;
  }

  specialKind(path: string): SpecialKind | undefined {
    const node = this.#ofKind(path, 'other');
    return node === undefined ? undefined : this.tree.specialOf(node);
  }

  linkTarget(path: string): string | Errno {
    const node = this.#node(path);
    if (node === undefined) return { code: 'ENOENT' };
    return this.tree.kindOf(node) === 'link' ? this.tree.targetOf(node) : { code: 'EINVAL' };
  }

  modified(path: string): number | undefined {
    const modifiedNs = this.modifiedNs(path);
    return modifiedNs === undefined ? undefined : Number(modifiedNs) / 1e6;
  }

  modifiedNs(path: string): bigint | undefined {
    const node = this.#ofKind(path, 'file');
    return node === undefined ? undefined : this.tree.modifiedNs(node);
  }

  attributes(path: string): Attributes | undefined {
    const node = this.#node(path);
    return node === undefined ? undefined : this.tree.attributesOf(node);
  }

  spotOf(folder: string): number | undefined {
    const node = this.#node(folder);
    return this.tree.isFolder(node) ? node : undefined;
  }

  open(path: string): OpenFile | Errno {
    const node = this.#node(path);
    if (node === undefined) return { code: 'ENOENT' };
    switch (this.tree.kindOf(node)) {
      case 'file':
        if (!this.tree.isKept(node)) throw notKept(path);
        return this.tree.open(node);
      case 'folder':
        return { code: 'EISDIR' };
      case 'link':
        return { code: 'ELOOP' };
      case 'other':
        return { code: 'ENXIO' };
    }
  }
}

interface Step {
  readonly path: string;
  readonly folder: number;
}

interface Listed extends Listing {
  readonly path: string;
}

/** So many names are compared faster than they are looked for. */
const FEW = 8;
/** What is read together lies in six folders. */
const MOST_LISTED = 8;

/** Whether a text begins with another one. For long ones, `startsWith` takes ten times as long. */
const begins = (text: string, other: string): boolean => text.slice(0, other.length) === other;

const isBelow = (path: string, folder: string): boolean =>
  path.length > folder.length && path.charCodeAt(folder.length) === SLASH && begins(path, folder);
const SLASH = 0x2f;

const notKept = (path: string): AccessDenied =>
  new AccessDenied(
    path,
    'of an archive only the files below meta are read, and this is not one of them; unpack it, and give the folder',
    'cannot follow',
  );
