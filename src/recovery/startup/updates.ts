import { fileIn } from '../../layout/kinds.ts';
import { aborts, type Context } from '../context.ts';
import type { RecoveredAgent, RecoveredTask } from '../state/recovered.ts';
import { meetNoRun } from './frameworks.ts';
import type { ExecutorOutcome, FrameworkOutcome } from './outcome.ts';
import { replay } from './replay.ts';
import { meetInvalidUpdate } from './tasks.ts';

/** Replays the status updates of every executor that is not completed: `TaskStatusUpdateManagerProcess::recover`. */
export const recoverUpdates = (
  context: Context,
  agent: RecoveredAgent,
  outcomes: readonly FrameworkOutcome[],
): readonly FrameworkOutcome[] => {
  const pending = new Map<string, ReadonlyMap<string, number>>();
  for (const framework of agent.frameworks) {
    for (const executor of framework.executors) {
      if (executor.info === undefined || executor.latest === undefined) continue;
      const run = executor.runs.get(executor.latest);
      if (run === undefined) meetNoRun(context, framework, executor);
      else if (!run.completed) pending.set(executor.path, replayAll(context, [...run.tasks.values()]));
    }
  }
  const withPending = (outcome: ExecutorOutcome): ExecutorOutcome => ({
    ...outcome,
    pending: pending.get(outcome.path) ?? outcome.pending,
  });
  return outcomes.map((framework) => ({ ...framework, executors: framework.executors.map(withPending) }));
};

const replayAll = (context: Context, tasks: readonly RecoveredTask[]): ReadonlyMap<string, number> => {
  const pending = new Map<string, number>();
  for (const task of tasks) {
    const { log } = task;
    if (log === undefined || log.updates === 0) continue;
    if (log.badUpdate !== undefined) {
      meetInvalidUpdate(context, task, log, aborts('Try::get() but state == ERROR: Not a valid UUID'));
      continue;
    }
    const replayed = replay(log);
    if (replayed.outOfOrder !== undefined && !replayed.ended) {
      const path = fileIn(task.path, 'task.updates');
      const detail = `update ${replayed.outOfOrder + 1} was acknowledged before one that came earlier`;
      context.meet('acknowledgements-out-of-order', { path }, detail);
    }
    pending.set(task.id, replayed.pending);
  }
  return pending;
};
