import { scan, type WireFailure } from '../../format/parse.ts';
import { type Shape, scanShapeOf, shapeOf } from '../../format/shape.ts';
import { isUuidAt, UUID_SIZE } from '../../format/uuid.ts';
import { messageType } from '../../schema/index.ts';
import type { EntryKind, OpenFile } from '../../source/source.ts';
import { textOf } from '../../text/lossless.ts';
import type { Ending, LogFile, LostRecords, RecordPlace, UpdateLog } from '../files.ts';
import type { OperationLog, OperationRecord } from '../model.ts';
import type { FileReader } from '../read.ts';
import { type Acknowledgements, KeptUuids, StreamedAcknowledgements } from './acknowledgements.ts';
import { Growing } from './growing.ts';
import { Templates, type Variable } from './templates.ts';

/** The ids that a log's place in the tree gives its updates. */
export interface LogPlace {
  readonly agent: string;
  readonly framework: string;
  readonly executor: string;
  readonly task: string;
}

/** What is noted of a status update's record, by its place among the marks; the rest is checked only. */
const TYPE = 0;
const ACK_UUID = 1;
const UUID = 2;
const TIMESTAMP = 3;
const FRAMEWORK = 4;
const EXECUTOR = 5;
const AGENT = 6;
const TASK = 7;
const STATE = 8;
const STATUS_UUID = 9;
const STATUS_TIMESTAMP = 10;
const MARKS = 11;

let shape: Shape | undefined;
const updateShape = (): Shape => {
  shape ??= scanShapeOf(messageType('mesos.internal.StatusUpdateRecord'), {
    type: TYPE,
    uuid: ACK_UUID,
    update: {
      uuid: UUID,
      timestamp: TIMESTAMP,
      framework_id: { value: FRAMEWORK },
      executor_id: { value: EXECUTOR },
      slave_id: { value: AGENT },
      status: { task_id: { value: TASK }, state: STATE, uuid: STATUS_UUID, timestamp: STATUS_TIMESTAMP },
    },
  });
  return shape;
};

const scanned = new Int32Array(2 * MARKS);
/** The marks of the record that is looked at, and what has to be added to those that are places. */
let marks: Int32Array = scanned;
let shift = 0;
/** The window's bytes, for numbers of several. */
let view: DataView = new DataView(new ArrayBuffer(0));
let viewed: Buffer | undefined;
const look = (buffer: Buffer): void => {
  if (buffer === viewed) return;
  viewed = buffer;
  view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
};

/** Those that are values are no places. */
const PLACES = Array.from({ length: MARKS }, (_, mark) => mark !== TYPE && mark !== STATE);
const ENOUGH_TO_LEARN_FROM = 32;

const DOUBLE_SIZE = 8;
/** The values that differ from record to record, in the order of their places. */
const variablesFrom = (start: number): readonly Variable[] =>
  [ACK_UUID, UUID, STATUS_UUID, TIMESTAMP, STATUS_TIMESTAMP]
    .filter((mark) => startOf(mark) >= 0)
    .map((mark) => {
      const from = startOf(mark) - start;
      const isTime = mark === TIMESTAMP || mark === STATUS_TIMESTAMP;
      return { start: from, end: isTime ? from + DOUBLE_SIZE : endOf(mark) - start };
    })
    .sort((a, b) => a.start - b.start);

const numberOf = (mark: number): number => marks[2 * mark] as number;
const startOf = (mark: number): number => {
  const start = marks[2 * mark] as number;
  return start < 0 ? -1 : start + shift;
};
const endOf = (mark: number): number => (marks[2 * mark + 1] as number) + shift;

let forOperations: Shape | undefined;
const operationShape = (): Shape => {
  forOperations ??= shapeOf(messageType('mesos.internal.UpdateOperationStatusRecord'), {
    type: true,
    uuid: id,
    update: { status: { uuid: id, state: true } },
  });
  return forOperations;
};
const id = { value: true } as const;

const stateEnum = messageType('mesos.TaskStatus').fields[2]?.enum?.nameByNumber;
/** The states of tasks: a log keeps each update's as a number, its place in this list. */
export const TASK_STATES: readonly string[] = [...(stateEnum?.values() ?? [])];
/** By number in the schema: the place in the list. */
const statePlaces: readonly number[] = [...(stateEnum?.keys() ?? [])].reduce<number[]>((places, number, place) => {
  places[number] = place;
  return places;
}, []);
/** What `TaskStatus.state` is in a record of type UPDATE that has no update. */
const DEFAULT_STATE = TASK_STATES.indexOf('TASK_STAGING');

/** Of what is odd in a log, as much is kept: the first of each decides. */
const MOST_KEPT = 65_536;
const NO_UUID = Buffer.alloc(0);
/** `StatusUpdateRecord.Type` */
const TYPE_ACK = 1;

/** Reads a task's `task.updates`: all of it that the agent would read. With `keepsUuids`, every uuid is kept. */
export const readUpdateLog = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
  place: LogPlace,
  keepsUuids: boolean,
): LogFile => {
  const file = reader.open(path, kind, 'log');
  if ('kind' in file) return file;
  try {
    reader.window.over(file);
    // Only of a log that is large is it worth the while not to keep the uuids until it is read.
    if (!keepsUuids && !reader.window.seesAll()) {
      const log = readUpdates(reader, file, place, new StreamedAcknowledgements());
      if (log !== undefined) return log;
    }
    return readUpdates(reader, file, place, new KeptUuids(keepsUuids)) ?? unexpected();
  } finally {
    file.close();
  }
};

const unexpected = (): never => {
  throw new TypeError('uuids that are kept can always be told apart');
};

const states = new Growing();

/** Reads the records of a log; undefined where `acknowledged` cannot tell without every uuid. */
const readUpdates = (
  reader: FileReader,
  file: OpenFile,
  place: LogPlace,
  acknowledged: Acknowledgements,
): UpdateLog | undefined => {
  let records = 0;
  let updates = 0;
  let otherTasks: Map<number, string> | undefined;
  let otherUuids: Map<number, Buffer> | undefined;
  let invalidUuids: Set<number> | undefined;
  let badUpdate: RecordPlace | undefined;
  let badAcknowledgement: RecordPlace | undefined;
  let outOfOrder: RecordPlace | undefined;
  let foreignIds: UpdateLog['foreignIds'];
  let lastTimestamp: number | undefined;
  let newest = Number.NEGATIVE_INFINITY;
  let tells = true;
  states.length = 0;
  let templates: Templates | undefined;
  /** The last record was like one before it, whose ids are those of the place. */
  let isFamiliar = false;
  const scanRecord = (bytes: Buffer, start: number, end: number): WireFailure | undefined => {
    look(bytes);
    const known = templates?.match(view, start, end);
    isFamiliar = known !== undefined;
    marks = known ?? scanned;
    shift = known === undefined ? 0 : start;
    return known === undefined ? scan(updateShape(), bytes, start, end, scanned) : undefined;
  };
  const learn = (): void => {
    // A short log is read before it pays.
    if (isFamiliar || records < ENOUGH_TO_LEARN_FROM) return;
    templates ??= new Templates(PLACES);
    const { buffer, start, end } = reader.window;
    templates.learn(buffer, start, end, scanned, variablesFrom(start));
  };
  const visit = (bytes: Buffer, offset: number, length: number, number: number): boolean => {
    records = number;
    if (numberOf(TYPE) === TYPE_ACK) {
      const at = startOf(ACK_UUID);
      if (!isUuidAt(bytes, at, endOf(ACK_UUID))) {
        badAcknowledgement = { record: number, offset, length, update: -1 };
        return false;
      }
      learn();
      tells = acknowledged.acknowledge(bytes, at);
      return tells;
    }
    const from = startOf(UUID);
    const size = from < 0 ? 0 : endOf(UUID) - from;
    if (!isUuidAt(bytes, from, endOf(UUID))) {
      badUpdate ??= { record: number, offset, length, update: updates };
      invalidUuids ??= new Set();
      if (invalidUuids.size < MOST_KEPT) invalidUuids.add(updates);
    }
    if (size !== UUID_SIZE) {
      otherUuids ??= new Map();
      if (otherUuids.size < MOST_KEPT) {
        otherUuids.set(updates, from < 0 ? NO_UUID : Buffer.from(bytes.subarray(from, from + size)));
      }
    }
    if (startOf(TASK) < 0) {
      states.addByte(DEFAULT_STATE);
      otherTasks ??= new Map();
      if (otherTasks.size < MOST_KEPT) otherTasks.set(updates, '');
    } else {
      states.addByte(statePlaces[numberOf(STATE)] ?? DEFAULT_STATE);
      const field = isFamiliar ? undefined : foreignField(bytes, place);
      if (field === undefined) {
        learn();
      } else {
        foreignIds ??= { record: number, offset, length, update: updates, ...field };
        if (!isAt(bytes, TASK, place.task)) {
          otherTasks ??= new Map();
          if (otherTasks.size < MOST_KEPT) otherTasks.set(updates, textAt(bytes, TASK));
        }
      }
      const timestamp = view.getFloat64(startOf(TIMESTAMP), true);
      if (timestamp < newest) outOfOrder ??= { record: number, offset, length, update: updates };
      else newest = timestamp;
      lastTimestamp = timestamp;
    }
    tells = acknowledged.update(bytes, size === UUID_SIZE ? from : -1);
    updates++;
    return tells;
  };
  const { end, ending } = reader.scanRecords(file, scanRecord, visit);
  const kept = tells ? acknowledged.take() : undefined;
  if (kept === undefined) return undefined;
  const zeros = reader.zeros(Math.min(reader.window.reach(0, 4096), 4096));
  return {
    kind: 'log',
    size: reader.window.lengthBehind(0),
    end,
    ending,
    zeros,
    records,
    lost: ending.kind === 'bad' ? reader.lostBehind(end, isUpdateRecord) : torn(ending),
    updates,
    states: states.take(),
    ...kept,
    otherTasks,
    otherUuids,
    invalidUuids,
    badUpdate,
    badAcknowledgement,
    outOfOrder,
    foreignIds,
    lastTimestamp,
  };
};

/** Whether a marked text is this one; without making a text of it, because it nearly always is. */
const isAt = (bytes: Buffer, mark: number, expected: string): boolean => {
  const from = startOf(mark);
  const length = endOf(mark) - from;
  if (length !== expected.length) return length > expected.length && textAt(bytes, mark) === expected;
  for (let i = 0; i < length; i++) {
    const byte = bytes[from + i] as number;
    if (byte > 0x7f) return textAt(bytes, mark) === expected;
    if (byte !== expected.charCodeAt(i)) return false;
  }
  return true;
};

const textAt = (bytes: Buffer, mark: number): string => textOf(bytes, startOf(mark), endOf(mark));

/** The first id in an update that is not that of the log's place. */
const foreignField = (bytes: Buffer, place: LogPlace): { field: string; id: string } | undefined => {
  if (!isAt(bytes, FRAMEWORK, place.framework)) return { field: 'framework_id', id: textAt(bytes, FRAMEWORK) };
  if (!isAt(bytes, TASK, place.task)) return { field: 'task_id', id: textAt(bytes, TASK) };
  if (startOf(EXECUTOR) >= 0 && !isAt(bytes, EXECUTOR, place.executor)) {
    return { field: 'executor_id', id: textAt(bytes, EXECUTOR) };
  }
  if (startOf(AGENT) >= 0 && !isAt(bytes, AGENT, place.agent)) {
    return { field: 'slave_id', id: textAt(bytes, AGENT) };
  }
  return undefined;
};

/** The message of an acknowledgement: its type, and a uuid. Updates are larger. */
const ACKNOWLEDGEMENT_SIZE = 20;
/** Whether a record that may be damaged was an update: it is larger than an acknowledgement, and does not begin as one. */
const isUpdateRecord = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > ACKNOWLEDGEMENT_SIZE && !(bytes[start] === 0x08 && bytes[start + 1] === 0x01);

const NOTHING_LOST: LostRecords = Object.freeze({ records: 0, updates: 0, whole: true });
const ONE_LOST: LostRecords = Object.freeze({ records: 1, updates: 0, whole: false });
const torn = (ending: Ending): LostRecords => (ending.kind === 'clean' ? NOTHING_LOST : ONE_LOST);

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
    const { end, ending } = reader.records(file, operationShape(), (message, offset, length) => {
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
