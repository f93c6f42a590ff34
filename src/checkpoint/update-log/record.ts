import { scan, type WireFailure } from '../../format/parse.ts';
import { type Shape, scanShapeOf } from '../../format/shape.ts';
import { isUuidAt } from '../../format/uuid.ts';
import { messageType } from '../../schema/index.ts';
import { isTextAt, textOf } from '../../text/lossless.ts';
import { Templates, type Variable } from './templates.ts';

/** The values of a `StatusUpdateRecord` that are looked at, by their place among its marks; the rest is checked only. */
const TYPE = 0;
export const ACK_UUID = 1;
export const UUID = 2;
const TIMESTAMP = 3;
export const FRAMEWORK = 4;
export const EXECUTOR = 5;
export const AGENT = 6;
export const TASK = 7;
const STATE = 8;
const STATUS_UUID = 9;
const STATUS_TIMESTAMP = 10;
const MARKS = 11;
/** Those that are no numbers are places in the bytes. */
const PLACES = Array.from({ length: MARKS }, (_, mark) => mark !== TYPE && mark !== STATE);
/** The values that differ from record to record. */
const VARIABLES = [ACK_UUID, UUID, STATUS_UUID, TIMESTAMP, STATUS_TIMESTAMP];

/** `StatusUpdateRecord.Type` */
const TYPE_ACK = 1;
const DOUBLE_SIZE = 8;

let shape: Shape | undefined;
const recordShape = (): Shape => {
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

const stateEnum = messageType('mesos.TaskStatus').fields[2]?.enum?.nameByNumber;
/** The states of tasks: a log keeps each update's as a number, its place in this list. */
export const TASK_STATES: readonly string[] = [...(stateEnum?.values() ?? [])];
/** By number in the schema: the place in the list. */
const statePlaces: readonly number[] = [...(stateEnum?.keys() ?? [])].reduce<number[]>((places, number, place) => {
  places[number] = place;
  return places;
}, []);
/** What `TaskStatus.state` is in a record of type UPDATE that has no update. */
export const DEFAULT_STATE = TASK_STATES.indexOf('TASK_STAGING');

const NO_BYTES = Buffer.alloc(0);
const NO_VIEW = new DataView(new ArrayBuffer(0));

/**
 * The record of a log that was read last: where in the bytes its values are. Many are like an earlier one, so that they are
 * compared with that instead of being parsed: see `Templates`.
 */
export class LogRecord {
  /** The record is like an earlier one that `learn` was told of: what was true of that one's ids is true of its own. */
  isFamiliar = false;
  bytes: Buffer = NO_BYTES;
  /** The same bytes, for numbers of several. */
  #view: DataView = NO_VIEW;
  readonly #parsed = new Int32Array(2 * MARKS);
  /** The marks of the record, and what has to be added to those that are places. */
  #marks: Int32Array = this.#parsed;
  #shift = 0;
  #start = 0;
  #end = 0;
  #templates: Templates | undefined;

  /** Starts with another log: what was learnt is of the one before. */
  startLog(): void {
    this.#templates = undefined;
    this.isFamiliar = false;
  }

  /** Lets go of the bytes: they may be those of a large record. What was read cannot be asked for any more. */
  forget(): void {
    this.bytes = NO_BYTES;
    this.#view = NO_VIEW;
  }

  /** Reads the message `bytes[start, end)`; the failure where it is none. */
  read(bytes: Buffer, start: number, end: number): WireFailure | undefined {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    this.#start = start;
    this.#end = end;
    const known = this.#templates?.match(this.#view, start, end);
    this.isFamiliar = known !== undefined;
    this.#marks = known ?? this.#parsed;
    this.#shift = known === undefined ? 0 : start;
    return known === undefined ? scan(recordShape(), bytes, start, end, this.#parsed) : undefined;
  }

  /** Remembers the record, so that others that are like it need not be parsed. */
  learn(): void {
    if (this.isFamiliar) return;
    this.#templates ??= new Templates(PLACES);
    if (!this.#templates.canLearn(this.#end - this.#start)) return;
    this.#templates.learn(this.bytes, this.#start, this.#end, this.#parsed, this.#variables());
  }

  /** In the order of their places. */
  #variables(): readonly Variable[] {
    return VARIABLES.filter((mark) => this.has(mark))
      .map((mark) => {
        const start = this.startOf(mark) - this.#start;
        const isTime = mark === TIMESTAMP || mark === STATUS_TIMESTAMP;
        return { start, end: isTime ? start + DOUBLE_SIZE : this.endOf(mark) - this.#start };
      })
      .sort((a, b) => a.start - b.start);
  }

  get isAcknowledgement(): boolean {
    return this.#marks[2 * TYPE] === TYPE_ACK;
  }

  /** The state of the update, as its place in `TASK_STATES`. */
  get state(): number {
    return statePlaces[this.#marks[2 * STATE] as number] ?? DEFAULT_STATE;
  }

  /** When the update was made, in seconds since 1970. */
  get timestamp(): number {
    return this.#view.getFloat64(this.startOf(TIMESTAMP), true);
  }

  has(mark: number): boolean {
    return (this.#marks[2 * mark] as number) >= 0;
  }

  /** Where a text or bytes start in `bytes`; -1 where the record has none. */
  startOf(mark: number): number {
    const start = this.#marks[2 * mark] as number;
    return start < 0 ? -1 : start + this.#shift;
  }

  endOf(mark: number): number {
    return (this.#marks[2 * mark + 1] as number) + this.#shift;
  }

  /** Whether the agent takes the bytes for a uuid. */
  isUuid(mark: number): boolean {
    return isUuidAt(this.bytes, this.startOf(mark), this.endOf(mark));
  }

  text(mark: number): string {
    return textOf(this.bytes, this.startOf(mark), this.endOf(mark));
  }

  /** Whether a text is this one. */
  isText(mark: number, expected: string): boolean {
    return isTextAt(this.bytes, this.startOf(mark), this.endOf(mark), expected);
  }
}
