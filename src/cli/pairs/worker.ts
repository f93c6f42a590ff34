import { type MessagePort, workerData } from 'node:worker_threads';
import { inlineLittle } from '../../verify/threads/inline-little.ts';
import { lookNear } from '../../verify/threads/near.ts';
import { DONE, type Done, placeOf, SHARE, TAKEN } from '../../verify/threads/work.ts';
import { pairToSend, type SentPair } from './sent-pair.ts';
import { type PairWork, pairsOf, sourceOf } from './work.ts';

/** A thread that reads executors of two trees beside the main one: see `threads.ts`. */

inlineLittle();

const { port } = workerData as { port: MessagePort };

port.on('message', (work: PairWork) => {
  const { counters, names } = work;
  const count = names.ends.length;
  const source = sourceOf(work.tree);
  const read = pairsOf(source, work);
  for (;;) {
    const share = Atomics.add(counters, TAKEN, 1);
    const first = share * SHARE;
    if (first >= count) return;
    lookNear(source, placeOf(work));
    const found = Array.from({ length: Math.min(count - first, SHARE) }, (_, at) => pairToSend(read(first + at)));
    port.postMessage({ work: work.number, share, found } satisfies Done<SentPair>);
    Atomics.add(counters, DONE, 1);
    Atomics.notify(counters, DONE);
  }
});
