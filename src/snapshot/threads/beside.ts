import type { MessagePort } from 'node:worker_threads';
import { advance } from '../../program/progress.ts';
import { answersOn, PATIENCE } from '../../verify/threads/shares.ts';
import { startWorkers } from '../../verify/threads/start.ts';
import type { Changes } from '../changes.ts';
import type { Marks } from '../marks.ts';
import type { LookDone, LookWork } from './work.ts';

/** Fewer paths are looked at before a thread has started. */
const WORTH_IT = 8000;

/**
 * Begins to look in another thread whether anything of a tree has changed (`changesSince`), and returns what waits for the answer,
 * which is undefined where that thread failed or is silent; nothing where there is too little to look at, or no thread.
 */
export type LookBeside = (
  folder: string,
  path: string,
  count: number,
  marks: () => Marks,
) => (() => Changes | undefined) | undefined;

/** A thread that looks beside the main one. It is started when the first large tree is met, and ends with the process. */
export const lookingBeside = (workerFile: string): LookBeside => {
  let ports: readonly MessagePort[] | undefined;
  let works = 0;
  return (folder, path, count, marksOf) => {
    if (count < WORTH_IT) return undefined;
    ports ??= startWorkers(workerFile, 1);
    const [port] = ports;
    if (port === undefined) return undefined;
    const looked = new Int32Array(new SharedArrayBuffer(4));
    const marks = marksOf();
    const { ends, flags, numbers, times } = marks;
    const work: LookWork = { number: works++, folder, path, marks, looked };
    port.postMessage(work, [ends.buffer, flags.buffer, numbers.buffer, times.buffer]);
    return () => answerTo(work, port);
  };
};

const answerTo = ({ number, looked }: LookWork, port: MessagePort): Changes | undefined => {
  let told = 0;
  for (;;) {
    const before = Atomics.load(looked, 0);
    for (const answer of answersOn<LookDone>([port])) if (answer.number === number) return answer.changes;
    advance(before - told);
    told = before;
    if (Atomics.wait(looked, 0, before, PATIENCE) === 'timed-out') return undefined;
  }
};
