import { type MessagePort, workerData } from 'node:worker_threads';
import { inlineLittle } from '../../verify/threads/inline-little.ts';
import { type Changes, changesSince } from '../changes.ts';
import { DiskTree } from '../disk-tree.ts';
import type { LookDone, LookWork } from './work.ts';

/** A thread that looks for changes beside the main one: see `beside.ts`. */

inlineLittle();

const { port } = workerData as { port: MessagePort };

/** So many paths are looked at before that is told. */
const TOLD_AT_ONCE = 512;

const look = ({ folder, path, marks, looked }: LookWork): Changes | undefined => {
  let untold = 0;
  try {
    return changesSince(new DiskTree(folder, path), marks, () => {
      if (++untold < TOLD_AT_ONCE) return;
      tell(looked, untold);
      untold = 0;
    });
  } catch {
    return undefined;
  }
};

const tell = (looked: LookWork['looked'], count: number): void => {
  Atomics.add(looked, 0, count);
  Atomics.notify(looked, 0);
};

port.on('message', (work: LookWork) => {
  port.postMessage({ number: work.number, changes: look(work) } satisfies LookDone);
  tell(work.looked, 1);
});
