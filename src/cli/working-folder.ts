import { statSync } from 'node:fs';
import type { FolderSource } from '../source/folder.ts';
import type { Place } from '../verify/threads/near.ts';

/** See `GoNear`. */
export const goNear = (source: FolderSource, { path, counters, at }: Place): (() => void) => {
  const [folder, absolute] = [source.locate(path), absoluteOf(source.folder)];
  const leave = typeof folder === 'string' ? goInto(folder) : undefined;
  if (leave === undefined) return () => undefined;
  source.isIn(path, absolute);
  Atomics.store(counters, at, 1);
  return () => {
    Atomics.store(counters, at, 0);
    source.isIn(undefined);
    leave();
  };
};

/**
 * Takes the process into a folder, and returns what takes it back to where it was; undefined where it stays there. Most paths of a
 * checkpoint begin with the same dozen names, each of which the kernel looks up for each path: from near by it is half of the names.
 * A process has one such folder for all of its threads: whoever else runs meanwhile has to ask for absolute paths.
 */
const goInto = (folder: string): (() => void) | undefined => {
  try {
    const from = process.cwd();
    // That the way back is open, and leads to the same folder, is tried before.
    if (!isSame(from, '.')) return undefined;
    process.chdir(from);
    process.chdir(folder);
    return () => goBack(from);
  } catch {
    // The folder may not be entered, or the one where the process is, or was, may not be entered again; no thread but the main one may do it.
    return undefined;
  }
};

const goBack = (from: string): void => {
  try {
    process.chdir(from);
  } catch {
    // It has gone meanwhile, and what was told from there with it. In the tree nobody is to stay.
    process.chdir('/');
  }
};

const isSame = (a: string, b: string): boolean => {
  const [one, other] = [statSync(a, { bigint: true }), statSync(b, { bigint: true })];
  return one.dev === other.dev && one.ino === other.ino;
};

/** A path as it is told from wherever the process will be; as it is, where the folder in which the process is has gone. */
export const absoluteOf = (path: string): string => {
  if (path.startsWith('/')) return path;
  try {
    // Not made shorter: `..` behind a link is not where the link is.
    return `${process.cwd()}/${path}`;
  } catch {
    return path;
  }
};
