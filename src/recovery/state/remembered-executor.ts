import type { Executor } from '../../checkpoint/model.ts';
import type { Context, Met } from '../context.ts';
import type { Disk } from '../disk.ts';
import { isPattern } from '../glob.ts';
import type { Listing } from '../listing.ts';
import type { Rules } from '../versions.ts';
import { recoverExecutor } from './executor.ts';
import type { RecoveredExecutor } from './recovered.ts';

/** What an executor came to, and under which rules. */
interface Known {
  readonly rules: Rules;
  readonly rebooted: boolean;
  readonly recovered: RecoveredExecutor;
}

const known = new WeakMap<Executor, Known>();

/** What an executor came to in an earlier one of several starts, and what was met. */
interface KnownStart extends Met {
  /** So many changes of the disk came before. */
  changes: number;
  /** Whether something is done to the disk, by a start that gets so far. */
  readonly acts: boolean;
  readonly recovered: RecoveredExecutor;
}

/** By the disk that starts one after the other share, which is told apart from all others by it. */
const knownStarts = new WeakMap<Disk, Map<Executor, KnownStart>>();

/**
 * Recovers an executor as `recoverExecutor` does, and remembers what came of it: where nothing was to be said, strict or
 * not, it comes to the same at every start, and planning simulates many; and of starts one after the other each changes a
 * few files, so that nearly all executors come to what they came to before.
 */
export const recoverExecutorOrRecall = (
  context: Context,
  listing: Listing,
  frameworkId: string,
  executor: Executor,
): RecoveredExecutor => {
  const { rules, rebooted, findings, effects } = context;
  // What was cut under the name of another executor is nothing more to be said of this one, but only then.
  const isFresh = context.isFirst && !context.isOver && !context.disk.isChangedElsewhere;
  const before = known.get(executor);
  if (isFresh && before?.rules === rules && before.rebooted === rebooted) return before.recovered;
  const count = findings.length + effects.length;
  const recovered = recoverInSequence(context, listing, frameworkId, executor);
  const isQuiet = isFresh && !context.isOver && findings.length + effects.length === count;
  if (isQuiet && !hasPattern(frameworkId, executor)) known.set(executor, { rules, rebooted, recovered });
  return recovered;
};

/** The same, of starts one after the other alone. */
const recoverInSequence = (
  context: Context,
  listing: Listing,
  frameworkId: string,
  executor: Executor,
): RecoveredExecutor => {
  const { disk, findings, stops, isOver, attempts } = context;
  if (context.exploring || disk.hasLinks) return recoverExecutor(context, listing, frameworkId, executor);
  const all = knownStarts.get(disk) ?? new Map<Executor, KnownStart>();
  knownStarts.set(disk, all);
  const before = all.get(executor);
  if (before !== undefined && (isOver || !before.acts) && !disk.isChangedSince(before.changes, executor.path)) {
    before.changes = disk.changes;
    context.meetAgain(before);
    return before.recovered;
  }
  const [found, stopped] = [findings.length, stops.length];
  const recovered = recoverExecutor(context, listing, frameworkId, executor);
  const acts = context.attempts > attempts;
  // What one has done to its own files shows when it is recovered again.
  if ((isOver || !acts) && !hasPattern(frameworkId, executor)) {
    const met = { findings: findings.slice(found), stops: stops.slice(stopped) };
    all.set(executor, { ...met, changes: disk.changes, acts, recovered });
  }
  return recovered;
};

/** Patterns in ids lead to what is in other folders. */
const hasPattern = (frameworkId: string, executor: Executor): boolean =>
  [frameworkId, executor.id, ...executor.runs.map(({ id }) => id)].some(isPattern);
