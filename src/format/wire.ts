import type { Field } from './message-type.ts';

/** What protobuf's wire format is made of: wire types, varints, and the limits that lengths set. */

export const WIRE_VARINT = 0;
export const WIRE_FIXED64 = 1;
export const WIRE_BYTES = 2;
export const WIRE_START_GROUP = 3;
export const WIRE_END_GROUP = 4;
export const WIRE_FIXED32 = 5;

/** protobuf's default recursion limit: a 101st level of messages or groups fails. */
export const MAX_DEPTH = 100;
/** "No limit" to protobuf, which counts in 32-bit signed integers. */
export const UNLIMITED = 0x7fffffff;

/** The wire type of one value of a field. */
export const wireOf = ({ kind }: Field): number => {
  switch (kind) {
    case 'double':
      return WIRE_FIXED64;
    case 'string':
    case 'bytes':
    case 'message':
      return WIRE_BYTES;
    default:
      return WIRE_VARINT;
  }
};

/** The number that `readVarint` read last: its low 32 bits, and its high ones. */
export let low = 0;
export let high = 0;

/** What `readVarint` returns where there is no varint: it does not end before the bytes do, or not within ten bytes. */
export const CUT_OFF = -1;
const TOO_LONG = -2;
const MOST_BYTES = 10;

/**
 * Reads the varint at an offset into `low` and `high`; bits above 64 are dropped. Returns the offset behind it. A number of
 * 64 bits as two variables, because an object or a bigint for each would cost more than all the rest of a parse.
 */
export const readVarint = (bytes: Buffer, at: number, end: number): number => {
  low = 0;
  high = 0;
  for (let i = 0; i < MOST_BYTES; i++) {
    if (at + i >= end) return CUT_OFF;
    const byte = bytes[at + i] as number;
    const bits = byte & 0x7f;
    if (i < 4) low |= bits << (7 * i);
    else if (i === 4) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (7 * i - 32);
    if (byte < 0x80) {
      low >>>= 0;
      high >>>= 0;
      return at + i + 1;
    }
  }
  return TOO_LONG;
};

/** Whether the varint in `bytes[at, end)` is the one that an encoder writes: the shortest, and of no more than 64 bits. */
export const isShortest = (bytes: Buffer, at: number, end: number): boolean => {
  const last = bytes[end - 1];
  return end - at === 1 || (last !== 0 && (end - at < MOST_BYTES || last === 1));
};

/**
 * The limit that a length sets at a position, as `CodedInputStream::PushLimit` does: a length that is negative as an int,
 * or that reaches behind the limit in force, sets none. Positions and limits count from the start of the outermost message.
 */
export const limitAfter = (length: number, position: number, limit: number): number =>
  length <= UNLIMITED - position && length < limit - position ? position + length : limit;
