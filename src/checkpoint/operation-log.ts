import { type Shape, shapeOf } from '../format/shape.ts';
import { messageType } from '../schema/index.ts';
import type { EntryKind } from '../source/source.ts';
import type { LogFile } from './files.ts';
import type { OperationLog, OperationRecord } from './model.ts';
import type { FileReader } from './read.ts';

const id = { value: true } as const;
let shape: Shape | undefined;
const recordShape = (): Shape => {
  shape ??= shapeOf(messageType('mesos.internal.UpdateOperationStatusRecord'), {
    type: true,
    uuid: id,
    update: { status: { uuid: id, state: true } },
  });
  return shape;
};

interface OperationUpdateRecord {
  readonly type: 'UPDATE' | 'ACK';
  readonly uuid?: { readonly value: Buffer };
  readonly update?: { readonly status: { readonly uuid?: { readonly value: Buffer }; readonly state: string } };
}

/** Reads an operation's `operation.updates`. */
export const readOperationLog = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
): LogFile<OperationLog> => {
  const file = reader.open(path, kind, 'log');
  if ('kind' in file) return file;
  try {
    const records: OperationRecord[] = [];
    const { end, ending } = reader.records(file, recordShape(), (message, offset, length) => {
      const { type, uuid, update } = message as OperationUpdateRecord;
      records.push({
        type,
        uuid: type === 'ACK' ? uuid?.value : update?.status.uuid?.value,
        state: update?.status.state,
        offset,
        length,
      });
      return true;
    });
    const zeros = reader.zeros(Math.min(reader.window.reach(0, 4096), 4096));
    return { kind: 'log', size: file.size(), end, ending, zeros, records };
  } finally {
    file.close();
  }
};
