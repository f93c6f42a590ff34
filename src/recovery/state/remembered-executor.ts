import type { Executor } from '../../checkpoint/model.ts';
import type { Context } from '../context.ts';
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

/**
 * Recovers an executor as `recoverExecutor` does, and remembers what came of it where nothing was to be said: strict or
 * not, such a one comes to the same at every start, and planning simulates many.
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
  const recovered = recoverExecutor(context, listing, frameworkId, executor);
  const isQuiet = isFresh && !context.isOver && findings.length + effects.length === count;
  // Patterns in ids lead to what is in other folders.
  if (isQuiet && ![frameworkId, executor.id, ...executor.runs.map(({ id }) => id)].some(isPattern)) {
    known.set(executor, { rules, rebooted, recovered });
  }
  return recovered;
};
