import { parentPort, workerData } from 'node:worker_threads';
import { progressTo } from '../../program/progress.ts';
import { inlineLittle } from '../../verify/threads/inline-little.ts';
import { UsageError } from '../failure.ts';
import type { Io } from '../io.ts';
import type { Judge } from './one.ts';
import type { Done, Ended, Item, Underway, Work, Written } from './work.ts';

/** A thread that judges PATHs beside others: see `side-by-side.ts`. */

inlineLittle();

const { command, options, told, layout, isWatched } = workerData as Work;

const JUDGES: Readonly<Record<string, () => Promise<{ readonly judge: unknown }>>> = {
  verify: () => import('../commands/verify.ts'),
  prune: () => import('../commands/prune.ts'),
  preflight: () => import('../commands/preflight.ts'),
};

const loaded = JUDGES[command]?.();

/** The least time between two words of how far a PATH is, in ms. */
const PACE = 100;

/** Tells the main thread how far a PATH is. */
const tellProgressOf = (number: number): void => {
  let last = Date.now();
  progressTo((phases) => {
    const now = Date.now();
    if (phases.length === 0 || now - last < PACE) return;
    last = now;
    parentPort?.postMessage({ number, phases } satisfies Underway);
  });
};

const judgeOne = async ({ number, path }: Item): Promise<Done | Ended> => {
  const written: Written[] = [];
  if (isWatched) tellProgressOf(number);
  const io: Io = {
    out: (text) => written.push({ to: 'out', text }),
    err: (text) => written.push({ to: 'err', text }),
    ...layout,
  };
  try {
    const judge = (await loaded)?.judge as Judge<unknown>;
    const one = await judge(path, options, told, { io, world: undefined, exit() {} });
    return { number, written, one };
  } catch (error) {
    if (error instanceof UsageError) return { number, failure: { name: error.name, message: error.message } };
    throw error;
  }
};

// One after the other: where the thread ends, the first that is not answered is what ended it.
let last = Promise.resolve();
parentPort?.on('message', (item: Item) => {
  last = last.then(async () => parentPort?.postMessage(await judgeOne(item)));
});
