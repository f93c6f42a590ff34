import type { EnumType, Field, MessageType } from '../../format/message-type.ts';
import { high, low, MAX_DEPTH, readVarint, WIRE_BYTES, WIRE_FIXED64, wireOf } from '../../format/wire.ts';
import { isUtf8 } from '../../text/lossless.ts';
import type { JsonBytes } from './json-bytes.ts';
import { REDACTED } from './message.ts';

const [COMMA, BRACE, END_BRACE, BRACKET, END_BRACKET, QUOTE] = Buffer.from(',{}[]"') as unknown as [
  ...[number, number, number, number, number, number],
];

/** A field as it is written. */
interface Slot {
  readonly field: Field;
  /** Its name, with a comma before it and a colon behind. */
  readonly key: Uint8Array;
  readonly wire: number;
  readonly repeated: boolean;
  /** Whether something stands for it. */
  readonly isHidden: boolean;
  readonly requiredBit: number;
  /** Of the oneof that it belongs to; 0 of none. */
  readonly oneofBit: number;
  /** How its message is written; made when it is first met, because messages contain themselves. */
  plan: Plan | undefined;
}

/** A message as it is written. */
interface Plan {
  /** By the fields' numbers. */
  readonly slots: readonly (Slot | undefined)[];
  /** What is written where a field is not there, by its number: an empty list, an empty map, or nothing. */
  readonly absent: readonly (Uint8Array | undefined)[];
  readonly required: number;
  readonly isProto3: boolean;
}

const HIDDEN = Buffer.from(JSON.stringify(REDACTED));
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

/**
 * Writes messages as JSON from their bytes, as `messageJson` of what was parsed comes to, to the letter, and makes nothing else of them. A
 * message has to be plain: its fields in the order of their numbers, as all encoders write them, each of them known, with the values
 * that its type has, and none of them missing that is required.
 */
export class PlainMessageJson {
  readonly #plan: Plan;
  readonly #showSecrets: boolean;
  #bytes: Buffer = NO_BYTES;
  #into: JsonBytes;
  #at = 0;
  #depth = 0;

  constructor(type: MessageType, showSecrets: boolean, into: JsonBytes) {
    this.#plan = planOf(type, showSecrets);
    this.#showSecrets = showSecrets;
    this.#into = into;
  }

  /** Writes the message `bytes[start, end)`; false where it is not plain: what was written then is of no use. */
  write(bytes: Buffer, start: number, end: number): boolean {
    this.#bytes = bytes;
    this.#at = start;
    this.#depth = 0;
    const isWritten = this.#message(this.#plan, end);
    this.#bytes = NO_BYTES;
    return isWritten;
  }

  #message(plan: Plan, end: number): boolean {
    const { slots, absent } = plan;
    const into = this.#into;
    const begin = into.length;
    let next = 1;
    let list = 0;
    let seen = 0;
    let oneofs = 0;
    while (this.#at < end) {
      if (!this.#number(end)) return false;
      const number = low >>> 3;
      const slot = slots[number];
      if (slot === undefined || (low & 7) !== slot.wire) return false;
      if (number === list) into.byte(COMMA);
      else {
        if (number < next || (oneofs & slot.oneofBit) !== 0) return false;
        if (list !== 0) into.byte(END_BRACKET);
        for (; next < number; next++) {
          const empty = absent[next];
          if (empty !== undefined) into.raw(empty);
        }
        next = number + 1;
        into.raw(slot.key);
        list = slot.repeated ? number : 0;
        if (slot.repeated) into.byte(BRACKET);
        seen |= slot.requiredBit;
        oneofs |= slot.oneofBit;
      }
      if (!this.#value(plan, slot, end)) return false;
    }
    if ((seen & plan.required) !== plan.required) return false;
    if (list !== 0) into.byte(END_BRACKET);
    for (; next < absent.length; next++) {
      const empty = absent[next];
      if (empty !== undefined) into.raw(empty);
    }
    // In the place of the first comma.
    if (into.length === begin) into.byte(BRACE);
    else into.replace(begin, BRACE);
    into.byte(END_BRACE);
    return true;
  }

  /** Reads a varint that the bytes hold whole, into `low` and `high`. */
  #number(end: number): boolean {
    const next = readVarint(this.#bytes, this.#at, end);
    this.#at = next;
    return next >= 0;
  }

  #value(plan: Plan, slot: Slot, end: number): boolean {
    const into = this.#into;
    const before = into.length;
    const isWritten =
      slot.wire === WIRE_BYTES
        ? this.#bytesOf(plan, slot, end)
        : slot.wire === WIRE_FIXED64
          ? this.#double(end)
          : this.#number(end) && this.#scalar(slot);
    if (isWritten && slot.isHidden) {
      into.cut(before);
      into.raw(HIDDEN);
    }
    return isWritten;
  }

  #bytesOf(plan: Plan, slot: Slot, end: number): boolean {
    if (!this.#number(end) || high !== 0 || low > end - this.#at) return false;
    const start = this.#at;
    const stop = start + low;
    const into = this.#into;
    const bytes = this.#bytes;
    if (slot.field.kind === 'message') {
      slot.plan ??= planIn(slot.field, this.#showSecrets);
      if (slot.plan === undefined || ++this.#depth > MAX_DEPTH) return false;
      if (!this.#message(slot.plan, stop)) return false;
      this.#depth--;
      return this.#at === stop;
    }
    this.#at = stop;
    if (slot.field.kind === 'string') {
      if (plan.isProto3 && !isUtf8(bytes, start, stop)) return false;
      into.quotedAt(bytes, start, stop);
      return true;
    }
    into.byte(QUOTE);
    into.hexAt(bytes, start, stop);
    into.byte(QUOTE);
    return true;
  }

  #double(end: number): boolean {
    if (end - this.#at < 8) return false;
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    this.#into.ascii(Number.isFinite(value) ? String(value) : `"${value}"`);
    return true;
  }

  /** Writes the value that is in `low` and `high`. */
  #scalar({ field }: Slot): boolean {
    const into = this.#into;
    switch (field.kind) {
      case 'enum': {
        const text = enumText(field.enum, low | 0);
        if (text === undefined) return false;
        into.raw(text);
        return true;
      }
      case 'bool':
        into.raw(low !== 0 || high !== 0 ? TRUE : FALSE);
        return true;
      case 'int32':
        into.ascii(String(low | 0));
        return true;
      case 'uint32':
        into.ascii(String(low));
        return true;
      default:
        into.ascii(`"${high === 0 ? low : longText(field.kind === 'int64')}"`);
        return true;
    }
  }
}

const NO_BYTES = Buffer.alloc(0);

/** The number of 64 bits that is in `low` and `high`. */
const longText = (isSigned: boolean): string => {
  const value = (BigInt(high) << 32n) | BigInt(low);
  return String(isSigned ? BigInt.asIntN(64, value) : value);
};

const enumTexts = new WeakMap<EnumType, Map<number, Uint8Array>>();

/** The name of an enumeration's number, in quotes; undefined of one that the schema lacks. */
const enumText = (type: EnumType | undefined, number: number): Uint8Array | undefined => {
  if (type === undefined) return undefined;
  let texts = enumTexts.get(type);
  if (texts === undefined) {
    texts = new Map(Array.from(type.nameByNumber, ([each, name]) => [each, Buffer.from(JSON.stringify(name))]));
    enumTexts.set(type, texts);
  }
  return texts.get(number);
};

/** How messages are written with their secrets, and without. */
const plans = [new WeakMap<MessageType, Plan>(), new WeakMap<MessageType, Plan>()] as const;

const planOf = (type: MessageType, showSecrets: boolean): Plan => {
  const made = plans[showSecrets ? 1 : 0];
  let plan = made.get(type);
  if (plan === undefined) {
    plan = makePlan(type, showSecrets);
    made.set(type, plan);
  }
  return plan;
};

/** Undefined of a map, whose entries may come in any order and twice. */
const planIn = ({ message, isMap }: Field, showSecrets: boolean): Plan | undefined =>
  message === undefined || isMap ? undefined : planOf(message, showSecrets);

const makePlan = ({ fields, syntax }: MessageType, showSecrets: boolean): Plan => {
  let bit = 1;
  const nextBit = (): number => {
    const own = bit;
    bit <<= 1;
    return own;
  };
  let required = 0;
  const oneofs = new Map<string, number>();
  const slots = fields.map((field): Slot | undefined => {
    if (field === undefined) return undefined;
    const requiredBit = field.label === 'required' ? nextBit() : 0;
    required |= requiredBit;
    if (field.oneof !== undefined && !oneofs.has(field.oneof)) oneofs.set(field.oneof, 1 << oneofs.size);
    return {
      field,
      key: Buffer.from(`,${JSON.stringify(field.name)}:`),
      wire: wireOf(field),
      repeated: field.label === 'repeated',
      isHidden: field.secret && !showSecrets,
      requiredBit,
      oneofBit: field.oneof === undefined ? 0 : (oneofs.get(field.oneof) ?? 0),
      plan: undefined,
    };
  });
  const absent = slots.map((slot) =>
    slot?.repeated === true ? Buffer.from(`${Buffer.from(slot.key)}${slot.field.isMap ? '{}' : '[]'}`) : undefined,
  );
  return { slots, absent, required, isProto3: syntax === 'proto3' };
};
