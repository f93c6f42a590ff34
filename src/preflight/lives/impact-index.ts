import type { ExecutorRef, Impact, TaskRef } from '../../verify/impact.ts';

/** What a start costs, to be asked about one executor or task after the other, of which there may be tens of thousands. */
export interface ImpactIndex {
  readonly has: (fate: keyof Omit<Impact['executors'], 'completed'>, executor: ExecutorRef) => boolean;
  /** Whether a task is forgotten, or runs and has another fate; undefined where it has finished, or nothing is known of it. */
  readonly task: (task: TaskRef) => 'forgotten' | 'known' | undefined;
}

const indexes = new WeakMap<Impact, ImpactIndex>();

/** The index of an impact, which is made once. */
export const indexOf = (impact: Impact): ImpactIndex => {
  let index = indexes.get(impact);
  if (index === undefined) {
    index = makeIndex(impact);
    indexes.set(impact, index);
  }
  return index;
};

const makeIndex = ({ executors, tasks }: Impact): ImpactIndex => {
  const sets = new Map(
    (['reconnected', 'awaited', 'killed', 'forgotten', 'gone', 'atStake'] as const).map((fate) => [
      fate,
      new Set(executors[fate].map(executorKey)),
    ]),
  );
  const forgotten = new Set(tasks.forgotten.map(taskKey));
  const known = new Set([tasks.live, tasks.killed, tasks.gone, tasks.atStake].flatMap((list) => list.map(taskKey)));
  return {
    has: (fate, executor) => sets.get(fate)?.has(executorKey(executor)) === true,
    task: (task) => {
      const key = taskKey(task);
      return forgotten.has(key) ? 'forgotten' : known.has(key) ? 'known' : undefined;
    },
  };
};

/** An executor as a text: no id holds a NUL, neither that of a folder nor that of an environment. */
export const executorKey = ({ framework, executor }: ExecutorRef): string => `${framework}\0${executor}`;

const taskKey = (task: TaskRef): string => `${executorKey(task)}\0${task.task}`;
