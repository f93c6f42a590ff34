import type { UpdateLog } from '../../src/checkpoint/files.ts';
import { FileReader } from '../../src/checkpoint/read.ts';
import { readUpdateLog } from '../../src/checkpoint/update-log/update-log.ts';
import { MemorySource } from '../../src/source/memory.ts';
import type { Source } from '../../src/source/source.ts';
import { HOME } from './trees.ts';

/** Where the updates of `updateRecord` say that they are. */
export const PLACE = { agent: 'a', framework: 'f', executor: 'e', task: 't' };

/** A source with one file, `task.updates`. */
export const logSource = (bytes: Buffer): MemorySource =>
  new MemorySource('log', { kind: 'folder', children: new Map([['task.updates', { kind: 'file', bytes }]]) });

/** Reads the `task.updates` of a source, and gives the reader too, for its window. */
export const readLog = (source: Source): { log: UpdateLog; reader: FileReader } => {
  const reader = new FileReader({ source, home: HOME });
  const log = readUpdateLog(reader, 'task.updates', source.kindOf('task.updates'), PLACE, true);
  if (log.kind !== 'log') throw new Error(`the log is ${log.kind}`);
  return { log, reader };
};

/** The log that some records make. */
export const logOf = (...records: readonly Buffer[]): UpdateLog => readLog(logSource(Buffer.concat(records))).log;
