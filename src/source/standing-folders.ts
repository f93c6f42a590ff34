import type { Attributes, Entry, EntryKind, Errno, OpenFile, Source, SpecialKind } from './source.ts';

/** So many folders are remembered at most; then it begins anew. */
const MOST = 16_384;

/**
 * A source that asks once of each path whether it is a folder: for who follows thousands of paths through the same folders, in a
 * tree that he takes for what it was when he met it. Whatever is no folder is asked for again each time.
 */
export class StandingFolders implements Source {
  readonly name: string;
  readonly #base: Source;
  #folders = new Set<string>();

  constructor(base: Source) {
    this.name = base.name;
    this.#base = base;
  }

  kindOf(path: string): EntryKind | undefined {
    if (this.#folders.has(path)) return 'folder';
    const kind = this.#base.kindOf(path);
    if (kind === 'folder') {
      if (this.#folders.size === MOST) this.#folders = new Set();
      this.#folders.add(path);
    }
    return kind;
  }

  list(folder: string): readonly Entry[] | Errno {
    return this.#base.list(folder);
  }

  specialKind(path: string): SpecialKind | undefined {
    return this.#base.specialKind?.(path);
  }

  linkTarget(path: string): string | Errno {
    return this.#base.linkTarget(path);
  }

  modified(path: string): number | undefined {
    return this.#base.modified(path);
  }

  modifiedNs(path: string): bigint | undefined {
    return this.#base.modifiedNs?.(path);
  }

  attributes(path: string): Attributes | undefined {
    return this.#base.attributes?.(path);
  }

  open(path: string): OpenFile | Errno {
    return this.#base.open(path);
  }
}
