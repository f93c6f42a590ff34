import { type MessagePort, workerData } from 'node:worker_threads';
import { Loader } from '../../checkpoint/load.ts';
import type { OrdinaryExecutor } from '../../checkpoint/model.ts';
import { summariseExecutor } from '../../recovery/summarise-executor.ts';
import { type Rules, rulesOf } from '../../recovery/versions.ts';
import { FolderSource } from '../../source/folder.ts';
import { DONE, type Done, nameAt, SHARE, TAKEN, type TreeOnDisk, type Work } from './work.ts';

/** A thread that reads executors beside the main one: see `readers.ts`. */

const { port } = workerData as { port: MessagePort };

const loaderOf = ({ folder, mount, home }: TreeOnDisk): Loader =>
  new Loader({ source: new FolderSource(folder, mount), home }, 'verdict');

const read = (
  loader: Loader,
  rules: Rules,
  { ids, path, names }: Work,
  number: number,
): OrdinaryExecutor | undefined => {
  const name = nameAt(names, number);
  if (name === '') return undefined;
  const own = { ...ids, executor: name };
  try {
    return loader.ordinary(own, `${path}/${name}`, (executor) => summariseExecutor(executor, own, rules));
  } catch {
    // The main thread will meet it too, and say what it is.
    return undefined;
  }
};

port.on('message', (work: Work) => {
  const count = work.names.ends.length;
  const loader = loaderOf(work.tree);
  const rules = rulesOf(work.tree.version);
  for (;;) {
    const share = Atomics.add(work.counters, TAKEN, 1);
    if (share * SHARE >= count) return;
    const found: (OrdinaryExecutor | undefined)[] = [];
    for (let number = share * SHARE; number < Math.min(count, (share + 1) * SHARE); number++) {
      found.push(read(loader, rules, work, number));
    }
    port.postMessage({ share, found } satisfies Done);
    Atomics.add(work.counters, DONE, 1);
    Atomics.notify(work.counters, DONE);
  }
});
