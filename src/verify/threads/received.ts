import type { LogFile } from '../../checkpoint/files.ts';
import { isOrdinary } from '../../checkpoint/listing-order.ts';
import type { Executor, OrdinaryExecutor, OrdinaryTask, Run } from '../../checkpoint/model.ts';

/**
 * An executor that came in a message, as it was before it was sent. A message has every text anew, and no buffers but
 * plain arrays of bytes.
 */
export const received = (executor: Executor | OrdinaryExecutor): Executor | OrdinaryExecutor =>
  isOrdinary(executor) ? compact(executor) : { ...executor, runs: executor.runs.map(runOf) };

/**
 * Most ids of an executor that is in order are the same: each is kept once. Its fields are named in the order in which they are made, so that
 * to V8 it is what the main thread makes itself.
 */
const compact = (executor: OrdinaryExecutor): OrdinaryExecutor => {
  const { id, latest, runs, completed, forkedPid, connection, tasks, guessedGenerated, odd, kind } = executor;
  const ordinary = {
    id,
    runs: runs.length === 1 ? [latest] : runs,
    latest,
    completed,
    forkedPid,
    connection,
    tasks: tasks.map((task) => taskOf(task, id)),
    guessedGenerated,
    odd,
  } satisfies Record<Exclude<keyof OrdinaryExecutor, 'kind'>, unknown>;
  return kind === undefined ? ordinary : { ...ordinary, kind };
};

const taskOf = ({ id, outcome, pending, name }: OrdinaryTask, executor: string): OrdinaryTask => {
  const task = { id: id === executor ? executor : id, outcome, pending } satisfies Record<
    Exclude<keyof OrdinaryTask, 'name'>,
    unknown
  >;
  return name === undefined ? task : { ...task, name };
};

const runOf = (run: Run): Run => ({
  ...run,
  tasks: run.tasks.map((task) => ({ ...task, updates: logOf(task.updates) })),
});

const logOf = (log: LogFile): LogFile =>
  log.kind !== 'log'
    ? log
    : {
        ...log,
        states: bufferOf(log.states),
        updateUuids: log.updateUuids && bufferOf(log.updateUuids),
        ackUuids: log.ackUuids && bufferOf(log.ackUuids),
        otherUuids: log.otherUuids && new Map(Array.from(log.otherUuids, ([update, uuid]) => [update, bufferOf(uuid)])),
      };

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
