import { isTerminalOperationState } from '../../agent/operation.ts';
import type { LogFile } from '../../checkpoint/files.ts';
import type { OperationFolder, OperationLog } from '../../checkpoint/model.ts';
import { isUuid, uuidText } from '../../format/uuid.ts';
import { fileIn } from '../../layout/kinds.ts';
import { pathOf, placeOf } from '../../layout/place.ts';
import { errnoText } from '../../source/errno.ts';
import { aborts, type Context, refuses, type Stop } from '../context.ts';
import { damageText } from '../damage.ts';
import { meetFifoLog, meetOversized } from '../no-return.ts';
import { endingText, isFifo } from '../reading.ts';

/** What was recovered of one log. */
export interface OperationStream {
  /** What it adds to the errors. */
  readonly errors: number;
  /** The folder of its log; undefined where no update was read. */
  readonly path: string | undefined;
  /** A terminal update was acknowledged: the agent removes the operation. */
  readonly terminated: boolean;
}

const NO_STREAM: OperationStream = { errors: 0, path: undefined, terminated: false };

/** Replays the log of one operation: `StatusUpdateStream::recover`. */
export const recoverOperationStream = (
  context: Context,
  folder: OperationFolder,
  id: string,
  folders: readonly OperationFolder[],
): OperationStream => {
  // The agent makes the path of the id, so that a folder with another spelling of it is not looked into.
  const own = pathOf({ folder: 'operation', agent: placeOf(folder.path).agent ?? '', operation: id });
  const path = fileIn(own, 'operation.updates');
  const unopened = (error: string): Stop => refuses(`Failed to open '${context.full(path)}': ${error}`);
  const closed = (errors: number): OperationStream => ({ ...NO_STREAM, errors: context.isEnded ? 0 : errors });
  const canonical = folders.find(({ name }) => name === id);
  if (canonical === undefined) {
    const detail = `the agent looks for it in a folder called ${id}`;
    const stop = unopened('No such file or directory');
    return closed(context.meet('operation-log-unopenable', { path: folder.path }, detail, stop));
  }
  const log = canonical.updates;
  if (log.kind === 'absent' || context.disk.isRemoved(path)) return NO_STREAM;
  if (isFifo(log)) {
    const failed = `Failed to lseek file '${context.full(path)}': `;
    return closed(meetFifoLog(context, path, failed, { strict: 'fatal', nonStrict: 'counted' }));
  }
  if (log.kind === 'unreadable') {
    const detail = damageText.unreadable(log, 'opened for writing');
    return closed(context.meet('operation-log-unopenable', { path }, detail, unopened(errnoText(log.code))));
  }
  const misfit = meetMisfit(context, path, log, id);
  return misfit === undefined ? cutLog(context, own, log) : closed(misfit);
};

/** Meets a record that the agent does not go on behind, and gives what that adds to the errors; undefined for none. */
const meetMisfit = (context: Context, path: string, log: OperationLog, id: string): number | undefined => {
  let pending = 0;
  for (const [i, { type, uuid, offset, length }] of log.records.entries()) {
    const location = { path, offset, length, record: i + 1 };
    if (type === 'UPDATE') {
      if (!isUuid(uuid)) {
        const stop = aborts('Check failed: uuid Not a valid UUID');
        return context.meet('operation-update-invalid', location, 'the uuid of an update is not valid', stop);
      }
      pending++;
    } else if (pending === 0) {
      const shown = isUuid(uuid) ? uuidText(uuid as Uint8Array) : 'INVALID UUID';
      const message = `Unexpected operation status update acknowledgment (UUID: ${shown}) for stream ${id}`;
      const detail = 'there is nothing to acknowledge';
      return context.meet('operation-acknowledgement-unexpected', location, detail, refuses(message));
    } else pending--;
  }
  return undefined;
};

/** Cuts off what is behind the records of a log, and removes a log that holds no update. */
const cutLog = (context: Context, folder: string, log: OperationLog): OperationStream => {
  const path = fileIn(folder, 'operation.updates');
  const isCut = context.disk.isTruncated(path);
  const lost = isCut ? 0 : log.size - log.end;
  const { ending } = log;
  const error = isCut || ending.kind === 'torn' ? undefined : endingText(ending);
  const location = { path, offset: log.end, length: lost, record: log.records.length + 1 };
  if (ending.kind === 'oversized') {
    meetOversized(context, location, damageText.atEnd(ending), error ?? '');
    return NO_STREAM;
  }
  const isEmpty = !log.records.some((record) => record.type === 'UPDATE');
  // A log that is left without an update is removed, unless a strict agent ends over it first.
  const isRemoved = isEmpty && !(context.strict && error !== undefined);
  if (lost > 0 && !isRemoved) context.truncate(path, log.size, log.end);
  let errors = 0;
  if (error !== undefined) {
    const stop = refuses(`Failed to read file '${context.full(path)}': ${error}`);
    // An empty stream is no stream: its error is not counted.
    const severity = isEmpty ? ({ strict: 'fatal', nonStrict: 'loss' } as const) : undefined;
    const detail = damageText.ofEnding(ending, lost);
    errors = context.meet('operation-log-bad-record', location, detail, { ...stop, severity });
    if (context.isEnded) return NO_STREAM;
  } else if (lost > 0) context.meet('operation-log-torn', location, damageText.ofEnding(ending, lost));
  if (!isRemoved) return { errors, path: folder, terminated: !isOpen(log) };
  context.meet('operation-log-empty', { path }, 'it holds no update, so the agent removes it');
  context.remove(path);
  return NO_STREAM;
};

/** Whether a log holds updates that are not done with: each acknowledgement is for the first one that waits for it. */
export const isOpen = (log: LogFile<OperationLog>): boolean => {
  if (log.kind !== 'log') return false;
  const updates = log.records.filter((record) => record.type === 'UPDATE');
  const acknowledged = updates.slice(0, log.records.length - updates.length);
  return updates.length > 0 && !acknowledged.some(({ state }) => isTerminalOperationState(state));
};
