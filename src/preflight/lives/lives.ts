import { grouped } from '../../text/grouped.ts';

/** What becomes of each executor and its tasks, by its checkpoint, its process, the flags and what is about to happen. */

/**
 * `reconnects`: the agent reaches it by its pid. `waited-for`: it subscribes by itself, in time. `killed`: the stop or the
 * start ends it. `ended`: its process is gone already. `gone`: a reboot ends it. `waits`: it waits for an agent that does
 * not come up, and ends itself at last. `unknown`: its process cannot be seen, or what decides cannot.
 */
export type Fate = 'reconnects' | 'waited-for' | 'killed' | 'ended' | 'gone' | 'waits' | 'unknown';

/** The fates with which tasks live. */
export const isAlive = (fate: Fate): boolean => fate === 'reconnects' || fate === 'waited-for';

/** An executor, and what becomes of it. */
export interface ExecutorFate {
  readonly framework: string;
  readonly executor: string;
  /** The container; undefined where it is known by its process alone. */
  readonly run: string | undefined;
  /** Undefined where none is checkpointed. */
  readonly pid: number | undefined;
  readonly process: 'alive' | 'dead' | 'reused' | 'unknown';
  readonly fate: Fate;
  /** Why, in one clause. */
  readonly why: string;
  /** Those that run. */
  readonly tasks: readonly TaskFate[];
  /** How many of its tasks have finished. */
  readonly tasksFinished: number;
  /**
   * `checkpoint`: it is in there. Otherwise it is known by its process alone: `uncheckpointed`, because its framework does not
   * checkpoint, or `stray`, because the checkpoint has lost it, or another agent has it.
   */
  readonly source: 'checkpoint' | 'uncheckpointed' | 'stray';
}

/** A task, and what becomes of it: its executor's fate, unless its own checkpoint is damaged. */
export interface TaskFate {
  readonly task: string;
  readonly name: string | undefined;
  readonly fate: Fate;
  readonly why: string;
}

/** A framework's executors together. */
export interface FrameworkLives {
  readonly id: string;
  readonly name: string | undefined;
  readonly executors: number;
  readonly executorsAlive: number;
  /** Those that run; the finished ones are counted beside them. */
  readonly tasks: number;
  readonly tasksAlive: number;
  readonly tasksFinished: number;
}

/** Who lives. */
export interface Lives {
  readonly executors: readonly ExecutorFate[];
  readonly frameworks: readonly FrameworkLives[];
  /** The checks that did not see, or only guess, whether the agent comes up. */
  readonly hangOn: readonly string[];
}

/** How many tasks of some executors have finished. */
export const finishedOf = (executors: readonly ExecutorFate[]): number =>
  executors.reduce((total, { tasksFinished }) => total + tasksFinished, 0);

/** Counts executors and tasks by framework, in the order in which they come. */
export const byFramework = (
  executors: readonly ExecutorFate[],
  nameOf: (framework: string) => string | undefined,
): readonly FrameworkLives[] =>
  Array.from(
    grouped(executors, ({ framework }) => framework),
    ([id, own]) => {
      const tasks = own.flatMap((executor) => executor.tasks);
      return {
        id,
        name: nameOf(id),
        executors: own.length,
        executorsAlive: own.filter(({ fate }) => isAlive(fate)).length,
        tasks: tasks.length,
        tasksAlive: tasks.filter(({ fate }) => isAlive(fate)).length,
        tasksFinished: finishedOf(own),
      };
    },
  );
