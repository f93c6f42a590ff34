import { bytesOf } from '../text/lossless.ts';
import type { Field, MessageType } from './message-type.ts';
import type { Message } from './parse.ts';
import { WIRE_BYTES, WIRE_FIXED64, WIRE_VARINT } from './wire.ts';

/**
 * Writes messages for the few files that are rebuilt, where there are no bytes to keep: what can be cut or moved is
 * never decoded and encoded again.
 */

/**
 * The bytes of a message, fields in the order of their numbers, as protobuf's own encoder has them. Values are as `parse`
 * gives them: enums by name, 64-bit numbers as bigint, maps as `Map`; what is undefined is left out, and repeated scalars
 * are not packed, as in proto2.
 * @throws TypeError where a required field is missing, or a value is none that its field can hold
 */
export const encodeMessage = (type: MessageType, value: Message): Buffer => {
  const parts: Buffer[] = [];
  for (const field of type.fields) {
    if (field === undefined) continue;
    const at = `${type.name}.${field.name}`;
    const found = value[field.name];
    if (found === undefined) {
      if (field.label === 'required') throw new TypeError(`${at} is required, and missing`);
      continue;
    }
    if (field.isMap) for (const entry of found as ReadonlyMap<unknown, unknown>) parts.push(mapEntry(field, entry, at));
    else if (field.label === 'repeated')
      for (const each of found as readonly unknown[]) parts.push(one(field, each, at));
    else parts.push(one(field, found, at));
  }
  return Buffer.concat(parts);
};

/** A message's record as the agent's files have it: its length in four bytes, little-endian, then the message. */
export const encodeRecord = (message: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  return Buffer.concat([length, message]);
};

/** A key and its value are fields 1 and 2 of an entry. */
const mapEntry = (field: Field, [key, value]: readonly [unknown, unknown], at: string): Buffer => {
  if (field.message === undefined) throw new TypeError(`${at} is not a map`);
  return encodeField(field.number, encodeMessage(field.message, { key, value }));
};

const one = (field: Field, value: unknown, at: string): Buffer => {
  const wrong = (): TypeError => new TypeError(`${at}: ${String(value)} is not a value of type ${field.kind}`);
  switch (field.kind) {
    case 'message':
      if (field.message === undefined || typeof value !== 'object' || value === null) throw wrong();
      return encodeField(field.number, encodeMessage(field.message, value as Message));
    case 'string':
      if (typeof value !== 'string') throw wrong();
      return encodeField(field.number, bytesOf(value));
    case 'bytes':
      if (!(value instanceof Uint8Array)) throw wrong();
      return encodeField(field.number, value);
    case 'double': {
      if (typeof value !== 'number') throw wrong();
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(value);
      return Buffer.concat([tag(field.number, WIRE_FIXED64), bytes]);
    }
    case 'bool':
      if (typeof value !== 'boolean') throw wrong();
      return number(field, value ? 1n : 0n);
    case 'enum': {
      const found = [...(field.enum?.nameByNumber ?? [])].find(([, name]) => name === value);
      if (found === undefined) throw wrong();
      return number(field, BigInt(found[0]));
    }
    default:
      if (!fits(field.kind, value)) throw wrong();
      return number(field, BigInt(value));
  }
};

const RANGES = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
} as const;

const fits = (kind: keyof typeof RANGES, value: unknown): value is number | bigint => {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) return false;
  const [least, most] = RANGES[kind];
  return BigInt(value as number | bigint) >= least && BigInt(value as number | bigint) <= most;
};

const number = (field: Field, value: bigint): Buffer => Buffer.concat([tag(field.number, WIRE_VARINT), varint(value)]);

/** A text, bytes or a message as the field of a message. */
export const encodeField = (fieldNumber: number, content: Uint8Array): Buffer =>
  Buffer.concat([tag(fieldNumber, WIRE_BYTES), varint(BigInt(content.length)), content]);

/** The length that stands before a text, bytes or a message. */
export const encodeLength = (length: number): Buffer => varint(BigInt(length));

const tag = (fieldNumber: number, wire: number): Buffer => varint(BigInt(fieldNumber * 8 + wire));

/** A negative number takes ten bytes, whatever its type. */
const varint = (value: bigint): Buffer => {
  const bytes: number[] = [];
  let left = BigInt.asUintN(64, value);
  for (; left > 0x7fn; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80);
  return Buffer.of(...bytes, Number(left));
};
