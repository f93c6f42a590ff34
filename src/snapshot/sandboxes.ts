import { hasSandbox } from '../checkpoint/sandbox.ts';
import * as names from '../layout/names.ts';
import { pathOf, placeOf } from '../layout/place.ts';
import type { Tree } from '../source/links.ts';
import { sortTexts } from '../text/lossless.ts';
import type { Captured } from './captured.ts';

/** What is kept of the sandboxes: which there are. */
export interface Sandboxes {
  /** The folders of the runs that have one, and those that lead there; from the work_dir, parents first. */
  readonly folders: readonly string[];
  /** How many runs have one. */
  readonly count: number;
}

/** Looks for the sandbox of each run that was read. */
export const sandboxesOf = (tree: Tree, entries: readonly Captured[]): Sandboxes => {
  if (tree.source.kindOf(names.SLAVES) === undefined) return { folders: [], count: 0 };
  const folders = new Set<string>([names.SLAVES]);
  let count = 0;
  for (const { path } of entries) {
    const place = placeOf(path);
    if (place.folder !== 'run' || place.isSandbox || place.below !== '') continue;
    const sandbox = pathOf({ ...place, isSandbox: true });
    if (!hasSandbox(tree, sandbox)) continue;
    count++;
    for (let at = sandbox.indexOf('/'); at >= 0; at = sandbox.indexOf('/', at + 1)) folders.add(sandbox.slice(0, at));
    folders.add(sandbox);
  }
  return { folders: sortTexts([...folders]), count };
};
