import type { Field, MessageType } from '../format/message-type.ts';
import type { WireField } from '../format/walk.ts';
import { WIRE_BYTES } from '../format/wire.ts';

/** A value of a field that the schema knows. */
export type Value = boolean | number | bigint | string | Buffer | DecodedMessage;

/**
 * A message as protobuf merges it from its fields: of a field that is no list the last value counts, messages of one field
 * are one, and what the schema does not know is kept in the order of the bytes. A string is its bytes, as they are.
 */
export class DecodedMessage {
  readonly type: MessageType;
  /** The values of known fields, by number; of what is no list, one. */
  readonly values = new Map<number, Value[]>();
  /** Fields that the schema does not know, and values of enumerations that it does not. */
  readonly unknown: WireField[] = [];

  constructor(type: MessageType) {
    this.type = type;
  }

  /** Takes fields in, as `walk` found them in `bytes`. */
  add(fields: readonly WireField[], bytes: Buffer): void {
    for (const each of fields) {
      const { field } = each;
      if (field === undefined) this.unknown.push(each);
      else if (isPacked(each, field)) for (const one of each.fields ?? []) this.#put(one, field, bytes);
      else this.#put(each, field, bytes);
    }
  }

  #put(wire: WireField, field: Field, bytes: Buffer): void {
    const value = this.#valueOf(wire, field, bytes);
    if (value === undefined) {
      this.unknown.push(wire);
      return;
    }
    if (field.oneof !== undefined) {
      for (const other of this.type.fields) {
        if (other !== undefined && other !== field && other.oneof === field.oneof) this.values.delete(other.number);
      }
    }
    const before = this.values.get(field.number);
    if (field.label !== 'repeated' || before === undefined) this.values.set(field.number, [value]);
    else before.push(value);
  }

  /** The value of one occurrence; undefined of a number that its enumeration lacks, which is an unknown field to proto2. */
  #valueOf(wire: WireField, field: Field, bytes: Buffer): Value | undefined {
    if (field.message !== undefined) {
      const before = field.label === 'repeated' ? undefined : this.values.get(field.number)?.[0];
      const message = before instanceof DecodedMessage ? before : new DecodedMessage(field.message);
      message.add(wire.fields ?? [], bytes);
      return message;
    }
    const number = wire.value ?? 0n;
    switch (field.kind) {
      case 'bool':
        return number !== 0n;
      case 'int32':
        return Number(BigInt.asIntN(32, number));
      case 'uint32':
        return Number(BigInt.asUintN(32, number));
      case 'int64':
        return BigInt.asIntN(64, number);
      case 'uint64':
        return number;
      case 'double':
        return bytes.readDoubleLE(wire.start);
      case 'enum': {
        const small = Number(BigInt.asIntN(32, number));
        return field.enum?.nameByNumber.get(small) ?? (this.type.syntax === 'proto3' ? small : undefined);
      }
      default:
        return bytes.subarray(wire.start, wire.end);
    }
  }
}

const isPacked = (wire: WireField, field: Field): boolean => wire.wire === WIRE_BYTES && isNumber(field);

const isNumber = ({ kind }: Field): boolean => !['string', 'bytes', 'message'].includes(kind);
