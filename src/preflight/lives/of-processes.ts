import type { Framework } from '../../checkpoint/model.ts';
import { ifKnown } from '../../host/known.ts';
import { executorsOf } from '../facts/executors.ts';
import type { Facts } from '../facts/facts.ts';
import { executorKey } from './impact-index.ts';
import type { ExecutorFate } from './lives.ts';

/**
 * Executors among the processes that the checkpoint does not know: those of frameworks that do not checkpoint die with the
 * agent, and others that it has lost are destroyed by the next. One each, however many processes it has.
 */
export const executorsOfProcesses = (facts: Facts, frameworks: readonly Framework[]): readonly ExecutorFate[] => {
  const found = new Map<string, ExecutorFate>();
  const checkpointed = new Set(
    frameworks.flatMap((framework) =>
      executorsOf(framework).map((executor) => executorKey({ framework: framework.id, executor: executor.id })),
    ),
  );
  for (const each of ifKnown(facts.processes)?.values() ?? []) {
    const environment = ifKnown(each.environment);
    const framework = environment?.get('MESOS_FRAMEWORK_ID');
    const executor = environment?.get('MESOS_EXECUTOR_ID');
    if (environment === undefined || framework === undefined || executor === undefined) continue;
    const key = executorKey({ framework, executor });
    if (found.has(key) || checkpointed.has(key)) continue;
    const doesCheckpoint = environment.get('MESOS_CHECKPOINT') !== '0';
    // Without a checkpoint to look at, none is missing in it.
    if (doesCheckpoint && !facts.checkpoint.known) continue;
    found.set(key, fateOf(each.pid, framework, executor, doesCheckpoint));
  }
  return [...found.values()];
};

const fateOf = (pid: number, framework: string, executor: string, doesCheckpoint: boolean): ExecutorFate => ({
  framework,
  executor,
  run: undefined,
  pid,
  process: 'alive',
  fate: 'killed',
  why: doesCheckpoint
    ? 'the checkpoint does not know it, and the agent destroys its container as an orphan'
    : 'its framework does not checkpoint, so it ends itself when its agent is gone',
  // What it runs is written nowhere; a command executor runs the task that it is named after.
  tasks: [],
  tasksFinished: 0,
  source: doesCheckpoint ? 'stray' : 'uncheckpointed',
});
