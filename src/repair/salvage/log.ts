import type { LogPlace } from '../../checkpoint/update-log/update-log.ts';
import { frameAt, LENGTH_SIZE, type Span } from '../../format/frames.ts';
import { Search } from '../../format/in-vain.ts';
import { type Shape, shapeOf } from '../../format/shape.ts';
import { isUuid } from '../../format/uuid.ts';
import { messageType } from '../../schema/index.ts';

/** What is kept of a log behind its first bad record. */
export interface SalvagedLog {
  /** The bytes that have to go, in order, and apart. */
  readonly spans: readonly Span[];
  /** How many records behind the first bad one are kept. */
  readonly kept: number;
  /** How many of them are updates. */
  readonly keptUpdates: number;
  /** Every bad record was as long as it said, so that just the record goes. */
  readonly isExact: boolean;
}

/** A record as far as its sanity is asked about. */
interface Record {
  readonly type: 'UPDATE' | 'ACK';
  readonly uuid?: Buffer;
  readonly update?: {
    readonly uuid?: Buffer;
    readonly timestamp: number;
    readonly framework_id: { readonly value: string };
    readonly executor_id?: { readonly value: string };
    readonly slave_id?: { readonly value: string };
    readonly status: { readonly task_id: { readonly value: string } };
  };
}

const shape = (): Shape =>
  shapeOf(messageType('mesos.internal.StatusUpdateRecord'), {
    type: true,
    uuid: true,
    update: {
      uuid: true,
      timestamp: true,
      framework_id: { value: true },
      executor_id: { value: true },
      slave_id: { value: true },
      status: { task_id: { value: true } },
    },
  });

/** The field `type`, the first that an agent writes, with either of its values. */
const TYPE_TAG = 0x08;
/** A type and a uuid: no record is shorter. */
const LEAST = 20;
/** Agents with checkpoints are no older, in seconds since 1970. */
const OLDEST = 1_300_000_000;
const DAY = 86_400;

/**
 * Looks behind the first bad record of a task's log of `size` bytes, at `from`, for the next ones that are whole: of this framework and
 * task, with a time that can be, a uuid that no other has, and acknowledgements of updates that are there. Undefined where
 * there is none, so that nothing is kept by it. `written` is when the file was last written, in ms since 1970.
 */
export const salvageLog = (
  bytes: Buffer,
  { size, from }: { readonly size: number; readonly from: number },
  place: LogPlace,
  written: number | undefined,
): SalvagedLog | undefined => {
  const known = new Known(place, written);
  const search = new Search(bytes.length);
  for (let at = 0; at < from; ) {
    const record = recordAt(search, bytes, at);
    if (record === undefined) return undefined;
    known.add(record.value);
    at += record.length;
  }
  const spans: Span[] = [];
  let kept = 0;
  let keptUpdates = 0;
  let isExact = true;
  let bad = -1;
  let last = from;
  for (let at = from; at < bytes.length && !search.isOver; ) {
    const record = recordAt(search, bytes, at);
    // Behind a record that is as long as it says, the next is where it should be.
    const isInStep = bad < 0 || at === frameAt(bytes, bad).end;
    if (record !== undefined && known.takes(record.value, isInStep)) {
      if (bad >= 0) {
        if (!isInStep) isExact = false;
        spans.push({ offset: bad, length: at - bad });
      }
      known.add(record.value);
      kept++;
      if (record.value.type === 'UPDATE') keptUpdates++;
      bad = -1;
      at += record.length;
      last = at;
      continue;
    }
    if (record !== undefined) search.inVain(record.length);
    if (bad < 0) bad = at;
    at = nextStart(bytes, at + 1);
  }
  if (kept === 0) return undefined;
  if (last < size) spans.push({ offset: last, length: size - last });
  return { spans, kept, keptUpdates, isExact };
};

/** The next place that looks like the beginning of a record; the end where there is none. */
const nextStart = (bytes: Buffer, from: number): number => {
  // The length is before the type, and its high byte is 0 in all that fit into memory.
  for (let at = bytes.indexOf(TYPE_TAG, from + LENGTH_SIZE); at >= 0; at = bytes.indexOf(TYPE_TAG, at + 1)) {
    const { state, offset, start, end } = frameAt(bytes, at - LENGTH_SIZE);
    if (state === 'record' && end - start >= LEAST && (bytes[at + 1] ?? 2) <= 1) return offset;
  }
  return bytes.length;
};

const recordAt = (
  search: Search,
  bytes: Buffer,
  at: number,
): { readonly value: Record; readonly length: number } | undefined => {
  const { state, start, end } = frameAt(bytes, at);
  const message = state === 'record' ? search.at(shape(), bytes, start, end) : undefined;
  return message && { value: message as unknown as Record, length: end - at };
};

/** What the records so far tell of those that may follow. */
class Known {
  readonly #place: LogPlace;
  readonly #latest: number;
  readonly #updates = new Set<string>();
  #earliest = OLDEST;

  constructor(place: LogPlace, written: number | undefined) {
    this.#place = place;
    this.#latest = written === undefined ? Number.POSITIVE_INFINITY : written / 1000 + DAY;
  }

  add({ type, update }: Record): void {
    if (type === 'ACK' || update === undefined) return;
    if (update.uuid !== undefined) this.#updates.add(update.uuid.toString('hex'));
    // A clock may be set back, but not by days.
    this.#earliest = Math.max(this.#earliest, update.timestamp - DAY);
  }

  /** Whether a record can be one of this log; an acknowledgement may be that of an update that is lost, if it is in step. */
  takes({ type, uuid, update }: Record, isInStep: boolean): boolean {
    if (type === 'ACK') return isUuid(uuid) && (isInStep || this.#updates.has((uuid as Buffer).toString('hex')));
    if (update === undefined || !isUuid(update.uuid)) return false;
    const { framework, executor, agent, task } = this.#place;
    return (
      !this.#updates.has((update.uuid as Buffer).toString('hex')) &&
      update.framework_id.value === framework &&
      update.status.task_id.value === task &&
      (update.executor_id === undefined || update.executor_id.value === executor) &&
      (update.slave_id === undefined || update.slave_id.value === agent) &&
      update.timestamp >= this.#earliest &&
      update.timestamp <= this.#latest
    );
  }
}
