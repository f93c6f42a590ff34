import { inListingOrder, isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { agentsOf } from '../../recovery/living.ts';
import type { Start } from '../../recovery/simulate.ts';
import { baseName } from '../../source/source.ts';
import type { Impact } from '../impact.ts';
import { resourcesImpact } from './resources.ts';
import { Tally } from './tally.ts';
import { lostUpdates } from './updates.ts';

/** What the starts cost together: the last one says what comes up, and each may have cut logs. */
export const impactOf = (checkpoint: Checkpoint, starts: readonly Start[]): Impact => {
  const last = starts.at(-1);
  if (last === undefined) throw new TypeError('an impact is that of at least one start');
  const tally = new Tally(last);
  for (const framework of agentsOf(checkpoint).flatMap(({ frameworks }) => frameworks)) {
    for (const executor of inListingOrder(framework.executors, framework.ordinary)) {
      if (isOrdinary(executor)) tally.ordinary(framework, executor);
      else tally.executor(framework, executor);
    }
    // The agent does not see these at all.
    for (const { path, kind } of framework.hidden) if (kind === 'folder') tally.hidden(framework, baseName(path));
  }
  const { sentAgain, ...counted } = tally.counted();
  return {
    ...counted,
    updates: { sentAgain, ...lostUpdates(checkpoint, starts) },
    ...resourcesImpact(checkpoint, last),
    operations: last.state.agent?.operations?.length ?? 0,
  };
};
