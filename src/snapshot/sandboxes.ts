import { hasSandbox } from '../checkpoint/sandbox.ts';
import * as names from '../layout/names.ts';
import type { Tree } from '../source/links.ts';
import { compareTexts } from '../text/lossless.ts';
import type { Captured } from './captured.ts';

/** What is kept of the sandboxes: which there are. */
export interface Sandboxes {
  /** The folders of the runs that have one, and those that lead there; from the work_dir, parents first. */
  readonly folders: readonly string[];
  /** How many runs have one. */
  readonly count: number;
}

/** A run is below `meta/slaves/A/frameworks/F/executors/E/runs`: its sandbox is at the same path, without `meta`. */
const RUN = new RegExp(
  `^${names.META}/(${names.SLAVES}/[^/]+/${names.FRAMEWORKS}/[^/]+/${names.EXECUTORS}/[^/]+/${names.RUNS}/[^/]+)$`,
  's',
);

/** Looks for the sandbox of each run that was read. */
export const sandboxesOf = (tree: Tree, entries: readonly Captured[]): Sandboxes => {
  if (tree.source.kindOf(names.SLAVES) === undefined) return { folders: [], count: 0 };
  const folders = new Set<string>([names.SLAVES]);
  let count = 0;
  for (const { path } of entries) {
    const sandbox = RUN.exec(path)?.[1];
    if (sandbox === undefined || sandbox.endsWith(`/${names.LATEST}`) || !hasSandbox(tree, sandbox)) continue;
    count++;
    for (let at = sandbox.indexOf('/'); at >= 0; at = sandbox.indexOf('/', at + 1)) folders.add(sandbox.slice(0, at));
    folders.add(sandbox);
  }
  return { folders: [...folders].sort(compareTexts), count };
};
