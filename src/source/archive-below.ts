import type { Below, Entry, Errno } from './source.ts';
import type { ArchiveTree, Listing } from './tree/tree.ts';

/** So many names are compared faster than they are looked for. */
const FEW = 8;
const SLASH = 0x2f;

/** A folder that was listed, by its path. */
interface Listed extends Listing {
  readonly path: string;
}

/**
 * Reads what lies below one folder of an archive after the other, by paths that begin with the folder's number, which are half as
 * long as those from the root. Who lists a folder asks for what is in it next.
 */
export class ArchiveBelow implements Below {
  readonly #tree: ArchiveTree;
  /** Small folders below the one that a path was asked for last. */
  #listed: Listed[] = [];

  constructor(tree: ArchiveTree) {
    this.#tree = tree;
  }

  /** The path for a folder, below which is asked for what follows. */
  placeOf(folder: number): string {
    this.#listed = [];
    return String(folder);
  }

  list(path: string): readonly Entry[] | Errno {
    const tree = this.#tree;
    const node = this.#node(path);
    if (node === undefined) return { code: 'ENOENT' };
    if (!tree.isFolder(node)) return { code: 'ENOTDIR' };
    if (tree.isPartial(node)) return { code: 'EACCES' };
    const { entries, nodes } = tree.list(node);
    if (entries.length <= FEW) this.#listed.push({ path, entries, nodes });
    return entries;
  }

  linkTarget(path: string): string | Errno {
    const node = this.#node(path);
    if (node === undefined) return { code: 'ENOENT' };
    return this.#tree.kindOf(node) === 'link' ? this.#tree.targetOf(node) : { code: 'EINVAL' };
  }

  readInto(path: string, target: Buffer): number {
    const tree = this.#tree;
    const node = this.#node(path);
    return node !== undefined && tree.kindOf(node) === 'file' && tree.isKept(node) ? tree.readInto(node, target) : -1;
  }

  /** What is at a path; undefined where nothing is. */
  #node(path: string): number | undefined {
    for (let at = this.#listed.length - 1; at >= 0; at--) {
      const { path: folder, entries, nodes } = this.#listed[at] as Listed;
      if (path.charCodeAt(folder.length) !== SLASH || path.slice(0, folder.length) !== folder) continue;
      const name = path.slice(folder.length + 1);
      for (let i = 0; i < entries.length; i++) if ((entries[i] as Entry).name === name) return nodes[i];
    }
    return this.#lookedFor(path);
  }

  #lookedFor(path: string): number | undefined {
    const tree = this.#tree;
    const first = path.indexOf('/');
    let node: number | undefined = Number(first < 0 ? path : path.slice(0, first));
    for (let from = first + 1; from > 0; ) {
      if (!tree.isFolder(node)) return undefined;
      const slash = path.indexOf('/', from);
      node = tree.childOnPath(node, path, from, slash < 0 ? path.length : slash);
      from = slash + 1;
    }
    return node;
  }
}
