import { type Below, type Entry, type Errno, isErrno, join, type Source, type Spot } from './source.ts';

/** See `Below.found`: the same of what a folder was listed to have. */
export const foundIn = (entries: readonly Entry[] | Errno, usual: readonly Entry[]): number => {
  if (isErrno(entries)) return 0;
  let found = 0;
  for (const { name, kind } of entries) {
    const at = usual.findIndex((each) => each.name === name);
    if (usual[at]?.kind !== kind) return 0;
    found |= 1 << at;
  }
  return found;
};

/** Reads below the folders of any source, by their paths in it. */
export class PathsBelow implements Below {
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  list(folder: Spot): readonly Entry[] | Errno {
    return this.#source.list(pathOf(folder));
  }

  found(folder: Spot, usual: readonly Entry[]): number {
    return foundIn(this.list(folder), usual);
  }

  in(folder: Spot, name: string): string {
    return join(pathOf(folder), name);
  }

  linkTarget(link: Spot): string | Errno {
    return this.#source.linkTarget(pathOf(link));
  }

  readInto(file: Spot, target: Buffer): number {
    return this.#source.readInto?.(pathOf(file), target) ?? this.#readOpened(pathOf(file), target);
  }

  #readOpened(path: string, target: Buffer): number {
    const file = this.#source.open(path);
    if (isErrno(file)) return -1;
    try {
      let length = 0;
      for (;;) {
        const count = file.read(target, length, target.length - length, length);
        if (isErrno(count)) return -1;
        if (count === 0) return length;
        length += count;
        if (length === target.length) return -1;
      }
    } finally {
      file.close();
    }
  }
}

/** The path that a spot is of what makes no others. */
export const pathOf = (spot: Spot): string => spot as string;
