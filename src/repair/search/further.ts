import type { Tree } from '../../source/links.ts';
import { withChanges } from '../plan/with-changes.ts';
import { compareWorth, worthOf } from '../rehearsal/worth.ts';
import { Entries } from './entries.ts';
import { assemble, chosen, type Entry, type Found } from './entry.ts';
import { type Goal, minimise } from './minimise.ts';
import { foldersOf } from './scope.ts';
import { Search, type SearchOptions } from './search.ts';

/**
 * Looks again at the tree with what was found laid over it, until nothing more is kept: what a link led nowhere from before
 * can be seen now, and filled. A second plan would find just that.
 */
export const further = (found: Found, goal: Goal, options: SearchOptions): Found => {
  let now = found;
  for (;;) {
    const more = once(now, goal, options);
    if (more === undefined) return now;
    now = more;
  }
};

const once = (found: Found, goal: Goal, options: SearchOptions): Found | undefined => {
  const changes = assemble(found.entries).flat();
  const tree: Tree = { ...goal.base, source: withChanges(goal.base.source, changes) };
  const more = new Search(tree, found.model, goal.assumed, options).run(found.survey);
  if (more.entries.length === 0 || !more.survey.comesUp) return undefined;
  const made = new Entries(found.entries);
  if (more.entries.some((entry) => !isApart(entry, made))) return undefined;
  const all = minimise({ ...more, entries: [...found.entries, ...more.entries] }, goal);
  return compareWorth(worthOf(all.survey.start), worthOf(found.survey.start)) > 0 ? all : undefined;
};

/** Whether the changes of an entry can be made before those of others, and after them: steps are made in the order of the tree. */
const isApart = (entry: Entry, others: Entries): boolean => {
  const { changes } = chosen(entry);
  return (
    others.colliding(changes).length === 0 &&
    changes.every(
      (change) =>
        !('like' in change && [change.like, ...foldersOf(change.like)].some((path) => others.at(path).length > 0)) &&
        ![...foldersOf(change.path)].some((folder) => others.making(folder) !== undefined),
    )
  );
};
