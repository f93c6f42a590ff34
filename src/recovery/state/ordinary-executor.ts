import type { Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import type { Context } from '../context.ts';
import { recoverUpdates } from './task.ts';

/**
 * What `recoverExecutor` meets and does where an executor is ordinary, run by run: odd logs of tasks, and after a reboot pids
 * to forget. Gives what that adds to the errors. Nothing of it ends a start.
 */
export const recoverOrdinary = (context: Context, framework: Framework, executor: OrdinaryExecutor): number => {
  const forgets = context.rebooted && context.rules.rebootForgetsPids;
  const { odd = [] } = executor;
  if (odd.length === 0 && !forgets) return 0;
  let errors = 0;
  for (const run of executor.runs) {
    for (const folder of odd) {
      if (folder.run !== run || folder.log === undefined) continue;
      errors += recoverUpdates(context, folder.log.path, folder.log.file).errors;
    }
    if (forgets) forgetPid(context, `${framework.path}/${names.EXECUTORS}/${executor.id}/${names.RUNS}/${run}`);
  }
  return errors;
};

/** What `recoverRun` does after a reboot to a run with a pid. */
const forgetPid = (context: Context, run: string): void => {
  const path = fileIn(run, 'forked.pid');
  if (!context.disk.isRemoved(path)) context.remove(path);
};
