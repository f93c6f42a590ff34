import { readOperationLog } from '../../checkpoint/operation-log.ts';
import type { FileReader } from '../../checkpoint/read.ts';
import { type InvalidUuids, readInvalidUuids } from '../../checkpoint/update-log/invalid-uuids.ts';
import type { Span } from '../../format/frames.ts';
import { isUuid } from '../../format/uuid.ts';
import type { EntryKind } from '../../source/source.ts';

/** What can be cut out of a log, each kind of it on its own: records that end a start, and all behind those it reads. */
export interface LogCuts extends InvalidUuids {
  /** From the first record that the agent cannot read to the end; undefined where it reads all of them. */
  readonly tail: Span | undefined;
}

/** What can be cut out of a task's log; undefined where it cannot be opened. */
export const taskLogCuts = (reader: FileReader, path: string, kind: EntryKind | undefined): LogCuts | undefined => {
  const found = readInvalidUuids(reader, path, kind);
  return found && { ...found, tail: tailOf(found) };
};

/**
 * The same of an operation's log: an update without a valid uuid, and an acknowledgement with no update before it that
 * waits for one, once such updates are gone.
 */
export const operationLogCuts = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
): LogCuts | undefined => {
  const log = readOperationLog(reader, path, kind);
  if (log.kind !== 'log') return undefined;
  const { size, end, ending } = log;
  const acknowledgements: Span[] = [];
  const updates: Span[] = [];
  let pending = 0;
  for (const { type, uuid, offset, length } of log.records) {
    if (type === 'ACK' ? pending === 0 : !isUuid(uuid)) {
      (type === 'ACK' ? acknowledgements : updates).push({ offset, length });
    } else pending += type === 'ACK' ? -1 : 1;
  }
  return { size, end, ending, acknowledgements, updates, tail: tailOf(log) };
};

const tailOf = ({ size, end }: { readonly size: number; readonly end: number }): Span | undefined =>
  end < size ? { offset: end, length: size - end } : undefined;

/** Spans in order, those that touch made one. */
export const joined = (spans: readonly Span[]): readonly Span[] => {
  const out: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.offset - b.offset)) {
    const last = out.at(-1);
    if (last !== undefined && span.offset <= last.offset + last.length) {
      out[out.length - 1] = {
        offset: last.offset,
        length: Math.max(last.length, span.offset + span.length - last.offset),
      };
    } else out.push(span);
  }
  return out;
};
