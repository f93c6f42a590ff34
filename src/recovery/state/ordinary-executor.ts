import type { Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import type { Context } from '../context.ts';
import { meetNoMarker } from './generated-marker.ts';
import { recoverUpdates } from './task.ts';

/**
 * What `recoverExecutor` meets and does where an executor is ordinary, run by run: odd logs of tasks, after a reboot pids to
 * forget, and a marker that is not there. Gives what that adds to the errors. Nothing of it ends a start.
 */
export const recoverOrdinary = (context: Context, framework: Framework, executor: OrdinaryExecutor): number => {
  const forgets = context.rebooted && context.rules.rebootForgetsPids;
  const { odd = [], guessedGenerated } = executor;
  const isGuessed = guessedGenerated !== undefined && context.rules.generatedIsRead;
  if (odd.length === 0 && !forgets && !isGuessed) return 0;
  const path = `${framework.path}/${names.EXECUTORS}/${executor.id}`;
  let errors = 0;
  for (const run of executor.runs) {
    for (const folder of odd) {
      if (folder.run !== run || folder.log === undefined) continue;
      errors += recoverUpdates(context, folder.log.path, folder.log.file).errors;
    }
    if (forgets) forgetPid(context, `${path}/${names.RUNS}/${run}`);
  }
  if (isGuessed) meetNoMarker(context, fileIn(path, 'executor_generated_for_command_task'), guessedGenerated);
  return errors;
};

/** What `recoverRun` does after a reboot to a run with a pid. */
const forgetPid = (context: Context, run: string): void => {
  const path = fileIn(run, 'forked.pid');
  if (!context.disk.isRemoved(path)) context.remove(path);
};
