import type { FolderKind } from '../layout/folders.ts';
import { META } from '../layout/names.ts';
import { advance } from '../program/progress.ts';
import { type Entry, type EntryKind, type Errno, isErrno, join, type Source } from '../source/source.ts';
import type { Side } from './sides.ts';

/** How much of each kind a folder holds that one tree has and the other lacks. */
export type Holds = Readonly<Partial<Record<FolderKind, number>>>;

/** What is at a path in two trees, and differs. */
export interface Unlike {
  /** Relative to the work_dir. */
  readonly path: string;
  /** What is there in the first tree, and in the second; undefined where nothing is. */
  readonly a: EntryKind | undefined;
  readonly b: EntryKind | undefined;
  /** Of a folder that one of them lacks, what it holds, where that is known already. */
  readonly holds?: Holds | undefined;
  /** What both have in a file, where that is known already. */
  readonly sides?: { readonly a: Side; readonly b: Side } | undefined;
}

/**
 * Where the two are known to differ at a folder that one of them has, or both, by the path of the folder it lies in and its name; undefined
 * where that has to be looked for.
 */
export type KnownUnlike = (folder: string, name: string) => readonly Unlike[] | undefined;

/** Bytes of two files that are compared at a time. */
const PIECE = 64 * 1024;

/**
 * Where the checkpoints of two trees differ, in the order of the paths: a folder that one of them lacks is told once,
 * without what is below it. No link is followed, and of files all bytes count.
 */
export function* unlikeIn(a: Source, b: Source, known?: KnownUnlike): Generator<Unlike> {
  const compare = new Comparer(a, b, known, () => advance());
  const kinds = [a.kindOf(META), b.kindOf(META)] as const;
  yield* compare.at(META, kinds[0], kinds[1]);
}

/** Compares what is at a path in two trees, one path after the other. */
export class Comparer {
  readonly #a: Source;
  readonly #b: Source;
  readonly #known: KnownUnlike;
  readonly #onFolder: () => void;
  readonly #first = Buffer.allocUnsafeSlow(PIECE);
  readonly #second = Buffer.allocUnsafeSlow(PIECE);

  /** `onFolder` is told of each folder that is looked into, in both trees. */
  constructor(a: Source, b: Source, known: KnownUnlike = () => undefined, onFolder = (): void => {}) {
    this.#a = a;
    this.#b = b;
    this.#known = known;
    this.#onFolder = onFolder;
  }

  /** Where they differ at a path and below it. */
  *at(path: string, a: EntryKind | undefined, b: EntryKind | undefined): Generator<Unlike> {
    if (a === undefined && b === undefined) return;
    if (a === 'folder' && b === 'folder') yield* this.#below(path);
    else if (a === undefined || a !== b || !this.#isAlike(path, a)) yield { path, a, b };
  }

  *#below(path: string): Generator<Unlike> {
    this.#onFolder();
    const [a, b] = [this.#a.list(path), this.#b.list(path)];
    // What cannot be listed differs from what can.
    if (isErrno(a) || isErrno(b)) {
      if (isErrno(a) !== isErrno(b)) yield { path, a: 'folder', b: 'folder' };
      return;
    }
    for (const { name, first, second } of paired(a, b)) {
      const isFolder = (first ?? second) === 'folder' && (second ?? first) === 'folder';
      const known = isFolder ? this.#known(path, name) : undefined;
      yield* known ?? this.at(join(path, name), first, second);
    }
  }

  #isAlike(path: string, kind: EntryKind): boolean {
    if (kind === 'link') return sameAnswer(this.#a.linkTarget(path), this.#b.linkTarget(path));
    if (kind === 'other') return this.#a.specialKind?.(path) === this.#b.specialKind?.(path);
    return this.#isSameFile(path);
  }

  #isSameFile(path: string): boolean {
    const [a, b] = [this.#a.open(path), this.#b.open(path)];
    try {
      if (isErrno(a) || isErrno(b)) return isErrno(a) && isErrno(b) && a.code === b.code;
      for (let at = 0; ; ) {
        const first = a.read(this.#first, 0, PIECE, at);
        const second = b.read(this.#second, 0, PIECE, at);
        if (isErrno(first) || isErrno(second)) return isErrno(first) && isErrno(second) && first.code === second.code;
        if (first !== second || this.#first.compare(this.#second, 0, second, 0, first) !== 0) return false;
        if (first < PIECE) return true;
        at += first;
      }
    } finally {
      for (const file of [a, b]) if (!isErrno(file)) file.close();
    }
  }
}

const sameAnswer = (a: string | Errno, b: string | Errno): boolean =>
  isErrno(a) || isErrno(b) ? isErrno(a) && isErrno(b) && a.code === b.code : a === b;

interface Pair {
  readonly name: string;
  readonly first: EntryKind | undefined;
  readonly second: EntryKind | undefined;
}

/** The names in two folders, each once: files before folders, in the order of the first, those of the second alone behind. */
const paired = (a: readonly Entry[], b: readonly Entry[]): readonly Pair[] => {
  const inB = new Map(b.map(({ name, kind }) => [name, kind]));
  const pairs: Pair[] = a.map(({ name, kind }) => {
    const second = inB.get(name);
    inB.delete(name);
    return { name, first: kind, second };
  });
  const all = [...pairs, ...[...inB].map(([name, second]) => ({ name, first: undefined, second }))];
  const isFolder = ({ first, second }: Pair): boolean => (first ?? second) === 'folder';
  return [...all.filter((pair) => !isFolder(pair)), ...all.filter(isFolder)];
};
