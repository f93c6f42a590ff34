import type { LogFacts, LogFile } from '../../checkpoint/files.ts';
import type { Checkpoint } from '../../checkpoint/model.ts';
import { pathOfOdd, pathOfOrdinary } from '../../checkpoint/odd-folders.ts';
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
  const add = (folder: string, log: LogFile<LogFacts>): void => {
    const bytes = cut.get(fileIn(folder, 'task.updates'));
    if (bytes === undefined || log.kind !== 'log') return;
    lostBytes += bytes;
    lost += log.lost.updates;
  };
  for (const framework of checkpoint.agent?.frameworks ?? []) {
    for (const { runs } of framework.executors) {
      for (const { tasks } of runs) for (const { path, updates } of tasks) add(path, updates);
    }
    for (const executor of framework.ordinary) {
      for (const folder of executor.odd ?? []) {
        if (folder.log !== undefined) add(pathOfOdd(pathOfOrdinary(framework, executor), folder), folder.log);
      }
    }
  }
  return { lost, lostBytes };
};
