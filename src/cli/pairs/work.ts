import type { FrameworkIds } from '../../layout/folders.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { FolderSource } from '../../source/folder.ts';
import type { Tree } from '../../source/links.ts';
import { join } from '../../source/source.ts';
import { nameAt, type Shared, type TreeOnDisk } from '../../verify/threads/work.ts';
import { type ExecutorPair, PairReader } from './pair-reader.ts';

/** The executors of one framework in a tree, to be read by several threads together with those of another tree. */
export interface PairWork extends Shared {
  readonly tree: TreeOnDisk;
  readonly other: TreeOnDisk;
  readonly ids: FrameworkIds;
  /** The path of the folder that holds them. */
  readonly path: string;
  /** Which of them the other tree has too: a byte each. */
  readonly isInBoth: Uint8Array<SharedArrayBuffer>;
}

const NOTHING: ExecutorPair = { own: undefined, others: undefined, unlike: undefined };

/** What a thread reads the first of the trees with: the process may be near its executors. */
export const sourceOf = ({ folder, mount }: TreeOnDisk): FolderSource => new FolderSource(folder, mount);

const treeOf = (source: FolderSource, { home, maxRecord }: TreeOnDisk): Tree => ({ source, home, maxRecord });

/** What reads one of the executors, by its number: any thread does it so. */
export const pairsOf = (
  source: FolderSource,
  { tree, other, ids, path, names, isInBoth }: PairWork,
): ((number: number) => ExecutorPair) => {
  const reader = new PairReader(treeOf(source, tree), treeOf(sourceOf(other), other), rulesOf(tree.version));
  return (number) => {
    const name = nameAt(names, number);
    if (name === '') return NOTHING;
    return reader.read({ ...ids, executor: name }, join(path, name), isInBoth[number] === 1);
  };
};
