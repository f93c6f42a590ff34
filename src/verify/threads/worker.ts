import { type MessagePort, workerData } from 'node:worker_threads';
import { Loader } from '../../checkpoint/load.ts';
import { briefly } from '../../recovery/briefly.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { FolderSource } from '../../source/folder.ts';
import { inlineLittle } from './inline-little.ts';
import { lookNear } from './near.ts';
import { readShare } from './share.ts';
import { DONE, type Done, placeOf, SHARE, TAKEN, type TreeToRead, type Work } from './work.ts';

/** A thread that reads executors beside the main one: see `readers.ts`. */

inlineLittle();

const { port } = workerData as { port: MessagePort };

const loaderOf = (source: FolderSource, { home, detail, maxRecord }: TreeToRead): Loader =>
  new Loader({ source, home, maxRecord }, detail === 'whole' ? 'facts' : 'verdict');

port.on('message', (work: Work) => {
  const count = work.names.ends.length;
  const { folder, mount, detail, version } = work.tree;
  const source = new FolderSource(folder, mount);
  const loader = loaderOf(source, work.tree);
  const brief = detail === 'whole' ? undefined : briefly({ rules: rulesOf(version), isNamed: detail === 'named' });
  for (;;) {
    const share = Atomics.add(work.counters, TAKEN, 1);
    if (share * SHARE >= count) return;
    lookNear(source, placeOf(work));
    port.postMessage({ work: work.number, share, found: readShare(loader, brief, work, share) } satisfies Done);
    Atomics.add(work.counters, DONE, 1);
    Atomics.notify(work.counters, DONE);
  }
});
