import type { EnumType, Field, MessageType } from '../../src/format/message-type.ts';

/** Bytes of protobuf messages, made by hand: right ones, and wrong ones. */

/** The wire types. */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, startGroup: 3, endGroup: 4, fixed32: 5 } as const;

/** A varint; of at least `size` bytes where that is given, though the last ones say nothing. */
export const varint = (value: number | bigint, size = 1): Buffer => {
  const out: number[] = [];
  let left = BigInt.asUintN(64, BigInt(value));
  while (left > 0x7fn || out.length < size - 1) {
    out.push(Number(left & 0x7fn) | 0x80);
    left >>= 7n;
  }
  return Buffer.of(...out, Number(left));
};

/** A tag, `size` bytes long where that is given. */
export const tag = (number: number, wire: number, size = 1): Buffer => varint((number << 3) | wire, size);

export const int = (number: number, value: number | bigint): Buffer =>
  Buffer.concat([tag(number, WIRE.varint), varint(value)]);

export const double = (number: number, value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([tag(number, WIRE.fixed64), bytes]);
};

/** A string, bytes or a message; `length` is what is announced, where it is not true. */
export const bytes = (number: number, content: string | Buffer, length?: number | bigint): Buffer => {
  const body = Buffer.from(content as Buffer);
  return Buffer.concat([tag(number, WIRE.bytes), varint(length ?? body.length), body]);
};

/** A message field with fields in it. */
export const sub = (number: number, ...fields: readonly Buffer[]): Buffer => bytes(number, Buffer.concat(fields));

export const group = (number: number, ...fields: readonly Buffer[]): Buffer =>
  Buffer.concat([tag(number, WIRE.startGroup), ...fields, tag(number, WIRE.endGroup)]);

/** A record: the length, which may be a lie, and the message. */
export const record = (message: Buffer, length = message.length): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(length);
  return Buffer.concat([head, message]);
};

/** A status update's record, as the agent writes it; `state` is a number of `TaskState`. */
export const updateRecord = (
  uuid: Buffer,
  options: { state?: number; task?: string; padding?: number; timestamp?: number } = {},
): Buffer => {
  const { state = 1, task = 't', padding = 0, timestamp = 1 } = options;
  const status = [sub(1, bytes(1, task)), int(2, state), ...(padding > 0 ? [bytes(3, Buffer.alloc(padding))] : [])];
  const update = [sub(1, bytes(1, 'f')), sub(4, ...status), double(5, timestamp), bytes(6, uuid)];
  return record(Buffer.concat([int(1, 0), sub(2, ...update)]));
};

/** The record of an acknowledgement. */
export const ackRecord = (uuid: Buffer): Buffer => record(Buffer.concat([int(1, 1), bytes(3, uuid)]));

/** A valid uuid for each number. */
export const uuid = (number: number): Buffer => {
  const out = Buffer.alloc(16);
  out.writeUInt32BE(number);
  out[6] = 0x40;
  return out;
};

type FieldOptions = Partial<Omit<Field, 'number' | 'name' | 'kind'>>;

/** A field of a type made up for a test. */
export const field = (number: number, name: string, kind: Field['kind'], options: FieldOptions = {}): Field => ({
  number,
  name,
  kind,
  label: 'optional',
  message: undefined,
  enum: undefined,
  isMap: false,
  oneof: undefined,
  secret: false,
  telling: false,
  ...options,
});

/** A type made up for a test. */
export const type = (name: string, fields: readonly Field[], syntax: 'proto2' | 'proto3' = 'proto2'): MessageType => {
  const byNumber: (Field | undefined)[] = [];
  for (const each of fields) {
    while (byNumber.length < each.number) byNumber.push(undefined);
    byNumber[each.number] = each;
  }
  return { name, syntax, fields: byNumber, requiredCount: fields.filter(({ label }) => label === 'required').length };
};

/** A type that holds itself in field 1; what is in `fields` comes on top. */
export const nest = (fields: readonly Field[] = []): MessageType => {
  const inner: (Field | undefined)[] = [undefined];
  const self: MessageType = { name: 'Nest', syntax: 'proto2', fields: inner, requiredCount: 0 };
  inner[1] = field(1, 'inner', 'message', { message: self });
  for (const each of fields) inner[each.number] = each;
  return self;
};

/** An enumeration made up for a test. */
export const enumeration = (name: string, ...names: readonly string[]): EnumType => ({
  name,
  nameByNumber: new Map(names.map((each, number) => [number, each])),
});
