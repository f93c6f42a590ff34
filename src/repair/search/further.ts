import type { Tree } from '../../source/links.ts';
import { withChanges } from '../plan/with-changes.ts';
import { compareWorth, worthOf } from '../rehearsal/worth.ts';
import { assemble, chosen, type Entry, type Found } from './entry.ts';
import { type Goal, minimise } from './minimise.ts';
import { collides, Search, type SearchOptions } from './search.ts';

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
  if (more.entries.some((entry) => !isApart(entry, found.entries))) return undefined;
  const all = minimise({ ...more, entries: [...found.entries, ...more.entries] }, goal);
  return compareWorth(worthOf(all.survey.start), worthOf(found.survey.start)) > 0 ? all : undefined;
};

/** Whether the changes of an entry can be made before those of others, and after them: steps are made in the order of the tree. */
const isApart = (entry: Entry, others: readonly Entry[]): boolean => {
  const made = others.flatMap((other) => chosen(other).changes);
  return chosen(entry).changes.every(
    (change) =>
      !collides(change, made) &&
      !('like' in change && made.some(({ path }) => `${change.like}/`.startsWith(`${path}/`))) &&
      !made.some(({ kind, path }) => kind === 'create-link' && change.path.startsWith(`${path}/`)),
  );
};
