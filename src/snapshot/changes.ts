import type { ManifestChange } from '../checkpoint/manifest.ts';
import { join } from '../source/source.ts';
import { type DiskTree, kindOf } from './disk-tree.ts';
import { FOLDER, isMarked, type Marks, RACY } from './marks.ts';

/** What has changed, by its path; of what is new or gone, the topmost. */
export type Changes = ReadonlyMap<string, ManifestChange['what']>;

/**
 * Looks at all that was read of a tree whether it is as it was then. `onLook` is called for each path that is looked at.
 * @throws AccessDenied where something may not be looked at any more
 */
export const changesSince = (tree: DiskTree, marks: Marks, onLook: () => void): Changes => {
  const { ends, flags } = marks;
  const names = marks.names.split('/');
  const changes = new Map<string, ManifestChange['what']>();
  const lookFor = (path: string): void => {
    onLook();
    if (tree.stat(path) !== undefined) changes.set(path, 'appeared');
  };
  const look = (path: string, at: number): void => {
    onLook();
    const stats = tree.stat(path);
    if (stats === undefined) {
      changes.set(path, 'vanished');
      return;
    }
    const flag = flags[at] ?? 0;
    const isAsBefore = isMarked(marks, at, stats);
    if ((flag & FOLDER) === 0 || kindOf(stats) !== 'folder') {
      if (!isAsBefore) changes.set(path, 'changed');
      return;
    }
    const end = ends[at] ?? 0;
    for (let child = at + 1; child < end; child = ends[child] ?? end) look(join(path, names[child] ?? ''), child);
    if (isAsBefore && (flag & RACY) === 0) return;
    const known = new Set<string>();
    for (let child = at + 1; child < end; child = ends[child] ?? end) known.add(names[child] ?? '');
    for (const { name } of tree.list(path)) if (!known.has(name)) lookFor(join(path, name));
  };
  if (ends.length === 0) lookFor(tree.path);
  else look(tree.path, 0);
  return changes;
};
