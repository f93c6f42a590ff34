import { type Plan, planOf } from '../format/plan.ts';
import { isUuid, UUID_SIZE } from '../format/uuid.ts';
import { messageType } from '../schema/index.ts';
import type { EntryKind } from '../source/source.ts';
import type { Ending, LogFile, LostRecords, RecordPlace, UpdateLog } from './files.ts';
import type { OperationLog, OperationRecord } from './model.ts';
import type { FileReader } from './read.ts';

/** The ids that a log's place in the tree gives its updates. */
export interface LogPlace {
  readonly agent: string;
  readonly framework: string;
  readonly executor: string;
  readonly task: string;
}

/** What is kept of a status update's record; the rest is checked only. */
interface UpdateRecord {
  readonly type: 'UPDATE' | 'ACK';
  readonly uuid?: Buffer;
  readonly update?: {
    readonly uuid?: Buffer;
    readonly timestamp: number;
    readonly framework_id: { readonly value: string };
    readonly executor_id?: { readonly value: string };
    readonly slave_id?: { readonly value: string };
    readonly status: { readonly task_id: { readonly value: string }; readonly state: string };
  };
}

const id = { value: true } as const;
const updatePlan = (): Plan =>
  planOnce('mesos.internal.StatusUpdateRecord', {
    type: true,
    uuid: true,
    update: {
      uuid: true,
      timestamp: true,
      framework_id: id,
      executor_id: id,
      slave_id: id,
      status: { task_id: id, state: true },
    },
  });
const operationPlan = (): Plan =>
  planOnce('mesos.internal.UpdateOperationStatusRecord', {
    type: true,
    uuid: id,
    update: { status: { uuid: id, state: true } },
  });

const plans = new Map<string, Plan>();
const planOnce = (
  name: 'mesos.internal.StatusUpdateRecord' | 'mesos.internal.UpdateOperationStatusRecord',
  selection: Parameters<typeof planOf>[1],
): Plan => {
  let plan = plans.get(name);
  if (plan === undefined) {
    plan = planOf(messageType(name), selection);
    plans.set(name, plan);
  }
  return plan;
};

/** The states of tasks: a log keeps each update's as a number, its place in this list. */
export const TASK_STATES: readonly string[] = [
  ...(messageType('mesos.TaskStatus').fields[2]?.enum?.nameByNumber.values() ?? []),
];
const stateNumbers = new Map(TASK_STATES.map((name, number) => [name, number]));
/** What `TaskStatus.state` is in a record of type UPDATE that has no update. */
const DEFAULT_STATE = stateNumbers.get('TASK_STAGING') ?? 0;

/** Bytes or numbers that grow while a log is read, and are copied when it is done. */
class Growing {
  #bytes = Buffer.allocUnsafeSlow(4096);
  length = 0;
  reserve(count: number): Buffer {
    if (this.length + count > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.length + count));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }
  addUuid(uuid: Buffer | undefined): void {
    const bytes = this.reserve(UUID_SIZE);
    if (uuid?.length === UUID_SIZE) uuid.copy(bytes, this.length);
    else bytes.fill(0, this.length, this.length + UUID_SIZE);
    this.length += UUID_SIZE;
  }
  addByte(byte: number): void {
    this.reserve(1)[this.length++] = byte;
  }
  /** Gives what has grown: a copy of a little, to go on with the same buffer; much is not held twice. */
  take(): Buffer {
    const all = this.#bytes.subarray(0, this.length);
    this.length = 0;
    if (all.length <= MUCH) return Buffer.from(all);
    this.#bytes = Buffer.allocUnsafeSlow(4096);
    return all;
  }
}

const MUCH = 1024 * 1024;
/** Of what is odd in a log, as much is kept: the first of each decides. */
const MOST_KEPT = 65_536;
const NO_UUID = Buffer.alloc(0);

const updateUuids = new Growing();
const ackUuids = new Growing();
const states = new Growing();

/** Reads a task's `task.updates`: all of it that the agent would read. */
export const readUpdateLog = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
  place: LogPlace,
): LogFile => {
  const file = reader.open(path, kind, 'log');
  if ('kind' in file) return file;
  try {
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
    updateUuids.length = 0;
    ackUuids.length = 0;
    states.length = 0;
    const { end, ending } = reader.records(file, updatePlan(), (message, offset, length, number) => {
      const record = message as UpdateRecord;
      records = number;
      if (record.type === 'ACK') {
        if (!isUuid(record.uuid)) {
          badAcknowledgement = { record: number, offset, length, update: -1 };
          return false;
        }
        ackUuids.addUuid(record.uuid);
        return true;
      }
      const { update } = record;
      const at = { record: number, offset, length, update: updates };
      const uuid = update?.uuid;
      if (!isUuid(uuid)) {
        badUpdate ??= at;
        invalidUuids ??= new Set();
        if (invalidUuids.size < MOST_KEPT) invalidUuids.add(updates);
      }
      if (uuid?.length !== UUID_SIZE) {
        otherUuids ??= new Map();
        if (otherUuids.size < MOST_KEPT) otherUuids.set(updates, uuid ?? NO_UUID);
      }
      if (update === undefined) {
        states.addByte(DEFAULT_STATE);
        otherTasks ??= new Map();
        if (otherTasks.size < MOST_KEPT) otherTasks.set(updates, '');
      } else {
        const state = update.status.state;
        states.addByte(stateNumbers.get(state) ?? DEFAULT_STATE);
        const task = update.status.task_id.value;
        if (task !== place.task) {
          otherTasks ??= new Map();
          if (otherTasks.size < MOST_KEPT) otherTasks.set(updates, task);
        }
        foreignIds ??= foreign(update, place, at);
        if (update.timestamp < newest) outOfOrder ??= at;
        else newest = update.timestamp;
        lastTimestamp = update.timestamp;
      }
      updateUuids.addUuid(uuid);
      updates++;
      return true;
    });
    const zeros = reader.zeros(Math.min(reader.window.reach(0, 4096), 4096));
    return {
      kind: 'log',
      size: file.size(),
      end,
      ending,
      zeros,
      records,
      lost: ending.kind === 'bad' ? reader.lostBehind(end, isUpdateRecord) : torn(ending),
      updates,
      updateUuids: updateUuids.take(),
      states: states.take(),
      ackUuids: ackUuids.take(),
      otherTasks,
      otherUuids,
      invalidUuids,
      badUpdate,
      badAcknowledgement,
      outOfOrder,
      foreignIds,
      lastTimestamp,
    };
  } finally {
    file.close();
  }
};

/** The message of an acknowledgement: its type, and a uuid. Updates are larger. */
const ACKNOWLEDGEMENT_SIZE = 20;
/** Whether a record that may be damaged was an update: it is larger than an acknowledgement, and does not begin as one. */
const isUpdateRecord = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > ACKNOWLEDGEMENT_SIZE && !(bytes[start] === 0x08 && bytes[start + 1] === 0x01);

const NOTHING_LOST: LostRecords = Object.freeze({ records: 0, updates: 0, whole: true });
const ONE_LOST: LostRecords = Object.freeze({ records: 1, updates: 0, whole: false });
const torn = (ending: Ending): LostRecords => (ending.kind === 'clean' ? NOTHING_LOST : ONE_LOST);

const foreign = (
  update: NonNullable<UpdateRecord['update']>,
  place: LogPlace,
  at: RecordPlace,
): UpdateLog['foreignIds'] => {
  const framework = update.framework_id.value;
  if (framework !== place.framework) return { ...at, field: 'framework_id', id: framework };
  const task = update.status.task_id.value;
  if (task !== place.task) return { ...at, field: 'task_id', id: task };
  const executor = update.executor_id?.value;
  if (executor !== undefined && executor !== place.executor) return { ...at, field: 'executor_id', id: executor };
  const agent = update.slave_id?.value;
  if (agent !== undefined && agent !== place.agent) return { ...at, field: 'slave_id', id: agent };
  return undefined;
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
    const { end, ending } = reader.records(file, operationPlan(), (message, offset, length) => {
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
