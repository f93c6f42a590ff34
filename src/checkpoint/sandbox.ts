import { type Resolved, resolve, type Tree } from '../source/links.ts';
import { baseName, join } from '../source/source.ts';

/**
 * Whether a run's sandbox, by its path in the work_dir, is there, as far as the agent will find it. `follow` follows links.
 */
export const hasSandbox = (
  tree: Tree,
  path: string,
  follow = (folder: string): Resolved => resolve(tree, folder),
): boolean => {
  if (tree.source.kindOf(path) !== undefined) return true;
  // Perhaps a folder on the way is a link.
  const parent = follow(path.slice(0, path.lastIndexOf('/')));
  return (
    parent.kind === 'outside' ||
    (parent.kind === 'found' && tree.source.kindOf(join(parent.path, baseName(path))) !== undefined)
  );
};
