import type { Mode } from '../../findings/finding.ts';
import type { ExecutorRef, Impact, TaskRef } from '../../verify/impact.ts';
import type { Verification } from '../../verify/verification.ts';

/** What becomes of an executor or a task, as a word or two. */
const EXECUTORS: Readonly<Partial<Record<keyof Impact['executors'], string>>> = {
  reconnected: 'survives',
  awaited: 'survives, awaited',
  killed: 'killed',
  forgotten: 'forgotten',
  gone: 'gone with the boot',
  atStake: 'waits for the agent',
};
const TASKS: Readonly<Partial<Record<keyof Impact['tasks'], string>>> = {
  live: 'survives',
  killed: 'killed',
  forgotten: 'forgotten',
  gone: 'gone with the boot',
  atStake: 'waits for the agent',
  finished: 'finished',
};

/** By mode, what becomes of executors and of the tasks of their current runs, as `verify` counts them. */
export class Fates {
  readonly #by: Readonly<Record<Mode, ReadonlyMap<string, string>>>;

  constructor({ strict, nonStrict }: Verification) {
    this.#by = { strict: wordsOf(strict.impact), nonStrict: wordsOf(nonStrict.impact) };
  }

  of(mode: Mode, ref: ExecutorRef | TaskRef): string | undefined {
    return this.#by[mode].get(keyOf(ref));
  }
}

const keyOf = (ref: ExecutorRef | TaskRef): string =>
  JSON.stringify([ref.framework, ref.executor, 'task' in ref ? ref.task : null]);

const wordsOf = ({ executors, tasks }: Impact): ReadonlyMap<string, string> => {
  const words = new Map<string, string>();
  const add = (all: unknown, word: string): void => {
    for (const ref of all as readonly (ExecutorRef | TaskRef)[]) words.set(keyOf(ref), word);
  };
  for (const [key, word] of Object.entries(EXECUTORS)) add(executors[key as keyof typeof executors], word);
  for (const [key, word] of Object.entries(TASKS)) add(tasks[key as keyof typeof tasks], word);
  return words;
};
