import { UUID_SIZE } from '../../format/uuid.ts';
import type { UpdateLog } from '../files.ts';
import { Fingerprints } from './fingerprints.ts';
import { Growing } from './growing.ts';
import { UuidTable } from './uuid-table.ts';

/** What a log keeps of its acknowledgements. */
type Kept = Pick<UpdateLog, 'acknowledged' | 'updateUuids' | 'ackUuids'>;

/**
 * Finds out, record by record, which updates of a log have their uuid among its acknowledgements, wherever in the log
 * those are. Either call says whether it can still be told.
 */
export interface Acknowledgements {
  /** The next update; its uuid is at `from`, which is negative where it has none of 16 bytes. */
  readonly update: (bytes: Buffer, from: number) => boolean;
  /** An acknowledgement of the uuid at `from`. */
  readonly acknowledge: (bytes: Buffer, from: number) => boolean;
  /** What was found out; undefined where it cannot be told. */
  readonly take: () => Kept | undefined;
}

/** The uuids of a log of a checkpoint that was loaded with them; that a loader was not told to keep them is a mistake. */
export const keptUuids = (uuids: Buffer | undefined): Buffer => {
  if (uuids === undefined) throw new TypeError("the uuids of the log's records were not kept");
  return uuids;
};

/** Below this many comparisons, comparing each with each is faster than a table. */
const FEW = 256;

const updateUuids = new Growing();
const ackUuids = new Growing();

/** Keeps every uuid until the log is read, and thus can always tell. */
export class KeptUuids implements Acknowledgements {
  readonly #keeps: boolean;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
    updateUuids.length = 0;
    ackUuids.length = 0;
  }

  update(bytes: Buffer, from: number): boolean {
    updateUuids.add(bytes, from, UUID_SIZE);
    return true;
  }

  acknowledge(bytes: Buffer, from: number): boolean {
    ackUuids.add(bytes, from, UUID_SIZE);
    return true;
  }

  take(): Kept {
    const acknowledged = compare(updateUuids.bytes(), ackUuids.bytes());
    if (this.#keeps) return { acknowledged, updateUuids: updateUuids.take(), ackUuids: ackUuids.take() };
    return { acknowledged, updateUuids: undefined, ackUuids: undefined };
  }
}

/** One bit an update. A uuid of zeros stands for none, and is no acknowledgement's, because its version is 0. */
const compare = (updates: Buffer, acks: Buffer): Uint8Array => {
  const count = updates.length / UUID_SIZE;
  const bits = new Uint8Array((count + 7) >> 3);
  const isFew = count * (acks.length / UUID_SIZE) <= FEW;
  const known = isFew ? undefined : new UuidTable(acks);
  for (let update = 0; update < count; update++) {
    const from = update * UUID_SIZE;
    if (known === undefined ? isAmong(acks, updates, from) : known.has(updates, from)) setBit(bits, update);
  }
  return bits;
};

const setBit = (bits: Uint8Array, at: number): void => {
  bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
};

const isAmong = (uuids: Buffer, wanted: Buffer, from: number): boolean => {
  for (let at = 0; at < uuids.length; at += UUID_SIZE) if (isSame(uuids, at, wanted, from)) return true;
  return false;
};

const isSame = (a: Buffer, at: number, b: Buffer, from: number): boolean => {
  for (let i = 0; i < UUID_SIZE; i++) if (a[at + i] !== b[from + i]) return false;
  return true;
};

/**
 * Forgets a uuid once it is acknowledged, which is exact for a log as an agent writes it: it sends an update, waits for its
 * acknowledgement, and logs that before the next one's. Eight bytes stay of each, to notice an update that has the uuid
 * of an earlier one. What is not so cannot be told.
 */
export class StreamedAcknowledgements implements Acknowledgements {
  /** The uuids that wait for their acknowledgement, one behind the other, from `#front` to `#end`. */
  #waiting = Buffer.allocUnsafeSlow(64 * UUID_SIZE);
  #front = 0;
  #end = 0;
  readonly #forgotten = new Fingerprints();
  readonly #bits = new Growing();
  #updates = 0;

  update(bytes: Buffer, from: number): boolean {
    if (this.#end === this.#waiting.length) this.#makeRoom();
    for (let i = 0; i < UUID_SIZE; i++) this.#waiting[this.#end + i] = from < 0 ? 0 : (bytes[from + i] as number);
    this.#end += UUID_SIZE;
    if ((this.#updates++ & 7) === 0) this.#bits.addByte(0);
    return true;
  }

  acknowledge(bytes: Buffer, from: number): boolean {
    if (this.#front === this.#end || !isSame(this.#waiting, this.#front, bytes, from)) return false;
    setBit(this.#bits.reserve(0), this.#updates - (this.#end - this.#front) / UUID_SIZE);
    this.#forgotten.add(bytes, from);
    this.#front += UUID_SIZE;
    if (this.#front === this.#end) this.#front = this.#end = 0;
    return true;
  }

  take(): Kept | undefined {
    for (let at = this.#front; at < this.#end; at += UUID_SIZE) this.#forgotten.add(this.#waiting, at);
    if (this.#forgotten.hasTwins()) return undefined;
    return { acknowledged: this.#bits.take(), updateUuids: undefined, ackUuids: undefined };
  }

  /** Moves what waits to the front, and doubles the room where that is not half of it. */
  #makeRoom(): void {
    const { length } = this.#waiting;
    const from = this.#waiting;
    if (this.#front < length / 2) this.#waiting = Buffer.allocUnsafeSlow(length * 2);
    from.copy(this.#waiting, 0, this.#front, this.#end);
    this.#end -= this.#front;
    this.#front = 0;
  }
}
