import type {
  Executor,
  Framework,
  OddFolder,
  OrdinaryExecutor,
  OrdinaryTask,
  Run,
  Task,
} from '../../checkpoint/model.ts';
import { currentRun, isFinished } from '../../recovery/living.ts';
import { comesUp, type Start } from '../../recovery/simulate.ts';
import type { ExecutorOutcome } from '../../recovery/startup/outcome.ts';
import type { RecoveredExecutor } from '../../recovery/state/recovered.ts';
import type { ExecutorRef, Impact, TaskRef } from '../impact.ts';

/** What becomes of an executor that has not ended; a key of `Impact.executors`, `live` stands for two of them. */
type Fate = 'live' | 'killed' | 'forgotten' | 'gone' | 'atStake';

/** Counts executors and their tasks by what becomes of them at a start. */
export class Tally {
  readonly #start: Start;
  readonly #comesUp: boolean;
  readonly #outcomes = new Map<string, ExecutorOutcome>();
  readonly #recovered = new Map<string, RecoveredExecutor>();
  readonly #executors = {
    reconnected: [] as ExecutorRef[],
    awaited: [] as ExecutorRef[],
    killed: [] as ExecutorRef[],
    forgotten: [] as ExecutorRef[],
    gone: [] as ExecutorRef[],
    atStake: [] as ExecutorRef[],
    completed: 0,
  };
  readonly #tasks = {
    live: [] as TaskRef[],
    killed: [] as TaskRef[],
    forgotten: [] as TaskRef[],
    gone: [] as TaskRef[],
    atStake: [] as TaskRef[],
    setBack: [] as TaskRef[],
    finished: [] as TaskRef[],
    running: 0,
    ended: 0,
  };
  /** The ids of the frameworks whose ordinary executors the agent has read. */
  readonly #read = new Set<string>();
  #sentAgain = 0;

  constructor(start: Start) {
    this.#start = start;
    this.#comesUp = comesUp(start);
    for (const framework of start.started?.agent?.frameworks ?? []) {
      for (const executor of framework.executors) this.#outcomes.set(executor.path, executor);
      if (framework.ordinary.length > 0) this.#read.add(framework.id);
    }
    for (const framework of start.state.agent?.frameworks ?? []) {
      for (const executor of framework.executors) this.#recovered.set(executor.path, executor);
    }
  }

  executor(framework: Framework, found: Executor): void {
    const run = currentRun(found);
    const ref = { framework: framework.id, executor: found.id };
    const outcome = this.#outcomes.get(found.path);
    for (const pending of outcome?.pending.values() ?? []) this.#sentAgain += pending;
    if (run === undefined) return;
    if (run.completed) {
      this.#complete(run.tasks.length);
      return;
    }
    const fate = this.#fateOf(outcome, !isKnownByItsId(framework, found));
    this.#place(ref, fate, outcome?.connection === 'http');
    for (const task of run.tasks) {
      const state = outcome?.tasks.get(task.id);
      const isKnown = state !== undefined && state !== 'skipped';
      this.#task(ref, task, fate, isKnown, () => this.#isSetBack(found, run, task.id));
    }
  }

  ordinary(framework: Framework, executor: OrdinaryExecutor): void {
    const { id, latest, completed, connection, tasks, odd } = executor;
    const ref = { framework: framework.id, executor: id };
    const isRead = this.#read.has(framework.id);
    if (isRead) for (const { pending } of tasks) this.#sentAgain += pending;
    if (completed) {
      this.#complete(tasks.length);
      return;
    }
    const isLive = this.#comesUp && !this.#start.state.rebooted && isRead;
    const fate = !isLive ? this.#fateOf(undefined) : isKnownByItsId(framework) ? 'live' : 'killed';
    this.#place(ref, fate, connection === 'http');
    for (const task of tasks) {
      const isSetBack = odd === undefined ? NEVER : () => odd.some((folder) => isEmptied(folder, latest, task.id));
      this.#task(ref, task, fate, isRead, isSetBack);
    }
  }

  /** An executor that the agent does not list, and of which no task is known. */
  hidden(framework: Framework, executor: string): void {
    this.#place({ framework: framework.id, executor }, this.#fateOf(undefined), false);
  }

  #complete(tasks: number): void {
    this.#executors.completed++;
    this.#tasks.ended += tasks;
  }

  #place(ref: ExecutorRef, fate: Fate, subscribes: boolean): void {
    this.#executors[fate !== 'live' ? fate : subscribes ? 'awaited' : 'reconnected'].push(ref);
  }

  /** `isKnown` says that the agent has read the task. */
  #task(ref: ExecutorRef, task: Task | OrdinaryTask, executor: Fate, isKnown: boolean, isSetBack: () => boolean): void {
    const taskRef = { framework: ref.framework, executor: ref.executor, task: task.id };
    if (isFinished(task)) {
      this.#tasks.finished.push(taskRef);
      this.#tasks.ended++;
      return;
    }
    const fate = this.#comesUp && !isKnown ? 'forgotten' : executor;
    this.#tasks.running++;
    this.#tasks[fate].push(taskRef);
    if (fate === 'live' && isSetBack()) this.#tasks.setBack.push(taskRef);
  }

  #fateOf(outcome: ExecutorOutcome | undefined, isStrange = false): Fate {
    if (this.#start.state.rebooted) return 'gone';
    if (!this.#comesUp) return 'atStake';
    if (outcome === undefined || outcome.action === 'skipped') return 'forgotten';
    return !isStrange && (outcome.connection === 'pid' || outcome.connection === 'http') ? 'live' : 'killed';
  }

  /** Its log holds no update any more, because all of it was cut off. */
  #isSetBack(executor: Executor, run: Run, taskId: string): boolean {
    const log = this.#recovered.get(executor.path)?.runs.get(run.id)?.tasks.get(taskId)?.log;
    return log !== undefined && log.updates === 0 && log.size > 0;
  }

  counted(): Pick<Impact, 'comesUp' | 'executors' | 'tasks'> & Pick<Impact['updates'], 'sentAgain'> {
    return { comesUp: this.#comesUp, executors: this.#executors, tasks: this.#tasks, sentAgain: this.#sentAgain };
  }
}

const NEVER = (): boolean => false;

/** Whether all of a task's log was cut off. */
const isEmptied = ({ run, task, log }: OddFolder, ofRun: string, ofTask: string): boolean => {
  const file = log?.file;
  return file?.kind === 'log' && file.updates === 0 && file.size > 0 && run === ofRun && task === ofTask;
};

/**
 * Whether the agent will know an executor by the ids that its process has, which are the folders': it takes those in the
 * infos, and shuts down what registers by another (`Slave::reregisterExecutor`).
 */
const isKnownByItsId = ({ id, info }: Framework, executor?: Executor): boolean =>
  (info.kind !== 'whole' || info.value.id === undefined || info.value.id.value === id) &&
  (executor?.info.kind !== 'whole' || executor.info.value.executor_id.value === executor.id);
