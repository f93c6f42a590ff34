import type { LogFacts, LogFile } from '../../checkpoint/files.ts';
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
  for (const { effects } of starts) {
    for (const effect of effects) if (effect.kind === 'truncate') cut.set(effect.path, effect.from - effect.to);
  }
  let lost = 0;
  let lostBytes = 0;
  if (cut.size === 0) return { lost, lostBytes };
  const add = (path: string, log: LogFile<LogFacts>): void => {
    const bytes = cut.get(path);
    if (bytes === undefined || log.kind !== 'log') return;
    lostBytes += bytes;
    lost += log.lost.updates;
  };
  for (const framework of checkpoint.agent?.frameworks ?? []) {
    for (const { runs } of framework.executors) {
      for (const { tasks } of runs) for (const { path, updates } of tasks) add(fileIn(path, 'task.updates'), updates);
    }
    for (const { odd } of framework.ordinary) {
      if (odd === undefined) continue;
      for (const { log } of odd) if (log !== undefined) add(log.path, log.file);
    }
  }
  return { lost, lostBytes };
};
