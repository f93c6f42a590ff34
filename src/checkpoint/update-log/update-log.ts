import { type Ending, readRecords } from '../../format/records.ts';
import { UUID_SIZE } from '../../format/uuid.ts';
import type { EntryKind, OpenFile } from '../../source/source.ts';
import type { LogFile, LostRecords, RecordPlace, UpdateLog } from '../files.ts';
import type { FileReader } from '../read.ts';
import { type Acknowledgements, KeptUuids, StreamedAcknowledgements } from './acknowledgements.ts';
import { Growing } from './growing.ts';
import { ACK_UUID, AGENT, DEFAULT_STATE, EXECUTOR, FRAMEWORK, LogRecord, TASK, UUID } from './record.ts';

/** The ids that a log's place in the tree gives its updates. */
export interface LogPlace {
  readonly agent: string;
  readonly framework: string;
  readonly executor: string;
  readonly task: string;
}

/** Reads a task's `task.updates`: all of it that the agent would read. With `keepsUuids`, every uuid is kept. */
export const readUpdateLog = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
  place: LogPlace,
  keepsUuids: boolean,
): LogFile => {
  const file = reader.bring(path, kind, 'log');
  if ('kind' in file) return file;
  try {
    reader.window.over(file);
    // Only of a log that is large is it worth the while not to keep the uuids until it is read.
    if (!keepsUuids && !reader.window.seesAll()) {
      const log = readUpdates(reader, file, new Updates(place, new StreamedAcknowledgements()));
      if (log !== undefined) return log;
    }
    const log = readUpdates(reader, file, new Updates(place, new KeptUuids(keepsUuids)));
    if (log === undefined) throw new TypeError('uuids that are kept can always be told apart');
    return log;
  } finally {
    lastRecord.forget();
    file.close();
  }
};

/** Reads the records of the log in sight; undefined where it cannot be told which updates are acknowledged. */
const readUpdates = (reader: FileReader, file: OpenFile, updates: Updates): UpdateLog | undefined => {
  const { window } = reader;
  const { record } = updates;
  window.over(file);
  const { end, ending } = readRecords(
    window,
    () => record.read(window.buffer, window.start, window.end) ?? record,
    (_, offset, length, number) => updates.add(offset, length, number),
  );
  const facts = updates.take();
  if (facts === undefined) return undefined;
  const lost = ending.kind === 'bad' ? reader.lostBehind(end, isUpdateRecord) : lostAt(ending);
  const zeros = reader.zeros(Math.min(window.reach(0, 4096), 4096));
  return { kind: 'log', size: window.lengthBehind(0), end, ending, zeros, lost, ...facts };
};

/** Of what is odd in a log, as much is kept: the first of each decides. */
const MOST_KEPT = 65_536;
const NO_UUID = Buffer.alloc(0);
/** A shorter log is read before templates pay. */
const ENOUGH_TO_LEARN_FROM = 32;

// Of what is needed for every log there is one: a checkpoint has thousands of them, and they are read one after the other.
const states = new Growing();
const lastRecord = new LogRecord();

/** What a log says, gathered record by record. */
class Updates {
  readonly record = lastRecord;
  readonly #place: LogPlace;
  readonly #acknowledged: Acknowledgements;
  #records = 0;
  #updates = 0;
  #otherTasks: Map<number, string> | undefined;
  #otherUuids: Map<number, Buffer> | undefined;
  #invalidUuids: Set<number> | undefined;
  #badUpdate: RecordPlace | undefined;
  #badAcknowledgement: RecordPlace | undefined;
  #outOfOrder: RecordPlace | undefined;
  #foreignIds: UpdateLog['foreignIds'];
  #lastTimestamp: number | undefined;
  #newest = Number.NEGATIVE_INFINITY;
  /** It can still be told which updates are acknowledged. */
  #tells = true;

  constructor(place: LogPlace, acknowledged: Acknowledgements) {
    this.#place = place;
    this.#acknowledged = acknowledged;
    states.length = 0;
    this.record.startLog();
  }

  /** Adds the record that was read; whether the agent would read on, and it makes sense to. */
  add(offset: number, length: number, number: number): boolean {
    this.#records = number;
    return this.record.isAcknowledgement ? this.#acknowledge(offset, length) : this.#update(offset, length);
  }

  take(): Omit<UpdateLog, 'kind' | 'size' | 'end' | 'ending' | 'zeros' | 'lost'> | undefined {
    const kept = this.#tells ? this.#acknowledged.take() : undefined;
    if (kept === undefined) return undefined;
    return {
      records: this.#records,
      updates: this.#updates,
      states: states.take(),
      ...kept,
      otherTasks: this.#otherTasks,
      otherUuids: this.#otherUuids,
      invalidUuids: this.#invalidUuids,
      badUpdate: this.#badUpdate,
      badAcknowledgement: this.#badAcknowledgement,
      outOfOrder: this.#outOfOrder,
      foreignIds: this.#foreignIds,
      lastTimestamp: this.#lastTimestamp,
    };
  }

  #acknowledge(offset: number, length: number): boolean {
    const { record } = this;
    if (!record.isUuid(ACK_UUID)) {
      this.#badAcknowledgement = { record: this.#records, offset, length, update: -1 };
      return false;
    }
    this.#learn();
    this.#tells = this.#acknowledged.acknowledge(record.bytes, record.startOf(ACK_UUID));
    return this.#tells;
  }

  #update(offset: number, length: number): boolean {
    const { record } = this;
    const from = record.startOf(UUID);
    const size = from < 0 ? 0 : record.endOf(UUID) - from;
    if (!record.isUuid(UUID)) this.#invalidUuid(offset, length);
    if (size !== UUID_SIZE) {
      const uuid = from < 0 ? NO_UUID : Buffer.from(record.bytes.subarray(from, from + size));
      this.#otherUuids = kept(this.#otherUuids, this.#updates, uuid);
    }
    if (record.has(TASK)) {
      states.addByte(record.state);
      this.#ids(offset, length);
      this.#time(offset, length);
    } else {
      states.addByte(DEFAULT_STATE);
      this.#otherTasks = kept(this.#otherTasks, this.#updates, '');
    }
    this.#tells = this.#acknowledged.update(record.bytes, size === UUID_SIZE ? from : -1);
    this.#updates++;
    return this.#tells;
  }

  #invalidUuid(offset: number, length: number): void {
    this.#badUpdate ??= this.#placeOf(offset, length);
    this.#invalidUuids ??= new Set();
    if (this.#invalidUuids.size < MOST_KEPT) this.#invalidUuids.add(this.#updates);
  }

  /** Compares the ids of an update with those of the log's place. */
  #ids(offset: number, length: number): void {
    if (this.record.isFamiliar) return;
    const foreign = this.#foreignId();
    if (foreign === undefined) {
      this.#learn();
      return;
    }
    this.#foreignIds ??= { ...this.#placeOf(offset, length), ...foreign };
    if (!this.record.isText(TASK, this.#place.task)) {
      this.#otherTasks = kept(this.#otherTasks, this.#updates, this.record.text(TASK));
    }
  }

  /** The first id in an update that is not that of the log's place. */
  #foreignId(): { readonly field: string; readonly id: string } | undefined {
    const { record } = this;
    const { framework, task, executor, agent } = this.#place;
    if (!record.isText(FRAMEWORK, framework)) return { field: 'framework_id', id: record.text(FRAMEWORK) };
    if (!record.isText(TASK, task)) return { field: 'task_id', id: record.text(TASK) };
    if (record.has(EXECUTOR) && !record.isText(EXECUTOR, executor)) {
      return { field: 'executor_id', id: record.text(EXECUTOR) };
    }
    return record.has(AGENT) && !record.isText(AGENT, agent)
      ? { field: 'slave_id', id: record.text(AGENT) }
      : undefined;
  }

  #time(offset: number, length: number): void {
    const { timestamp } = this.record;
    if (timestamp < this.#newest) this.#outOfOrder ??= this.#placeOf(offset, length);
    else this.#newest = timestamp;
    this.#lastTimestamp = timestamp;
  }

  #learn(): void {
    if (this.#records >= ENOUGH_TO_LEARN_FROM) this.record.learn();
  }

  #placeOf(offset: number, length: number): RecordPlace {
    return { record: this.#records, offset, length, update: this.#updates };
  }
}

/** Adds to a map of what is odd, unless it is full. */
const kept = <T>(map: Map<number, T> | undefined, update: number, value: T): Map<number, T> => {
  const odd = map ?? new Map<number, T>();
  if (odd.size < MOST_KEPT) odd.set(update, value);
  return odd;
};

/** The message of an acknowledgement: its type, and a uuid. Updates are larger. */
const ACKNOWLEDGEMENT_SIZE = 20;
/** Whether a record that may be damaged was an update: it is larger than an acknowledgement, and does not begin as one. */
const isUpdateRecord = (bytes: Buffer, start: number, end: number): boolean =>
  end - start > ACKNOWLEDGEMENT_SIZE && !(bytes[start] === 0x08 && bytes[start + 1] === 0x01);

const NOTHING_LOST: LostRecords = Object.freeze({ records: 0, updates: 0, whole: true });
const ONE_LOST: LostRecords = Object.freeze({ records: 1, updates: 0, whole: false });
/** What is lost behind an end that is no record that does not parse. */
export const lostAt = (ending: Ending): LostRecords => (ending.kind === 'clean' ? NOTHING_LOST : ONE_LOST);
