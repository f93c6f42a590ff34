import { namesIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { pathOf } from '../layout/place.ts';

/** What a given folder is of a work_dir. */
export type Level = 'work_dir' | 'meta' | 'agent' | 'framework' | 'executor' | 'run' | 'task';

/** The part of a work_dir that a folder is. */
export interface Part {
  readonly level: Level;
  /** Where in the work_dir the folder is; '' for the work_dir itself. */
  readonly mount: string;
}

/** Tells whether a folder holds something under a name, or a short path. */
export type Has = (name: string) => boolean;

/** What lies in `meta`, by which one is known: `slaves` as well, which lies beside it too. */
export const IN_META: ReadonlySet<string> = namesIn('meta');

/** Whether a folder that is called `meta` is one of an agent. */
export const isMetaOfAgent = (has: Has): boolean => [...IN_META].some(has);

/** What a folder is by what it holds, so that a copy is known under any name; undefined where that is of no checkpoint. */
export const levelOf = (has: Has): Level | undefined => {
  if (has(names.META)) return 'work_dir';
  if (has(`${names.SLAVES}/${names.LATEST}`) || has('boot_id') || has(names.RESOURCES)) return 'meta';
  if (has('slave.info') || has(names.FRAMEWORKS)) return 'agent';
  if (has('framework.info') || has(names.EXECUTORS)) return 'framework';
  if (has('executor.info') || has(names.RUNS)) return 'executor';
  if (has(names.PIDS) || has(names.TASKS) || has('executor.sentinel')) return 'run';
  return has('task.info') || has('task.updates') ? 'task' : undefined;
};

/** The level of a folder that holds the one file by which its level is known for sure; undefined of any other. */
export const sureLevelOf = (has: Has): Level | undefined => {
  const [level] = SURE.find(([, file]) => has(file)) ?? [];
  return level;
};

const SURE = [
  ['agent', 'slave.info'],
  ['framework', 'framework.info'],
  ['executor', 'executor.info'],
  ['task', 'task.info'],
] as const;

/** The part of a work_dir that a folder of a level is, by its own path: names that the path does not tell are unknown. */
export const partOf = (level: Level, parts: readonly string[]): Part => {
  /** The id of what holds it, at a distance, where the path tells. */
  const above = (distance: number): string => parts.at(-1 - distance) ?? 'unknown';
  const own = above(0);
  switch (level) {
    case 'work_dir':
      return { level, mount: '' };
    case 'meta':
      return { level, mount: names.META };
    case 'agent':
      return { level, mount: pathOf({ folder: 'agent', agent: own }) };
    case 'framework':
      return { level, mount: pathOf({ folder: 'framework', agent: above(2), framework: own }) };
    case 'executor': {
      const ids = { agent: above(4), framework: above(2), executor: own };
      return { level, mount: pathOf({ folder: 'executor', ...ids }) };
    }
    case 'run': {
      const ids = { agent: above(6), framework: above(4), executor: above(2), run: own };
      return { level, mount: pathOf({ folder: 'run', ...ids }) };
    }
    case 'task': {
      const ids = { agent: above(8), framework: above(6), executor: above(4), run: above(2), task: own };
      return { level, mount: pathOf({ folder: 'task', ...ids }) };
    }
  }
};
