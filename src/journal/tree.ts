import * as fs from 'node:fs';
import * as path from 'node:path';
import { META } from '../layout/names.ts';
import { dropBase, makeBase } from './base.ts';
import { type Folder, openRoot, type Root } from './folder.ts';
import type { Target } from './journals.ts';
import { type Lock, type Processes, takeLock } from './lock.ts';

/** A tree that nobody else changes while this is held. */
export interface HeldTree {
  readonly target: Target;
  readonly root: Root;
  readonly base: Folder;
}

/**
 * Takes a tree's lock, and gives it back when all is done.
 * @throws Refusal where another mesos-ckpt has it, or the folder of journals cannot be made
 */
export const withTree = async <T>(
  target: Target,
  processes: Processes,
  use: (tree: HeldTree) => Promise<T>,
): Promise<T> => {
  const root = openRoot(target.workDir, target.meta);
  try {
    const base = makeBase(root);
    let lock: Lock | undefined;
    try {
      lock = takeLock(base, processes);
      return await use({ target, root, base });
    } finally {
      lock?.release();
      base.close();
      dropBase(root);
    }
  } finally {
    root.folder.close();
  }
};

/** The real path of what holds the given folder's `meta`, and the name of that. */
export const targetOf = (given: string, isMeta: boolean): Target => {
  const real = fs.realpathSync(given);
  return isMeta ? { workDir: path.dirname(real), meta: path.basename(real) } : { workDir: real, meta: META };
};
