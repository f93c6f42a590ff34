import * as fs from 'node:fs';
import * as path from 'node:path';
import { META } from '../layout/names.ts';
import { dropBase, makeBase, openBases } from './base.ts';
import { type Folder, openRoot, type Root } from './folder.ts';
import type { Target } from './journals.ts';
import { BaseGone, type Lock, type Processes, takeLock } from './lock.ts';
import { Refusal } from './refusal.ts';

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
    const { base, lock } = lockedBase(root, processes);
    try {
      return await use({ target, root, base });
    } finally {
      lock.release();
      base.close();
      dropBase(root);
    }
  } finally {
    root.folder.close();
  }
};

/** The folder of journals with this process's lock in it. Where another run has just taken it away, it is made again. */
const lockedBase = (root: Root, processes: Processes): { readonly base: Folder; readonly lock: Lock } => {
  for (let tries = 1; ; tries++) {
    const base = makeBase(root);
    try {
      return { base, lock: lockIn(base, root, processes) };
    } catch (error) {
      base.close();
      dropBase(root);
      if (!(error instanceof BaseGone)) throw error;
      if (tries === MOST_TRIES) throw new Refusal(`${base.name} is taken away again and again: who does that?`);
    }
  }
};

const lockIn = (base: Folder, root: Root, processes: Processes): Lock => {
  const all = openBases(root);
  try {
    const others = all.filter(({ device, inode }) => device !== base.device || inode !== base.inode);
    return takeLock(base, processes, others);
  } finally {
    for (const each of all) each.close();
  }
};

const MOST_TRIES = 10;

/** The real path of what holds the given folder's `meta`, and the name of that. */
export const targetOf = (given: string, isMeta: boolean): Target => {
  const real = fs.realpathSync(given);
  return isMeta ? { workDir: path.dirname(real), meta: path.basename(real) } : { workDir: real, meta: META };
};
