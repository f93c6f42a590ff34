import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { Impact } from '../impact.ts';

/** How many status updates, and how many bytes of logs, the starts have cut off. */
export const lostUpdates = (
  checkpoint: Checkpoint,
  starts: readonly Start[],
): Pick<Impact['updates'], 'lost' | 'lostBytes'> => {
  const cut = new Map<string, number>();
  for (const effect of starts.flatMap(({ effects }) => effects)) {
    if (effect.kind === 'truncate') cut.set(effect.path, effect.from - effect.to);
  }
  let lost = 0;
  let lostBytes = 0;
  if (cut.size === 0) return { lost, lostBytes };
  for (const task of tasksOf(checkpoint)) {
    const bytes = cut.get(fileIn(task.path, 'task.updates'));
    if (bytes === undefined || task.updates.kind !== 'log') continue;
    lostBytes += bytes;
    lost += task.updates.lost.updates;
  }
  return { lost, lostBytes };
};

const tasksOf = ({ agent }: Checkpoint) =>
  (agent?.frameworks ?? [])
    .flatMap(({ executors }) => executors)
    .flatMap(({ runs }) => runs)
    .flatMap(({ tasks }) => tasks);
