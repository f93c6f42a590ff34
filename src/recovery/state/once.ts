import type { Executor } from '../../checkpoint/model.ts';
import type { Context, Stop } from '../context.ts';
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
 * Recovers an executor as `recoverExecutor` does, once where nothing is to be said of it: strict or not, such a one comes
 * to the same at every start, and planning simulates many.
 */
export const recoverOnce = (
  context: Context,
  listing: Listing,
  frameworkId: string,
  executor: Executor,
  stops: Stop[],
): RecoveredExecutor => {
  const before = known.get(executor);
  const isSame = before?.rules === context.rules && before.rebooted === context.rebooted && context.isFirst;
  if (isSame && !context.stopped) return before.recovered;
  const { met, effects } = context;
  const count = effects.length;
  const recovered = recoverExecutor(context, listing, frameworkId, executor, stops);
  const isQuiet = context.met === met && effects.length === count && context.isFirst && !context.stopped;
  // Patterns in ids lead to what is in other folders.
  if (isQuiet && ![frameworkId, executor.id, ...executor.runs.map(({ id }) => id)].some(isPattern)) {
    known.set(executor, { rules: context.rules, rebooted: context.rebooted, recovered });
  }
  return recovered;
};
