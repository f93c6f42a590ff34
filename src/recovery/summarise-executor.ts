import { parseInteger } from '../agent/numbers.ts';
import type { LogFile, TextFile, UpdateLog } from '../checkpoint/files.ts';
import type { Executor, ExecutorFacts, OrdinaryExecutor, OrdinaryTask, Run, Task } from '../checkpoint/model.ts';
import { oddFolders } from '../checkpoint/odd-folders.ts';
import type { ExecutorIds } from '../layout/folders.ts';
import { isPattern } from '../layout/names.ts';
import { finishingUpdate } from './living.ts';
import { isReachable, parsePid } from './pid.ts';
import { isStarReserved } from './star-reservation.ts';
import { isAcknowledged, replay } from './startup/replay.ts';
import { isGuessedGenerated } from './state/generated-marker.ts';
import type { Rules } from './versions.ts';

/** How an executor is summarised. */
export interface Summarising {
  readonly rules: Rules;
  /**
   * Whether what `preflight` asks of a host is kept too: the kind of the executor, and the names of its tasks. What it asks of
   * any run and of the texts of pids is not, so that an executor stays whole where there is more than one, or a pid is written oddly.
   */
  readonly isNamed: boolean;
}

/**
 * The few facts that are left of an executor that is recovered with each of its tasks, in either mode; undefined where
 * anything may be otherwise, so that all of it must be looked at. What is odd in its folder all the same ends no start, and
 * is no more than `oddFolders` keeps: recovery and the checks meet it there. What this takes for ordinary must be nothing else
 * to them: a test compares both ways over all fixtures and random damage.
 */
export const summariseExecutor = (
  executor: Executor,
  ids: ExecutorIds,
  { rules, isNamed }: Summarising,
): OrdinaryExecutor | undefined => {
  const { info, latest } = executor;
  if (info.kind !== 'whole' || info.zeros) return undefined;
  if (!isOwnInfo(info.value, ids) || !isMarkedOrGuessed(executor.generated)) return undefined;
  if (latest.kind !== 'found' || latest.target === undefined) return undefined;
  let run: Run | undefined;
  for (const each of executor.runs) {
    if (!isOrdinaryRun(each)) return undefined;
    if (each.id === latest.name) run = each;
    else if (tasksOf(each, info.value, ids) === undefined) return undefined;
  }
  const tasks = run && tasksOf(run, info.value, ids);
  if (run === undefined || tasks === undefined || (!run.completed && run.sandbox === false)) return undefined;
  const text = textIn(run.forkedPid);
  const forkedPid = (text === undefined ? undefined : parseInteger(text)) ?? 0;
  const ordinary: OrdinaryExecutor = {
    id: executor.id,
    runs: executor.runs.map(({ id }) => id),
    latest: run.id,
    completed: run.completed,
    forkedPid,
    connection: run.libprocessPid.kind === 'absent' ? 'http' : 'pid',
    tasks,
    guessedGenerated:
      rules.generatedIsRead && executor.generated.kind === 'absent' ? isGuessedGenerated(info.value) : undefined,
    odd: oddFolders(executor),
  };
  if (!isNamed) return ordinary;
  const isPlain = executor.runs.length === 1 && text === String(forkedPid);
  return isPlain ? named(ordinary, info.value, run) : undefined;
};

const named = (ordinary: OrdinaryExecutor, info: ExecutorFacts, { tasks }: Run): OrdinaryExecutor => {
  const names = new Map(tasks.map(({ id, info }) => [id, info.kind === 'whole' ? info.value.name : '']));
  return {
    ...ordinary,
    kind: { container: info.container?.type, type: info.type },
    tasks: ordinary.tasks.map((task) => ({ ...task, name: names.get(task.id) ?? '' })),
  };
};

/** Whether what is ordinary to one version is so to another: versions differ in one file that they read. */
export const isSummaryFor = (made: Rules, asked: Rules): boolean => made.generatedIsRead || !asked.generatedIsRead;

const textIn = (file: TextFile): string | undefined => (file.kind === 'text' && !file.zeros ? file.text : undefined);

const isOwnInfo = (info: ExecutorFacts, ids: ExecutorIds): boolean =>
  info.executor_id.value === ids.executor &&
  (info.framework_id === undefined || info.framework_id.value === ids.framework) &&
  areOrdinary(info.resources);

/** Allocated to a role, and in a form that the agent takes. */
const areOrdinary = (resources: ExecutorFacts['resources']): boolean =>
  resources.every((resource) => resource.allocation_info !== undefined && !isStarReserved(resource));

/** Whether an executor has a proper marker that says whether the agent made it, or none, so that the agent has to guess. */
const isMarkedOrGuessed = (file: TextFile): boolean => {
  if (file.kind === 'absent') return !file.vanished;
  const text = textIn(file);
  return text === '0' || text === '1';
};

const isOrdinaryRun = (run: Run): boolean => {
  if (isPattern(run.id)) return false;
  const pid = textIn(run.forkedPid);
  if (pid === undefined || parseInteger(pid) === undefined) return false;
  if (run.libprocessPid.kind === 'absent') return !run.libprocessPid.vanished && run.httpMarker;
  const text = textIn(run.libprocessPid);
  if (text === undefined) return false;
  const parsed = parsePid(text);
  return !parsed.malformed && parsed.hostName === undefined && isReachable(parsed.pid);
};

const tasksOf = (run: Run, info: ExecutorFacts, ids: ExecutorIds): readonly OrdinaryTask[] | undefined => {
  const tasks: OrdinaryTask[] = [];
  for (const task of run.tasks) {
    const ordinary = taskOf(task, run, info, ids);
    if (ordinary === undefined) return undefined;
    tasks.push(ordinary);
  }
  // Without the room for more that pushing makes: it is kept of each executor.
  return tasks.slice();
};

const taskOf = (task: Task, run: Run, executor: ExecutorFacts, ids: ExecutorIds): OrdinaryTask | undefined => {
  const { info, updates: log } = task;
  if (info.kind !== 'whole' || info.zeros) return undefined;
  const { task_id, framework_id, executor_id, resources, statuses } = info.value;
  // The executor of a command task has the same id: one text of it is kept.
  const id = task.id === ids.executor ? ids.executor : task.id;
  if (task_id.value !== task.id || framework_id.value !== ids.framework) return undefined;
  if (executor_id === undefined ? executor.type === 'DEFAULT' : executor_id.value !== ids.executor) return undefined;
  if (!areOrdinary(resources) || statuses.some(({ limitation }) => limitation !== undefined)) return undefined;
  const outcome = outcomeOf(log, run.completed);
  return outcome && { id, ...outcome };
};

/** What becomes of a task by its log; undefined where that may be anything that is not ordinary. */
export const outcomeOf = (log: LogFile, isCompleted: boolean): Outcome | undefined => {
  if (log.kind === 'absent') return { outcome: 'launched', pending: 0 };
  if (log.kind !== 'log' || (log.ending.kind !== 'clean' && log.ending.kind !== 'torn')) return undefined;
  if (log.badUpdate !== undefined || log.badAcknowledgement !== undefined || log.otherTasks !== undefined) {
    return undefined;
  }
  const replayed = replay(log);
  if (replayed.outOfOrder !== undefined) return undefined;
  return { outcome: endOf(log), pending: isCompleted ? 0 : replayed.pending };
};

type Outcome = Pick<OrdinaryTask, 'outcome' | 'pending'>;

const endOf = (log: UpdateLog): OrdinaryTask['outcome'] => {
  const update = finishingUpdate(log);
  if (update === undefined) return 'launched';
  return isAcknowledged(log, update) ? 'completed' : 'terminated';
};
