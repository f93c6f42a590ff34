import type {
  Contents,
  Entry,
  InspectedDamage,
  InspectedExecutor,
  InspectedFramework,
  InspectedRun,
  InspectedTask,
} from './inspected.ts';

/** A run with what holds it; undefined what lies above the folder that was given. */
export interface RunInContext {
  readonly run: InspectedRun;
  readonly executor: InspectedExecutor | undefined;
  readonly framework: InspectedFramework | undefined;
}

/** An executor with what holds it. */
export interface ExecutorInContext {
  readonly executor: InspectedExecutor;
  readonly framework: InspectedFramework | undefined;
}

/** A task with what holds it. */
export interface TaskInContext {
  readonly task: InspectedTask;
  readonly run: InspectedRun | undefined;
  readonly executor: InspectedExecutor | undefined;
  readonly framework: InspectedFramework | undefined;
}

/** All frameworks of what was read. */
export const frameworksIn = (contents: Contents): readonly InspectedFramework[] =>
  contents.framework === undefined ? (contents.agent?.frameworks ?? []) : [contents.framework];

/** All executors. */
export const executorsIn = (contents: Contents): readonly ExecutorInContext[] =>
  contents.executor === undefined
    ? frameworksIn(contents).flatMap((framework) => framework.executors.map((executor) => ({ executor, framework })))
    : [{ executor: contents.executor, framework: undefined }];

/** All runs, of each executor the latest first. */
export const runsIn = (contents: Contents): readonly RunInContext[] =>
  contents.run === undefined
    ? executorsIn(contents).flatMap(({ executor, framework }) =>
        executor.runs
          .toSorted((a, b) => Number(b.isLatest === true) - Number(a.isLatest === true))
          .map((run) => ({ run, executor, framework })),
      )
    : [{ run: contents.run, executor: undefined, framework: undefined }];

/** All tasks, those of an executor's latest run first. */
export const tasksIn = (contents: Contents): readonly TaskInContext[] =>
  contents.task === undefined
    ? runsIn(contents).flatMap(({ run, executor, framework }) =>
        run.tasks.map((task) => ({ task, run, executor, framework })),
      )
    : [{ task: contents.task, run: undefined, executor: undefined, framework: undefined }];

/** All damage, from the top down. */
export const damageIn = (contents: Contents): readonly InspectedDamage[] => {
  const entries: readonly (Entry | undefined)[] = [
    contents.checkpoint,
    contents.agent,
    ...(contents.agent?.operations ?? []),
    ...frameworksIn(contents),
    ...executorsIn(contents).map(({ executor }) => executor),
    ...runsIn(contents).map(({ run }) => run),
    ...tasksIn(contents).map(({ task }) => task),
  ];
  return entries.flatMap((entry) => entry?.damage ?? []);
};

/** How much of everything there is. */
export interface Counts {
  readonly frameworks: number;
  readonly executors: number;
  readonly runs: number;
  readonly tasks: number;
  /** Places that are damaged. */
  readonly damaged: number;
}

/** Counts of two parts together. */
export const addCounts = (a: Counts, b: Counts): Counts => ({
  frameworks: a.frameworks + b.frameworks,
  executors: a.executors + b.executors,
  runs: a.runs + b.runs,
  tasks: a.tasks + b.tasks,
  damaged: a.damaged + b.damaged,
});

/** Counts what was read, or the part of it that is asked for. */
export const countsOf = (contents: Contents): Counts => {
  const { checkpoint, agent, executor, run, task } = contents;
  const frameworks = frameworksIn(contents);
  const counts = { frameworks: frameworks.length, executors: 0, runs: 0, tasks: 0, damaged: 0 };
  for (const entry of [checkpoint, agent, ...(agent?.operations ?? []), ...frameworks]) {
    counts.damaged += entry?.damage.length ?? 0;
  }
  for (const framework of frameworks) for (const each of framework.executors) countExecutor(each, counts);
  if (executor !== undefined) countExecutor(executor, counts);
  if (run !== undefined) countRun(run, counts);
  if (task !== undefined) countTask(task, counts);
  return counts;
};

/** Counts of one executor with all that is in it, of which there are many: nothing is made for them. */
export const countsOfExecutor = (executor: InspectedExecutor): Counts => {
  const counts = { frameworks: 0, executors: 0, runs: 0, tasks: 0, damaged: 0 };
  countExecutor(executor, counts);
  return counts;
};

type Counting = { -readonly [K in keyof Counts]: Counts[K] };

const countExecutor = ({ runs, damage }: InspectedExecutor, counts: Counting): void => {
  counts.executors += 1;
  counts.damaged += damage.length;
  for (const run of runs) countRun(run, counts);
};

const countRun = ({ tasks, damage }: InspectedRun, counts: Counting): void => {
  counts.runs += 1;
  counts.damaged += damage.length;
  for (const task of tasks) countTask(task, counts);
};

const countTask = ({ damage }: InspectedTask, counts: Counting): void => {
  counts.tasks += 1;
  counts.damaged += damage.length;
};
