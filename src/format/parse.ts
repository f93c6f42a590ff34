import { isUtf8, textOf } from '../text/lossless.ts';
import { emptyMessage, type Shape, type Slot, shapeOf, subShape } from './shape.ts';
import {
  CUT_OFF,
  high,
  limitAfter,
  low,
  MAX_DEPTH,
  readVarint,
  UNLIMITED,
  WIRE_BYTES,
  WIRE_END_GROUP,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_START_GROUP,
  WIRE_VARINT,
} from './wire.ts';

/**
 * Reads protobuf messages exactly as protobuf 3.5.0 does, which the agent bundles: laxer than what came later (see
 * docs/decisions/0002-our-own-wire-reader.md). Every byte is walked once; objects are made for the kept fields only.
 */

/** Why bytes are no message, and where: a value, because damage is nothing exceptional here. */
export class WireFailure {
  /** One clause, without a full stop. */
  readonly reason: string;
  /** Offset of the byte that it is about, from the start of the buffer that was given. */
  readonly offset: number;
  /** The fields that lead there, `resources.scalar.value`; empty at the top. */
  readonly field: string;
  constructor(reason: string, offset: number, field: string) {
    this.reason = reason;
    this.offset = offset;
    this.field = field;
  }

  /** Whether the bytes are a message to their end, which lacks a field. */
  get isIncomplete(): boolean {
    return this.reason.startsWith(LACKS);
  }
}

const LACKS = 'required field ';

/** So many values are made of one message, those within others counted: each takes a hundred bytes of memory or more, and may have two. */
export const MOST_VALUES = 1_000_000;

/** A message has more values than are brought into memory. Whether the agent would read it, is not known. */
export class TooManyValues extends Error {
  readonly code = 'ERR_TOO_MANY_VALUES';
  constructor() {
    super(`a message has more than ${MOST_VALUES} values`);
    this.name = 'TooManyValues';
  }
}

/** A decoded message: the kept fields under the schema's names, absent where they are absent. */
export type Message = Record<string, unknown>;

// The reader's registers. Parsing is synchronous and never re-entered, and locals of a closure are what V8 is fast at.
let bytes: Buffer = Buffer.alloc(0);
let pos = 0;
let stop = 0;
let base = 0;
let depth = 0;
let failedAt = 0;
let failure = '';
let failedIn = '';
let incomplete = false;
/** Values that were made of the message. */
let made = 0;
let marks: Int32Array = new Int32Array(0);

const fail = (reason: string, at: number): false => {
  failure = reason;
  failedAt = at;
  failedIn = '';
  return false;
};

/**
 * Parses `buffer[start, end)` as one message and checks that it is initialised, as `ParseFromZeroCopyStream` does.
 * Returns the kept fields (an empty object where none is kept), or the failure.
 * @throws TooManyValues where they have more than a million values
 */
export const parse = (shape: Shape, buffer: Buffer, start = 0, end = buffer.length): Message | WireFailure => {
  const message = parseOnce(shape, buffer, start, end);
  if (message instanceof WireFailure || !incomplete) return message;
  // Some occurrence of a message lacked a required field. Another occurrence of the same field may have it, because
  // repeated singular messages merge; only the merged whole can tell, so look at that.
  const everything = parseOnce(shapeOf(shape.type, true), buffer, start, end);
  if (everything instanceof WireFailure) return everything;
  const missing = missingField(shapeOf(shape.type, true), everything);
  return missing === undefined ? message : new WireFailure(`${LACKS}${missing} is missing`, start, parentOf(missing));
};

/**
 * Checks `buffer[start, end)` as `parse` does, and makes no object: what the shape watches is noted in `marks`, two numbers
 * a mark: where a text or bytes start and end in the buffer; a number's value (of a double, where it is) and 0. -1 and -1
 * are those of a field that is absent. Of what occurs more than once, the last counts, as it does when messages merge.
 * Returns the failure, where there is one.
 */
export const scan = (
  shape: Shape,
  buffer: Buffer,
  start: number,
  end: number,
  into: Int32Array,
): WireFailure | undefined => {
  if (!scanOnce(shape, buffer, start, end, into)) return new WireFailure(failure, failedAt, failedIn);
  if (!incomplete) return undefined;
  // Only the merged whole can tell: see `parse`.
  const whole = parse(shapeOf(shape.type, true), buffer, start, end);
  return whole instanceof WireFailure ? whole : undefined;
};

/**
 * Scans as `scan` does; whether `buffer[start, end)` is a message in which no message lacks a field that is required or
 * demanded. What is not so may be a message all the same: that only `scan` can tell.
 */
export const isPlain = (shape: Shape, buffer: Buffer, start: number, end: number, into: Int32Array): boolean =>
  scanOnce(shape, buffer, start, end, into) && !incomplete;

const scanOnce = (shape: Shape, buffer: Buffer, start: number, end: number, into: Int32Array): boolean => {
  for (let i = 0; i < into.length; i++) into[i] = -1;
  bytes = buffer;
  pos = start;
  base = start;
  stop = end;
  depth = 0;
  incomplete = false;
  marks = into;
  const parsed = readMessage(shape, UNLIMITED, undefined);
  bytes = NO_BYTES;
  marks = NO_MARKS;
  return parsed;
};

const NO_MARKS = new Int32Array(0);

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('.')));

const parseOnce = (shape: Shape, buffer: Buffer, start: number, end: number): Message | WireFailure => {
  bytes = buffer;
  pos = start;
  base = start;
  stop = end;
  depth = 0;
  incomplete = false;
  made = 0;
  const message = emptyMessage(shape);
  const parsed = readMessage(shape, UNLIMITED, message);
  bytes = NO_BYTES;
  return parsed ? message : new WireFailure(failure, failedAt, failedIn);
};

const NO_BYTES = Buffer.alloc(0);

/**
 * Reads fields until `limit`, which counts from the start of the record and may lie behind the last byte: protobuf
 * 3.5.0 takes the end of the input for the end of every message that is open.
 */
const readMessage = (shape: Shape, limit: number, into: Message | undefined): boolean => {
  const end = limit === UNLIMITED ? stop : Math.min(stop, base + limit);
  let seen = 0;
  while (pos < end) {
    const at = pos;
    let tag = bytes[pos] as number;
    if (tag < 0x80) pos++;
    else {
      if (!readNumber(end)) return false;
      tag = low;
    }
    const number = tag >>> 3;
    const wire = tag & 7;
    if (number === 0) return fail('field number 0', at);
    const slot = shape.slots[number];
    if (slot === undefined) {
      if (!skip(wire, number, end, at)) return false;
    } else if (wire === slot.wire) {
      if (wire === WIRE_BYTES) {
        if (slot.field.kind === 'message') {
          if (!readSubMessage(shape, slot, limit, end, into)) return within(slot.name);
        } else if (!readBytes(shape, slot, end, at, into)) return within(slot.name);
      } else if (!readScalar(shape, slot, end, into)) return within(slot.name);
      else if (!known) continue;
      seen |= slot.requiredBit;
    } else if (wire === WIRE_BYTES && slot.repeated && slot.wire !== WIRE_BYTES) {
      if (!readPacked(shape, slot, limit, into)) return within(slot.name);
    } else if (!skip(wire, number, end, at)) return false;
  }
  if ((seen & shape.requiredMask) !== shape.requiredMask) incomplete = true;
  return true;
};

const within = (name: string): false => {
  failedIn = failedIn === '' ? name : `${name}.${failedIn}`;
  return false;
};

/** Whether the scalar that was just read counts as the field: an enum number that the schema lacks does not. */
let known = true;

/** Reads a varint, into `low` and `high`. */
const readNumber = (end: number): boolean => {
  const next = readVarint(bytes, pos, end);
  if (next < 0) {
    return fail(next === CUT_OFF ? 'a number ends in its middle' : 'a number is longer than ten bytes', pos);
  }
  pos = next;
  return true;
};

const readSubMessage = (shape: Shape, slot: Slot, limit: number, end: number, into: Message | undefined): boolean => {
  const at = pos;
  if (!readNumber(end)) return false;
  // Unlike that of a text, a message's length is looked at with all its 64 bits (`ReadVarintSizeAsInt`).
  if (high !== 0 || low > UNLIMITED) return fail('a message has a length of 2 GiB or more', at);
  if (++depth > MAX_DEPTH) return fail('messages are nested more than 100 deep', at);
  const sub = slot.sub ?? subShape(shape, slot);
  if (slot.mark >= 0) note(slot.mark, pos, pos + low);
  const keep = into !== undefined && slot.keep;
  let target: Message | undefined;
  if (keep) target = targetOf(slot, sub, into);
  if (!readMessage(sub, limitAfter(low, pos - base, limit), target)) return false;
  depth--;
  if (slot.field.isMap) {
    if (keep && target !== undefined) putEntry(slot, sub, into[slot.name] as Map<unknown, unknown>, target);
    // An entry without a value has the default one, which lacks its required fields.
    else if (entryValue(sub) !== undefined) incomplete = true;
  }
  return true;
};

/** The object that a message field's bytes go into: the one that is there already, for a singular field. */
const targetOf = (slot: Slot, sub: Shape, into: Message): Message => {
  if (slot.repeated) {
    countValue();
    const created = emptyMessage(sub);
    if (!slot.field.isMap) (into[slot.name] as Message[]).push(created);
    return created;
  }
  for (const rival of slot.rivals) delete into[rival];
  const present = into[slot.name] as Message | undefined;
  if (present !== undefined) return present;
  countValue();
  const created = emptyMessage(sub);
  into[slot.name] = created;
  return created;
};

/** The shape of a map's values where they are messages with required fields. */
const entryValue = (entry: Shape): Shape | undefined => {
  const value = entry.slots[2];
  if (value === undefined || value.field.kind !== 'message') return undefined;
  const shape = value.sub ?? subShape(entry, value);
  return shape.requiredMask === 0 ? undefined : shape;
};

const putEntry = (slot: Slot, entry: Shape, map: Map<unknown, unknown>, read: Message): void => {
  const key = entry.slots[1];
  const value = entry.slots[2];
  if (key === undefined || value === undefined) throw new TypeError(`${slot.name} is not a map`);
  if (read['value'] === undefined && entryValue(entry) !== undefined) incomplete = true;
  map.set(read['key'] ?? defaultOf(entry, key), read['value'] ?? defaultOf(entry, value));
};

const defaultOf = (shape: Shape, slot: Slot): unknown => {
  switch (slot.field.kind) {
    case 'string':
      return '';
    case 'bytes':
      return NO_BYTES;
    case 'bool':
      return false;
    case 'int64':
    case 'uint64':
      return 0n;
    case 'message':
      return emptyMessage(slot.sub ?? subShape(shape, slot));
    case 'enum':
      return slot.enumeration?.nameByNumber.values().next().value;
    default:
      return 0;
  }
};

const readBytes = (shape: Shape, slot: Slot, end: number, at: number, into: Message | undefined): boolean => {
  if (!readNumber(end)) return false;
  const from = pos;
  if (low > end - from) return fail(`${low} bytes are expected, ${end - from} are present`, at);
  pos = from + low;
  const isText = slot.field.kind === 'string';
  if (isText && shape.proto3 && !isUtf8(bytes, from, pos)) return fail('the text is not UTF-8', from);
  if (slot.mark >= 0) note(slot.mark, from, pos);
  if (into !== undefined && slot.keep)
    put(slot, into, isText ? textOf(bytes, from, pos) : Buffer.from(bytes.subarray(from, pos)));
  return true;
};

const note = (mark: number, first: number, second: number): void => {
  marks[2 * mark] = first;
  marks[2 * mark + 1] = second;
};

/** Counts a message, or a value in a list: of others, no message has more than its type has fields. */
const countValue = (): void => {
  if (++made > MOST_VALUES) throw new TooManyValues();
};

/** How many values were made of the message that was parsed last: see `MOST_VALUES`. */
export const valuesOfLast = (): number => made;

const put = (slot: Slot, into: Message, value: unknown): void => {
  if (slot.repeated) {
    countValue();
    (into[slot.name] as unknown[]).push(value);
  } else {
    for (const rival of slot.rivals) delete into[rival];
    into[slot.name] = value;
  }
};

const readScalar = (shape: Shape, slot: Slot, end: number, into: Message | undefined): boolean => {
  const keep = into !== undefined && slot.keep;
  known = true;
  if (slot.wire === WIRE_FIXED64) {
    if (end - pos < 8) return fail('a number ends in its middle', pos);
    if (keep) put(slot, into, bytes.readDoubleLE(pos));
    if (slot.mark >= 0) note(slot.mark, pos, 0);
    pos += 8;
    return true;
  }
  if (!readNumber(end)) return false;
  switch (slot.field.kind) {
    case 'enum': {
      const name = slot.enumeration?.nameByNumber.get(low | 0);
      known = name !== undefined || shape.proto3;
      if (known && slot.mark >= 0) note(slot.mark, low | 0, 0);
      if (keep && known) put(slot, into, name ?? String(low | 0));
      return true;
    }
    case 'bool':
      if (keep) put(slot, into, low !== 0 || high !== 0);
      return true;
    case 'int32':
      if (keep) put(slot, into, low | 0);
      return true;
    case 'uint32':
      if (keep) put(slot, into, low);
      return true;
    case 'int64':
      if (keep) put(slot, into, BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low)));
      return true;
    default:
      if (keep) put(slot, into, (BigInt(high) << 32n) | BigInt(low));
      return true;
  }
};

/** A repeated scalar in its packed form, whichever form the schema says: both are read. */
const readPacked = (shape: Shape, slot: Slot, limit: number, into: Message | undefined): boolean => {
  const at = pos;
  if (!readNumber(limit === UNLIMITED ? stop : Math.min(stop, base + limit))) return false;
  // Of enums the length is read as 32 bits, of numbers as 64.
  if (slot.field.kind !== 'enum' && (high !== 0 || low > UNLIMITED)) {
    return fail('a list has a length of 2 GiB or more', at);
  }
  const packedLimit = limitAfter(low, pos - base, limit);
  // A length that sets no limit at the top level leaves none to read up to: no values, and no failure.
  if (packedLimit === UNLIMITED) return true;
  const end = Math.min(stop, base + packedLimit);
  while (pos - base < packedLimit) if (!readScalar(shape, slot, end, into)) return false;
  return true;
};

/** Passes over a field that the type does not have, or has with another wire type. */
const skip = (wire: number, number: number, end: number, at: number): boolean => {
  switch (wire) {
    case WIRE_VARINT:
      return readNumber(end);
    case WIRE_FIXED64:
      return skipBytes(8, end);
    case WIRE_FIXED32:
      return skipBytes(4, end);
    case WIRE_BYTES:
      return readNumber(end) && skipBytes(low, end);
    case WIRE_START_GROUP:
      return skipGroup(number, end, at);
    case WIRE_END_GROUP:
      return fail('a group ends that did not begin', at);
    default:
      return fail(`wire type ${wire}`, at);
  }
};

const skipBytes = (count: number, end: number): boolean => {
  if (count > end - pos) return fail(`${count} bytes are expected, ${end - pos} are present`, pos);
  pos += count;
  return true;
};

const skipGroup = (number: number, end: number, at: number): boolean => {
  if (++depth > MAX_DEPTH) return fail('groups are nested more than 100 deep', at);
  while (pos < end) {
    const tagAt = pos;
    if (!readNumber(end)) return false;
    const tag = low;
    if ((tag & 7) === WIRE_END_GROUP) {
      depth--;
      return tag >>> 3 === number || fail('a group ends that did not begin', tagAt);
    }
    if (tag >>> 3 === 0) return fail('field number 0', tagAt);
    if (!skip(tag & 7, tag >>> 3, end, tagAt)) return false;
  }
  return fail('a group does not end', at);
};

/** The first required field that a whole decoded message lacks, as a path; undefined where it has them all. */
const missingField = (shape: Shape, message: Message): string | undefined => {
  for (const slot of shape.slots) {
    if (slot === undefined) continue;
    const value = message[slot.name];
    if (slot.requiredBit !== 0 && value === undefined) return slot.name;
    if (slot.field.kind !== 'message' || value === undefined) continue;
    const sub = slot.sub ?? subShape(shape, slot);
    const missing = slot.field.isMap
      ? missingInMap(sub, value as Map<unknown, unknown>)
      : missingInEach(sub, slot.repeated ? (value as Message[]) : [value as Message]);
    if (missing !== undefined) return `${slot.name}.${missing}`;
  }
  return undefined;
};

const missingInEach = (shape: Shape, messages: readonly Message[]): string | undefined => {
  for (const message of messages) {
    const missing = missingField(shape, message);
    if (missing !== undefined) return missing;
  }
  return undefined;
};

const missingInMap = (entry: Shape, map: Map<unknown, unknown>): string | undefined => {
  const value = entry.slots[2];
  if (value === undefined || value.field.kind !== 'message') return undefined;
  return missingInEach(value.sub ?? subShape(entry, value), [...map.values()] as Message[]);
};
