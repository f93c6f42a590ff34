import { hasMany } from '../checkpoint/many-executors.ts';
import { startAhead, WORTH_IT } from '../verify/threads/start.ts';
import { WORKER_FILES } from './worker-files.ts';

/** Which thread a command will ask for, where there are many executors in the one tree that it is given; `diff` is given two. */
const THREADS: Readonly<Record<string, { readonly file: string; readonly trees: number; readonly option?: string }>> = {
  verify: { file: WORKER_FILES.executors, trees: 1 },
  inspect: { file: WORKER_FILES.json, trees: 1, option: '--json' },
  diff: { file: WORKER_FILES.pairs, trees: 2 },
};

/**
 * Starts a thread that a command line will need, most likely, before the command is loaded: both take as long. It is guessed by
 * the words, as the options are known when the command is loaded, and a wrong guess costs what one core does beside.
 */
export const startThreadFor = (command: string, argv: readonly string[]): void => {
  const thread = Object.hasOwn(THREADS, command) ? THREADS[command] : undefined;
  if (thread === undefined || (thread.option !== undefined && !argv.includes(thread.option))) return;
  const large = argv.filter((word) => !word.startsWith('-') && hasMany(word, WORTH_IT));
  // Of more trees each gets a core of its own.
  if (large.length > 0 && large.length <= thread.trees) startAhead(thread.file);
};
