import { latestName, type UpdateLog } from '../checkpoint/files.ts';
import { isOrdinary } from '../checkpoint/listing-order.ts';
import type {
  Agent,
  Checkpoint,
  Executor,
  Framework,
  OrdinaryExecutor,
  OrdinaryTask,
  Run,
  Task,
} from '../checkpoint/model.ts';
import { count } from '../text/words.ts';
import { isTerminalState, stateOf } from './startup/replay.ts';

/**
 * Which run of an executor is current, and what runs, as far as the files tell. Every command counts by these rules,
 * whether or not a start gets as far as to recover anything.
 */

/** The run of the executor's container: the one that `latest` names, else the last that has not ended. */
export const currentRun = ({ latest, runs }: Executor): Run | undefined =>
  runs.find(({ id }) => id === latestName(latest)) ?? runs.findLast(({ completed }) => !completed);

/** The current run of an executor that has not ended. */
export const runningRun = (executor: Executor): Run | undefined => {
  const run = currentRun(executor);
  return run?.completed === false ? run : undefined;
};

/** Whether an executor has not ended. */
export const isRunning = (executor: Executor | OrdinaryExecutor): boolean =>
  isOrdinary(executor) ? !executor.completed : runningRun(executor) !== undefined;

/** Whether an executor may run: its current run has not ended, or the runs that it must have had are gone. */
export const mayRun = (executor: Executor): boolean =>
  executor.runs.length === 0 ? executor.info.kind !== 'absent' : runningRun(executor) !== undefined;

/** Whether an executor of a framework may run, one that the agent does not list included. */
export const holdsWhatMayRun = (framework: Framework): boolean =>
  framework.executors.some(mayRun) || framework.ordinary.some(isRunning) || hiddenExecutors(framework) > 0;

/** The number of the update that finishes its task, the first terminal one: `Executor::recoverTask`. */
export const finishingUpdate = (log: UpdateLog): number | undefined => {
  for (let update = 0; update < log.updates; update++) {
    if (isTerminalState(stateOf(log, update)) && log.otherTasks?.has(update) !== true) return update;
  }
  return undefined;
};

/** Whether a task has finished, whatever its end was, and whether or not that was acknowledged. */
export const isFinished = (task: Task | OrdinaryTask): boolean =>
  'outcome' in task
    ? task.outcome !== 'launched'
    : task.updates.kind === 'log' && finishingUpdate(task.updates) !== undefined;

/** How much runs. */
export interface Living {
  /** Executors that have not ended. */
  readonly executors: number;
  /** The tasks of these executors that run. */
  readonly tasks: number;
  /** The tasks of these executors that have finished. */
  readonly finished: number;
}

/** The same while it is counted: there are many executors, and nothing is kept of one but what it adds. */
type Counting = { -readonly [Key in keyof Living]: Living[Key] };

const nothing = (): Counting => ({ executors: 0, tasks: 0, finished: 0 });

const addExecutor = (sum: Counting, executor: Executor | OrdinaryExecutor): void => {
  const run = !isOrdinary(executor) ? runningRun(executor) : executor.completed ? undefined : executor;
  if (run === undefined) return;
  sum.executors++;
  for (const task of run.tasks) {
    if (isFinished(task)) sum.finished++;
    else sum.tasks++;
  }
};

/** How much runs of an executor: itself, with its tasks, or nothing. */
export const livingOf = (executor: Executor | OrdinaryExecutor): Living => {
  const sum = nothing();
  addExecutor(sum, executor);
  return sum;
};

const addFramework = (sum: Counting, framework: Framework): void => {
  for (const executor of framework.executors) addExecutor(sum, executor);
  for (const executor of framework.ordinary) addExecutor(sum, executor);
  sum.executors += hiddenExecutors(framework);
};

/** How much runs of a framework; of an executor that the agent does not list, no task is known. */
export const livingIn = (framework: Framework): Living => {
  const sum = nothing();
  addFramework(sum, framework);
  return sum;
};

/** How much runs on an agent: what removing `latest` costs. */
export const livingOn = (checkpoint: Checkpoint): Living => {
  const sum = nothing();
  for (const { frameworks } of agentsOf(checkpoint)) for (const framework of frameworks) addFramework(sum, framework);
  return sum;
};

/** The agent that runs, or those of which one must be it, where `latest` names none. */
export const agentsOf = ({ agent, unnamedAgents }: Checkpoint): readonly Agent[] =>
  agent === undefined ? unnamedAgents : [agent];

const hiddenExecutors = ({ hidden }: Framework): number => hidden.filter(({ kind }) => kind === 'folder').length;

/** Tasks in words: `3 tasks`, and where some have finished, `3 running and 1 finished task`. */
export const tasksText = ({ tasks, finished }: Pick<Living, 'tasks' | 'finished'>): string => {
  if (finished === 0) return count(tasks, 'task');
  return tasks === 0 ? count(finished, 'finished task') : `${tasks} running and ${count(finished, 'finished task')}`;
};
