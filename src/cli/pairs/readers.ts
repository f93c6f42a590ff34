import type { Version } from '../../agent/version.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { onDisk } from '../readers.ts';
import { WORKER_FILES } from '../worker-files.ts';
import { PairedReaders } from './paired-readers.ts';
import { threadedPairs } from './threads.ts';

/** Threads that help to read, in brief, two trees that are compared; undefined where one of them is not on disk. */
export const pairedReadersFor = (a: Opened, b: Opened, version: Version): PairedReaders | undefined => {
  const [first, second] = [onDisk(a, { brief: true, version }), onDisk(b, { brief: true, version })];
  if (first === undefined || second === undefined) return undefined;
  const pairs = threadedPairs(WORKER_FILES.pairs, first, second);
  return new PairedReaders(b.tree.source, pairs);
};
