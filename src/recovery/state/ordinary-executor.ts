import type { Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { pathOfOdd, pathOfOrdinary } from '../../checkpoint/odd-folders.ts';
import { fileIn } from '../../layout/kinds.ts';
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
  const path = pathOfOrdinary(framework, executor);
  let errors = 0;
  for (const run of executor.runs) {
    for (const folder of odd) {
      if (folder.run !== run || folder.log === undefined) continue;
      errors += recoverUpdates(context, pathOfOdd(path, folder), folder.log).errors;
    }
    if (!forgets) continue;
    const pid = fileIn(pathOfOdd(path, { run }), 'forked.pid');
    if (!context.disk.isRemoved(pid)) context.remove(pid);
  }
  return errors;
};
