import type { Start } from '../../recovery/simulate.ts';
import { OverlayConflict } from '../../source/overlay.ts';
import { putFile } from '../mend/alternatives.ts';
import type { Alternative } from '../mend/mender.ts';
import { withChanges } from '../plan/with-changes.ts';
import { reload } from '../rehearsal/reload.ts';
import { differencesFrom } from '../rehearsal/state-differences.ts';
import { compareWorth, worthOf } from '../rehearsal/worth.ts';
import { assemble, chosen, type Entry, type Found } from './entry.ts';
import { type Goal, minimise } from './minimise.ts';
import { survey } from './survey.ts';

/**
 * Looks for other ways to mend the same where the smallest ones come up with another state than the one that is wanted:
 * through links, a file can have a second name, which counts as the id of something, and is missed when the file goes.
 */
export const refine = (found: Found, wanted: Start, goal: Goal): Found => {
  let now = found;
  let left = differencesFrom(wanted, now.survey.start).length;
  for (const { mends } of found.entries) {
    const entry = now.entries.find((each) => each.mends === mends);
    for (const way of entry === undefined || left === 0 ? [] : otherWays(entry, goal)) {
      const tried = instead(now, entry as Entry, way, goal);
      if (tried === undefined || !tried.survey.comesUp) continue;
      const differences = differencesFrom(wanted, tried.survey.start).length;
      if (differences >= left || compareWorth(worthOf(tried.survey.start), worthOf(now.survey.start)) < 0) continue;
      now = tried;
      left = differences;
      break;
    }
  }
  return now;
};

/** The ways that were not taken, and to leave an empty file where one was to go. */
const otherWays = (entry: Entry, { base }: Goal): readonly Alternative[] => {
  const way = chosen(entry);
  const [change] = way.changes;
  const isOneFile = way.changes.length === 1 && change.kind === 'set-aside';
  const emptied = isOneFile
    ? putFile({ base }, change.path, Buffer.alloc(0), {
        what: `${way.what}, and leave an empty file under its name`,
        loses: way.loses,
        needs: way.needs,
      })
    : [];
  return [...emptied, ...entry.alternatives.filter((other) => other !== way)];
};

/** The same with another way for an entry; undefined where that does not fit the others. */
const instead = (found: Found, entry: Entry, way: Alternative, goal: Goal): Found | undefined => {
  const entries = found.entries.map((each) => (each === entry ? { ...entry, alternatives: [way], index: 0 } : each));
  try {
    const tree = { ...goal.base, source: withChanges(goal.base.source, assemble(entries).flat()) };
    const changed = [...chosen(entry).changes, ...way.changes].map(({ path }) => path);
    const model = reload(found.model, tree, changed);
    // What only the way before had made necessary goes with it.
    return minimise({ ...found, entries, model, survey: survey(model, goal.assumed) }, goal);
  } catch (error) {
    if (error instanceof OverlayConflict) return undefined;
    throw error;
  }
};
