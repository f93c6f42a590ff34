import { LENGTH_SIZE } from '../../format/frames.ts';
import { UUID_SIZE } from '../../format/uuid.ts';
import type { LogFacts } from '../files.ts';
import { ACK_UUID, AGENT, EXECUTOR, FRAMEWORK, LogRecord, TASK, UUID } from './record.ts';
import { type LogPlace, lostAt } from './update-log.ts';

/** Of a log with more updates, more than a glance is needed. */
export const MOST_UPDATES = 64;

/**
 * A log as an agent leaves it, or a crash of its host: whole records, updates of this task alone, each younger than the one before
 * it and with a uuid of its own, and acknowledgements in their order; behind them perhaps the beginning of another record. What it
 * comes to are a few numbers.
 */
export class PlainLog {
  updates = 0;
  /** How many of them are acknowledged: the first ones. */
  acknowledged = 0;
  /** The states of the updates, as places in `TASK_STATES`. */
  readonly states = new Uint8Array(MOST_UPDATES);
  /** What is odd of it: undefined where it ends with a whole record, and so nothing is. */
  odd: LogFacts | undefined;
  readonly #record = new LogRecord();
  /** Where in the bytes the uuids of the updates are. */
  readonly uuids = new Int32Array(MOST_UPDATES);
  /** When the last update was made, in seconds since 1970. */
  newest = Number.NEGATIVE_INFINITY;

  /** Reads the log that is `bytes[0, size)`; whether it is plain. Where it is not, nothing here says anything. */
  read(bytes: Buffer, size: number, place: LogPlace): boolean {
    this.updates = 0;
    this.acknowledged = 0;
    this.odd = undefined;
    this.newest = Number.NEGATIVE_INFINITY;
    this.#record.startLog();
    let records = 0;
    for (let at = 0; at < size; records++) {
      const start = at + LENGTH_SIZE;
      if (start > size) return this.#isTorn(bytes, size, at, undefined, records);
      const announced = bytes.readUInt32LE(at);
      const end = start + announced;
      if (end > size) return this.#isTorn(bytes, size, at, announced, records);
      if (this.#record.read(bytes, start, end) !== undefined) return false;
      if (!(this.#record.isAcknowledgement ? this.#acknowledges() : this.#updates(place))) return false;
      at = end;
    }
    return this.updates > 0;
  }

  /** Notes that the last record is not whole; false where the log may be one of zeros. */
  #isTorn(bytes: Buffer, size: number, end: number, announced: number | undefined, records: number): boolean {
    const available = size - end - (announced === undefined ? 0 : LENGTH_SIZE);
    const ending = { kind: 'torn', offset: end, announced, available } as const;
    const lost = lostAt(ending);
    this.odd = { kind: 'log', size, end, ending, zeros: false, records, lost, updates: this.updates, ...NOTHING_ELSE };
    return bytes[0] !== 0;
  }

  #acknowledges(): boolean {
    const record = this.#record;
    if (this.acknowledged === this.updates || !record.isUuid(ACK_UUID)) return false;
    const waiting = this.uuids[this.acknowledged++] as number;
    return isSame(record.bytes, waiting, record.startOf(ACK_UUID));
  }

  #updates(place: LogPlace): boolean {
    const record = this.#record;
    if (this.updates === MOST_UPDATES || !record.isUuid(UUID)) return false;
    const uuid = record.startOf(UUID);
    for (let i = 0; i < this.updates; i++) if (isSame(record.bytes, this.uuids[i] as number, uuid)) return false;
    if (!isOf(record, place) || record.timestamp < this.newest) return false;
    this.newest = record.timestamp;
    this.states[this.updates] = record.state;
    this.uuids[this.updates++] = uuid;
    return true;
  }
}

const NOTHING_ELSE = {
  badUpdate: undefined,
  badAcknowledgement: undefined,
  outOfOrder: undefined,
  foreignIds: undefined,
} as const;

/** Whether an update names its place, as far as it has to. */
const isOf = (record: LogRecord, { framework, task, executor, agent }: LogPlace): boolean =>
  record.isText(TASK, task) &&
  record.isText(FRAMEWORK, framework) &&
  (!record.has(EXECUTOR) || record.isText(EXECUTOR, executor)) &&
  (!record.has(AGENT) || record.isText(AGENT, agent));

const isSame = (bytes: Buffer, a: number, b: number): boolean => {
  for (let i = 0; i < UUID_SIZE; i++) if (bytes[a + i] !== bytes[b + i]) return false;
  return true;
};
