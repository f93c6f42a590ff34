import type { FileReader } from '../../checkpoint/read.ts';
import type { Ending } from '../../format/records.ts';
import { type Shape, shapeOf } from '../../format/shape.ts';
import { isUuid } from '../../format/uuid.ts';
import { messageType } from '../../schema/index.ts';
import type { EntryKind } from '../../source/source.ts';
import type { Span } from '../plan/change.ts';

/** What can be cut out of a log, each kind of it on its own. */
export interface LogCuts {
  readonly size: number;
  /** From the first record that the agent cannot read to the end; undefined where it reads all of them. */
  readonly tail: Span | undefined;
  /** Why there is a tail. */
  readonly ending: Ending;
  /** Acknowledgements that end a start. */
  readonly acknowledgements: readonly Span[];
  /** Updates that end a start. */
  readonly updates: readonly Span[];
}

/** Looks through a task's log for what would end a start, without stopping at the first of it; undefined where it cannot be opened. */
export const taskLogCuts = (reader: FileReader, path: string, kind: EntryKind | undefined): LogCuts | undefined =>
  cutsOf(reader, path, kind, taskShape(), ({ type, uuid, update }) =>
    isUuid(type === 'ACK' ? (uuid as Uint8Array | undefined) : (update?.uuid as Uint8Array | undefined)),
  );

/**
 * The same of an operation's log: an update without a valid uuid, and an acknowledgement with no update before it that
 * waits for one, once such updates are gone.
 */
export const operationLogCuts = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
): LogCuts | undefined => {
  let pending = 0;
  return cutsOf(reader, path, kind, operationShape(), ({ type, update }) => {
    if (type === 'ACK') return pending > 0 && pending-- > 0;
    const isTaken = isUuid((update?.status?.uuid as { value?: Uint8Array } | undefined)?.value);
    if (isTaken) pending++;
    return isTaken;
  });
};

/** What is asked of a record of either kind of log. */
interface LogRecord {
  readonly type: 'UPDATE' | 'ACK';
  readonly uuid?: unknown;
  readonly update?: { readonly uuid?: unknown; readonly status?: { readonly uuid?: unknown } };
}

const taskShape = (): Shape =>
  shapeOf(messageType('mesos.internal.StatusUpdateRecord'), { type: true, uuid: true, update: { uuid: true } });
const operationShape = (): Shape =>
  shapeOf(messageType('mesos.internal.UpdateOperationStatusRecord'), {
    type: true,
    uuid: { value: true },
    update: { status: { uuid: { value: true } } },
  });

const cutsOf = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
  shape: Shape,
  isTaken: (record: LogRecord) => boolean,
): LogCuts | undefined => {
  const file = reader.open(path, kind, 'log');
  if ('kind' in file) return undefined;
  try {
    const acknowledgements: Span[] = [];
    const updates: Span[] = [];
    const { end, ending } = reader.records(file, shape, (message, offset, length) => {
      const record = message as LogRecord;
      if (!isTaken(record)) (record.type === 'ACK' ? acknowledgements : updates).push({ offset, length });
      return true;
    });
    const size = file.size();
    return {
      size,
      tail: end < size ? { offset: end, length: size - end } : undefined,
      ending,
      acknowledgements,
      updates,
    };
  } finally {
    file.close();
  }
};

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
