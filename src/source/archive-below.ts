import type { Below, Entry, Errno, Spot } from './source.ts';
import type { ArchiveTree } from './tree/tree.ts';

/** No node has the number. */
const NOTHING = -1;

/** Reads below folders of an archive, by the numbers of their nodes. */
export class ArchiveBelow implements Below {
  readonly #tree: ArchiveTree;

  constructor(tree: ArchiveTree) {
    this.#tree = tree;
  }

  list(folder: Spot): readonly Entry[] | Errno {
    const node = nodeOf(folder);
    if (node === NOTHING) return { code: 'ENOENT' };
    if (!this.#tree.isFolder(node)) return { code: 'ENOTDIR' };
    if (this.#tree.isPartial(node)) return { code: 'EACCES' };
    return this.#tree.list(node).entries;
  }

  found(folder: Spot, usual: readonly Entry[]): number {
    const node = nodeOf(folder);
    if (node === NOTHING || !this.#tree.isFolder(node) || this.#tree.isPartial(node)) return 0;
    return this.#tree.found(node, usual);
  }

  in(folder: Spot, name: string): number {
    const node = nodeOf(folder);
    if (node === NOTHING || !this.#tree.isFolder(node)) return NOTHING;
    return this.#tree.child(node, name) ?? NOTHING;
  }

  linkTarget(link: Spot): string | Errno {
    const node = nodeOf(link);
    if (node === NOTHING) return { code: 'ENOENT' };
    return this.#tree.kindOf(node) === 'link' ? this.#tree.targetOf(node) : { code: 'EINVAL' };
  }

  readInto(file: Spot, target: Buffer): number {
    const tree = this.#tree;
    const node = nodeOf(file);
    const isFile = node !== NOTHING && tree.kindOf(node) === 'file' && tree.isKept(node);
    return isFile ? tree.readInto(node, target) : -1;
  }
}

/** It makes no other spots. */
const nodeOf = (spot: Spot): number => spot as number;
