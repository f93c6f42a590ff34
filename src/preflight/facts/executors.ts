import { inListingOrder, isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Agent, Executor, ExecutorKind, Framework, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { EXECUTORS, RUNS, TASKS } from '../../layout/names.ts';
import { isFinished, runningRun } from '../../recovery/living.ts';

/** What the checks ask of executors, whether they were kept whole or in few words. */

export type AnyExecutor = Executor | OrdinaryExecutor;

/** All executors of a framework, in the order of their folders. */
export const executorsOf = ({ executors, ordinary }: Framework): readonly AnyExecutor[] =>
  inListingOrder(executors, ordinary);

/** All executors of an agent. */
export const executorsOn = (agent: Agent | undefined): readonly AnyExecutor[] =>
  (agent?.frameworks ?? []).flatMap(executorsOf);

/** What its info says of an executor; undefined where that is not whole. */
export const kindOf = (executor: AnyExecutor): ExecutorKind | undefined => {
  if (isOrdinary(executor)) return executor.kind;
  const { info } = executor;
  return info.kind === 'whole' ? { container: info.value.container?.type, type: info.value.type } : undefined;
};

/** Whether an executor is in a container of docker's. */
export const isDocker = (executor: AnyExecutor): boolean => kindOf(executor)?.container === 'DOCKER';

/** A run that has not ended, and is its executor's current one. */
export interface RunningRun {
  readonly id: string;
  /** Relative to the work_dir. */
  readonly path: string;
  /** What is in `pids/forked.pid`; undefined where that is no text. */
  readonly forkedPid: string | undefined;
  readonly hasForkedPid: boolean;
  readonly tasks: readonly RunningTask[];
}

/** A task of such a run. */
export interface RunningTask {
  readonly id: string;
  /** Undefined where its info is not whole. */
  readonly name: string | undefined;
  readonly isFinished: boolean;
}

/** The running run of an executor; undefined where it has ended. */
export const runningIn = (framework: Framework, executor: AnyExecutor): RunningRun | undefined => {
  if (isOrdinary(executor)) {
    if (executor.completed) return undefined;
    return {
      id: executor.latest,
      path: runPath(framework, executor, executor.latest),
      forkedPid: String(executor.forkedPid),
      hasForkedPid: true,
      tasks: executor.tasks.map((task) => ({ id: task.id, name: task.name, isFinished: isFinished(task) })),
    };
  }
  const run = runningRun(executor);
  if (run === undefined) return undefined;
  const { id, path, forkedPid, tasks } = run;
  return {
    id,
    path,
    forkedPid: forkedPid.kind === 'text' ? forkedPid.text : undefined,
    hasForkedPid: forkedPid.kind !== 'absent',
    tasks: tasks.map((task) => ({
      id: task.id,
      name: task.info.kind === 'whole' ? task.info.value.name : undefined,
      isFinished: isFinished(task),
    })),
  };
};

/** The id of the running run of an executor; undefined where it has ended. */
export const runningId = (executor: AnyExecutor): string | undefined =>
  isOrdinary(executor) ? (executor.completed ? undefined : executor.latest) : runningRun(executor)?.id;

/** The ids of an executor's runs. */
export const runIds = (executor: AnyExecutor): readonly string[] =>
  isOrdinary(executor) ? executor.runs : executor.runs.map(({ id }) => id);

/** The folders of an executor's runs, with those of their tasks; relative to the work_dir. Of one that is ordinary, it has one run. */
export const runFolders = (
  framework: Framework,
  executor: AnyExecutor,
): readonly { readonly path: string; readonly tasks: readonly string[] }[] => {
  if (!isOrdinary(executor))
    return executor.runs.map(({ path, tasks }) => ({ path, tasks: tasks.map((each) => each.path) }));
  const path = runPath(framework, executor, executor.latest);
  return [{ path, tasks: executor.tasks.map(({ id }) => `${path}/${TASKS}/${id}`) }];
};

const runPath = (framework: Framework, executor: AnyExecutor, run: string): string =>
  `${framework.path}/${EXECUTORS}/${executor.id}/${RUNS}/${run}`;
