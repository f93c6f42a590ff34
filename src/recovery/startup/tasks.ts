import type { UpdateLog } from '../../checkpoint/files.ts';
import { fileIn } from '../../layout/kinds.ts';
import { aborts, type Context, type Stop } from '../context.ts';
import type { RecoveredExecutor, RecoveredRun, RecoveredTask } from '../state/recovered.ts';
import type { TaskOutcome } from './outcome.ts';
import { isAcknowledged, isTerminalState, stateOf } from './replay.ts';

/** A task in the agent's memory: the folder that it came from, and the id that its info gives. */
interface Known {
  readonly folderId: string;
  readonly infoId: string;
}

/** The agent's maps of an executor's tasks; the second is filled by the id in the info, the first by the folder's name. */
class Tasks {
  readonly launched = new Map<string, Known>();
  readonly terminated = new Map<string, Known>();
  readonly completed = new Set<string>();

  outcome(task: RecoveredTask): TaskOutcome {
    if (task.info === undefined) return 'skipped';
    if (this.completed.has(task.id)) return 'completed';
    if (this.launched.has(task.id)) return 'launched';
    return 'terminated';
  }
}

/** Recovers the tasks of an executor's latest run: `Executor::recoverTask` for each. */
export const recoverTasks = (
  context: Context,
  executor: RecoveredExecutor,
  run: RecoveredRun,
): ReadonlyMap<string, TaskOutcome> => {
  const tasks = new Tasks();
  for (const task of run.tasks.values()) recoverTask(context, executor, task, tasks);
  return new Map([...run.tasks.values()].map((task) => [task.id, tasks.outcome(task)]));
};

const recoverTask = (context: Context, executor: RecoveredExecutor, task: RecoveredTask, tasks: Tasks): void => {
  const { info, log } = task;
  if (info === undefined) return;
  const infoPath = fileIn(task.path, 'task.info');
  tasks.launched.set(task.id, { folderId: task.id, infoId: info.task_id.value });
  if (executor.info?.type === 'DEFAULT') {
    const own = info.executor_id?.value ?? '';
    const expected = executor.info.executor_id.value;
    if (own !== expected) {
      const detail = `the task names executor '${own}', and belongs to default executor '${expected}'`;
      // `Slave::attachTaskVolumeDirectory`
      const stop = aborts(`Check failed: task.executor_id() == executorInfo.executor_id() (${own} vs. ${expected}) `);
      context.meet('task-executor-mismatch', { path: infoPath }, detail, stop);
      return;
    }
  }
  if (log !== undefined) applyUpdates(context, task, log, tasks);
};

const applyUpdates = (context: Context, task: RecoveredTask, log: UpdateLog, tasks: Tasks): void => {
  for (let update = 0; update < log.updates; update++) {
    const terminal = isTerminalState(stateOf(log, update));
    // `Executor::updateTaskState` looks for the task that the status names, not for the one that the folder is of.
    const target = log.otherTasks?.get(update) ?? task.id;
    const known = tasks.launched.get(target);
    if (known === undefined) continue;
    if (!terminal) continue;
    tasks.launched.delete(target);
    tasks.terminated.set(known.infoId, known);
    if (log.invalidUuids?.has(update) === true) {
      const message = "Check failed: update.has_uuid() Expecting updates without 'uuid' to have been rejected";
      meetInvalidUpdate(context, task, log, aborts(message));
      return;
    }
    if (isAcknowledged(log, update)) complete(context, task, tasks);
    return;
  }
};

/** `Executor::completeTask` */
const complete = (context: Context, task: RecoveredTask, tasks: Tasks): void => {
  if (!tasks.terminated.has(task.id)) {
    const path = fileIn(task.path, 'task.info');
    const own = task.info?.task_id.value;
    const detail = `the task's id in task.info is '${own}', its folder's is '${task.id}', and it has ended`;
    const stop = aborts(`Check failed: terminatedTasks.contains(taskId) Failed to find terminated task ${task.id}`);
    context.meet('task-id-mismatch', { path }, detail, stop);
    return;
  }
  tasks.terminated.delete(task.id);
  tasks.completed.add(task.id);
};

/** Meets an update whose uuid is not valid. */
export const meetInvalidUpdate = (context: Context, task: RecoveredTask, log: UpdateLog, stop: Stop): void => {
  if (log.badUpdate === undefined) return;
  const { offset, length, record } = log.badUpdate;
  const location = { path: fileIn(task.path, 'task.updates'), offset, length, record };
  context.meet('update-uuid-invalid', location, 'the uuid of an update is not valid', stop);
};
