import fc from 'fast-check';
import { expect } from 'vitest';
import type { ExecutorIds } from '../../src/layout/folders.ts';
import { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { damageTree, faults } from './damage.ts';
import { check } from './random.ts';
import { type FolderNode, loadTree, nodeAt, replace, treeNames } from './trees.ts';
import { executorsIn } from './walk.ts';

/** Tells something of an executor in a tree, in one of several ways. */
export type Tell<T, Way> = (source: MemorySource, ids: ExecutorIds, path: string, way: Way) => T | undefined;

/**
 * Holds that what is told of an executor at a glance is what is told of the whole, or nothing, whatever is wrong with it: of executors of the
 * fixtures, each alone in its tree, with random damage. Returns of how many something was told.
 */
export const holdsOfDamaged = <T, Way>(
  runs: number,
  ways: readonly Way[],
  glance: Tell<T, Way>,
  whole: Tell<T, Way>,
): number => {
  const all = treeNames.flatMap((tree) => executorsIn(loadTree(tree)).map((executor) => ({ ...executor, tree })));
  let seen = 0;
  check(
    runs,
    fc.property(fc.nat(), faults, fc.nat(), (number, wrong, how) => {
      const { tree, ids, path } = all[number % all.length] as (typeof all)[number];
      const way = ways[how % ways.length] as Way;
      const parts = path.split('/');
      const folder = nodeAt(loadTree(tree).root, parts) as FolderNode;
      const alone = new MemorySource(tree, replace({ kind: 'folder', children: new Map() }, parts, folder));
      const { source } = damageTree(alone, wrong.slice(0, 1 + (how % 2)));
      if (source.kindOf(path) !== 'folder') return;
      const found = glance(source, ids, path, way);
      if (found === undefined) return;
      seen++;
      try {
        expect(found).toStrictEqual(whole(source, ids, path, way));
      } catch (error) {
        // What links lead out of the tree is not told in either way.
        if (!(error instanceof AccessDenied)) throw error;
      }
    }),
  );
  return seen;
};
