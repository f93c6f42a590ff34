import type { ReadExecutors } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import type { KnownUnlike } from '../../compare/trees.ts';
import type { FrameworkIds } from '../../layout/folders.ts';
import { advance } from '../../program/progress.ts';
import { type Entry, isErrno, join, type Source } from '../../source/source.ts';
import type { ExecutorPair } from './pair-reader.ts';

/** The executors that are read. */
export interface PairsAsked {
  /** Which of the two trees they are of. */
  readonly of: 'a' | 'b';
  readonly ids: FrameworkIds;
  /** The path of the folder that holds them. */
  readonly path: string;
  readonly entries: readonly Entry[];
  /** The names of those that the other tree has too: they are read of both. */
  readonly inBoth: ReadonlySet<string>;
}

/** Reads them in the order of the entries, and says of each that it is done that could be told; undefined where they are too few. */
export type ReadPairs = (asked: PairsAsked) => readonly ExecutorPair[] | undefined;

type Found = Executor | OrdinaryExecutor;

/** What is known of an executor that both trees have. */
interface Known {
  /** The one of the second tree, until that asks for it. */
  others: Found | undefined;
  readonly unlike: ExecutorPair['unlike'];
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Reads the executors of two trees that are compared, each executor of both in one go. The first tree has to be read before
 * the second: what is read of that with it waits until it is asked for.
 */
export class PairedReaders {
  readonly #b: Source;
  readonly #readPairs: ReadPairs;
  /** By the path of the folder that holds the executors, and their names. */
  readonly #known = new Map<string, ReadonlyMap<string, Known>>();

  constructor(b: Source, readPairs: ReadPairs) {
    this.#b = b;
    this.#readPairs = readPairs;
  }

  /** Reads the executors of the first tree, and with them those of the second. */
  readonly a: ReadExecutors = (ids, path, entries, read, isLinked) => {
    const inBoth = isLinked ? NOBODY : foldersIn(this.#b, path);
    const pairs = isLinked ? undefined : this.#readPairs({ of: 'a', ids, path, entries, inBoth });
    if (pairs !== undefined) this.#known.set(path, knownOf('a', path, entries, pairs, inBoth));
    return entries.map((_, number) => pairs?.[number]?.own ?? read(number));
  };

  /** Those of the second tree. */
  readonly b: ReadExecutors = (ids, path, entries, read, isLinked) => {
    const known = isLinked ? undefined : this.#known.get(path);
    const found = entries.map(({ name, kind }) => (kind === 'folder' ? takeOthers(known?.get(name)) : undefined));
    const left = [...entries.keys()].filter((number) => found[number] === undefined);
    advance(entries.length - left.length);
    const leftEntries = left.map((number) => entries[number] as Entry);
    const alone = isLinked ? undefined : this.#readPairs({ of: 'b', ids, path, entries: leftEntries, inBoth: NOBODY });
    if (alone !== undefined) this.#know(path, knownOf('b', path, leftEntries, alone, NOBODY));
    for (const [at, number] of left.entries()) found[number] = alone?.[at]?.own ?? read(number);
    return found as readonly Found[];
  };

  /** What is known beside what was before. */
  #know(path: string, more: ReadonlyMap<string, Known>): void {
    const known = new Map(this.#known.get(path));
    // Of those of the first tree that could not be told with the others, no more is known than was.
    for (const [name, each] of more) if (!known.has(name)) known.set(name, each);
    this.#known.set(path, known);
  }

  /** Where executors differ that were read, as they were then. */
  readonly known: KnownUnlike = (folder, name) => this.#known.get(folder)?.get(name)?.unlike;
}

const knownOf = (
  of: PairsAsked['of'],
  path: string,
  entries: readonly Entry[],
  pairs: readonly ExecutorPair[],
  inBoth: ReadonlySet<string>,
): ReadonlyMap<string, Known> =>
  new Map(
    entries.flatMap(({ name }, number) => {
      const { others, unlike, holds } = pairs[number] as ExecutorPair;
      if (inBoth.has(name)) return [[name, { others, unlike }] as const];
      const alone = { path: join(path, name), a: undefined, b: undefined, [of]: 'folder', holds };
      return holds === undefined ? [] : [[name, { others: undefined, unlike: [alone] }] as const];
    }),
  );

/** Gives away what is known of the second tree's: it is kept there from now on. */
const takeOthers = (known: Known | undefined): Found | undefined => {
  const others = known?.others;
  if (known !== undefined) known.others = undefined;
  return others;
};

/** The names of the folders in a folder of a tree, which no link leads to; none where it is not there. */
const foldersIn = (source: Source, path: string): ReadonlySet<string> => {
  try {
    let above = '';
    for (const name of path.split('/')) {
      above = join(above, name);
      if (source.kindOf(above) !== 'folder') return NOBODY;
    }
    const entries = source.list(path);
    return isErrno(entries) ? NOBODY : new Set(entries.flatMap(({ name, kind }) => (kind === 'folder' ? [name] : [])));
  } catch {
    // Who reads that tree will meet it too, and say what it is.
    return NOBODY;
  }
};
