import type { MessagePort } from 'node:worker_threads';
import { advance } from '../../program/progress.ts';
import { isSharedWorth } from '../../verify/threads/readers.ts';
import { Shares } from '../../verify/threads/shares.ts';
import { startWorkers } from '../../verify/threads/start.ts';
import { newCounters, placeOf, sharedNamesOf, type TreeOnDisk } from '../../verify/threads/work.ts';
import { goNear } from '../working-folder.ts';
import type { ExecutorPair } from './pair-reader.ts';
import type { ReadPairs } from './paired-readers.ts';
import { receivedPair, type SentPair } from './sent-pair.ts';
import { type PairWork, pairsOf, sourceOf } from './work.ts';

/**
 * Several threads that read the executors of two trees on disk. The main thread takes shares as the workers do, and all where
 * none could be started. The threads are started when the first large folder is met, and end with the process.
 */
export const threadedPairs = (workerFile: string, a: TreeOnDisk, b: TreeOnDisk): ReadPairs => {
  let ports: readonly MessagePort[] | undefined;
  let works = 0;
  return ({ of, ids, path, entries, inBoth }) => {
    if (!isSharedWorth(entries, false)) return undefined;
    ports ??= startWorkers(workerFile);
    const [tree, other] = of === 'a' ? [a, b] : [b, a];
    const isInBoth = new Uint8Array(new SharedArrayBuffer(entries.length));
    for (const [number, { name }] of entries.entries()) isInBoth[number] = inBoth.has(name) ? 1 : 0;
    const names = sharedNamesOf(entries);
    const work: PairWork = { number: works++, tree, other, ids, path, names, isInBoth, counters: newCounters() };
    for (const port of ports) port.postMessage(work);
    const source = sourceOf(tree);
    const read = pairsOf(source, work);
    const leave = goNear(source, placeOf(work));
    try {
      return new Shares<SentPair, ExecutorPair>(work, ports, {
        received: (pair) => done(receivedPair(pair)),
        read: (number) => done(read(number)),
      }).all();
    } finally {
      leave();
    }
  };
};

/** What could not be told is read later, and counted then. */
const done = (pair: ExecutorPair): ExecutorPair => {
  if (pair.own !== undefined) advance();
  return pair;
};
