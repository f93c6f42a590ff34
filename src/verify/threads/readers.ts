import type { MessagePort } from 'node:worker_threads';
import type { ExecutorFolder } from '../../checkpoint/executor-folders.ts';
import type { ReadExecutors } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { advance } from '../../program/progress.ts';
import type { FolderSource } from '../../source/folder.ts';
import type { Entry } from '../../source/source.ts';
import type { GoNear } from './near.ts';
import { received, type Sent } from './sent.ts';
import { Shares } from './shares.ts';
import { startWorkers, WORTH_IT } from './start.ts';
import { isSameWork, newCounters, placeOf, sharedNamesOf, stop, type TreeToRead, type Work } from './work.ts';

/** See `threadedReaders`. */
export interface ThreadedReaders {
  /** `source` is what the main thread reads the tree with. */
  (tree: TreeToRead, source: FolderSource): ReadExecutors;
  /**
   * Has the threads begin with the executors of a folder, whole, that the main thread will most likely ask for when it has done
   * something else: where it asks for others first, what they have read is dropped. The process is in that folder until it is taken
   * back with what is returned, when they are done or are not listened to any more.
   */
  readonly ahead: (tree: TreeToRead, source: FolderSource, folder: ExecutorFolder) => () => void;
}

/**
 * Several threads that read the executors of trees on disk. The main thread takes shares as the workers do, reads what they
 * cannot tell by itself, and all of it where none could be started. Threads are started when the first
 * large folder is met, and end with the process.
 */
export const threadedReaders = (workerFile: string, goNear: GoNear): ThreadedReaders => {
  let ports: readonly MessagePort[] | undefined;
  let works = 0;
  let ahead: Work | undefined;
  const workers = (): readonly MessagePort[] => {
    ports ??= startWorkers(workerFile);
    return ports;
  };
  const begin = (asked: Pick<Work, 'tree' | 'ids' | 'path' | 'names'>): Work => {
    const started = workers();
    const work: Work = { ...asked, number: works++, counters: newCounters() };
    for (const port of started) port.postMessage(work);
    return work;
  };
  const readersOf =
    (tree: TreeToRead, source: FolderSource): ReadExecutors =>
    (ids, path, entries, read, isLinked) => {
      if (!isSharedWorth(entries, isLinked)) return entries.map((_, number) => read(number));
      // The threads start while their work is put together.
      const started = workers();
      const asked = { tree, ids, path, names: sharedNamesOf(entries) };
      const begun = ahead;
      ahead = undefined;
      const isBegun = begun !== undefined && isSameWork(begun, asked);
      if (begun !== undefined && !isBegun) stop(begun);
      const work = isBegun ? begun : begin(asked);
      const done = (sent: Sent): Executor | OrdinaryExecutor => {
        advance();
        return received(sent);
      };
      const leave = goNear(source, placeOf(work));
      try {
        return new Shares(work, started, { received: done, read }).all();
      } finally {
        leave();
      }
    };
  return Object.assign(readersOf, {
    ahead: (tree: TreeToRead, source: FolderSource, { ids, path, entries }: ExecutorFolder): (() => void) => {
      if (!isSharedWorth(entries, false)) return () => undefined;
      if (ahead !== undefined) stop(ahead);
      ahead = begin({ tree, ids, path, names: sharedNamesOf(entries) });
      return goNear(source, placeOf(ahead));
    },
  });
};

/** Whether several threads read what is in a folder: there is enough of it, and it is where its path says. */
export const isSharedWorth = (entries: readonly Entry[], isLinked: boolean): boolean =>
  !isLinked && entries.length >= WORTH_IT;
