import { isUtf8 } from '../text/lossless.ts';
import type { Field, MessageType } from './message-type.ts';
import { MOST_VALUES } from './parse.ts';
import {
  CUT_OFF,
  high,
  isShortest,
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
  wireOf,
} from './wire.ts';

/**
 * A field on the wire, and where it is: offsets are in bytes from the start of the buffer. Its tag is at `tag`, its value
 * (behind the tag, and the length if it has one) is `[start, end)`, and at `end` the next field begins.
 */
export interface WireField {
  readonly number: number;
  /** Its wire type, `WIRE_VARINT` and so on. */
  readonly wire: number;
  /** What the schema says of it; undefined where the message has no such field, or has it with another wire type. */
  readonly field: Field | undefined;
  readonly tag: number;
  readonly start: number;
  readonly end: number;
  /** Of a varint all 64 bits, unsigned, whatever its kind; undefined of another field. */
  readonly value: bigint | undefined;
  /** What is in it: the fields of a message or a group, or the values of a packed list, which have no tags of their own. */
  readonly fields: readonly WireField[] | undefined;
  /** Its numbers are written as an encoder writes them, and its length reaches to where it ends. */
  readonly isPlain: boolean;
}

/** The fields of a message in the order of the bytes, as far as the bytes are one. */
export interface Walked {
  readonly fields: readonly WireField[];
  /** Whether the walk came to the end of the bytes; why it did not, `parse` tells. */
  readonly isWhole: boolean;
  /** Where the walk ended. */
  readonly end: number;
  /** Whether it ended because there are more fields than are looked at. */
  readonly isCut: boolean;
}

/** So many fields of a message are looked at, those within others and the values of packed lists counted: as many as values are made of one. */
export const MOST_FIELDS = MOST_VALUES;

/**
 * Walks `bytes[start, end)` as a message of a type, through all that `parse` lets pass because protobuf 3.5.0 does, and
 * tells where each field is. Where `parse` fails, but for a field that is missing, the walk ends; what came before is there.
 * It ends, too, behind `MOST_FIELDS`: each takes the memory of a hundred bytes, and may have two.
 */
export const walk = (type: MessageType, bytes: Buffer, start = 0, end = bytes.length): Walked => {
  const walker = new Walker(bytes, start, end);
  const fields: WireField[] = [];
  const isWhole = walker.message(type, UNLIMITED, fields);
  return { fields, isWhole, end: walker.at, isCut: walker.isCut };
};

/** What is found of a field before its end is known. */
type Begun = { -readonly [K in keyof WireField]: WireField[K] };

class Walker {
  at: number;
  readonly #bytes: Buffer;
  readonly #base: number;
  readonly #stop: number;
  #depth = 0;
  /** The numbers of the field that is read are plain so far. */
  #isPlain = true;
  /** How many fields may still be found. */
  #left = MOST_FIELDS;

  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#base = start;
    this.#stop = end;
    this.at = start;
  }

  /** Whether there was another field than may be found. */
  get isCut(): boolean {
    return this.#left < 0;
  }

  message(type: MessageType, limit: number, into: WireField[]): boolean {
    const end = this.#endOf(limit);
    while (this.at < end) {
      const tag = this.#tag(end);
      if (tag === undefined || !this.#field(type, tag, limit, end, into)) return false;
    }
    return true;
  }

  /** Where a limit, which counts from the start of the outermost message, is in the buffer; at the latest at its end. */
  #endOf(limit: number): number {
    return limit === UNLIMITED ? this.#stop : Math.min(this.#stop, this.#base + limit);
  }

  #tag(end: number): Begun | undefined {
    if (--this.#left < 0) return undefined;
    const tag = this.at;
    this.#isPlain = true;
    if (!this.#varint(end)) return undefined;
    if (high !== 0) this.#isPlain = false;
    const number = low >>> 3;
    const common = { field: undefined, value: undefined, fields: undefined, isPlain: this.#isPlain };
    return number === 0 ? undefined : { number, wire: low & 7, tag, start: this.at, end: this.at, ...common };
  }

  #field(type: MessageType, begun: Begun, limit: number, end: number, into: WireField[]): boolean {
    const known = type.fields[begun.number];
    const expected = known === undefined ? -1 : wireOf(known);
    if (known !== undefined && begun.wire === expected) {
      begun.field = known;
      if (known.message !== undefined) return this.#message(begun, known.message, limit, end, into);
      if (!this.#value(begun, end, into)) return false;
      return known.kind !== 'string' || type.syntax !== 'proto3' || isUtf8(this.#bytes, begun.start, begun.end);
    }
    if (known?.label === 'repeated' && begun.wire === WIRE_BYTES && expected !== WIRE_BYTES) {
      begun.field = known;
      return this.#packed(begun, expected, limit, end, into);
    }
    return this.#value(begun, end, into);
  }

  #message(begun: Begun, type: MessageType, limit: number, end: number, into: WireField[]): boolean {
    // Unlike that of a text, a message's length is looked at with all its 64 bits (`ReadVarintSizeAsInt`).
    if (!this.#varint(end) || high !== 0 || low > UNLIMITED || ++this.#depth > MAX_DEPTH) return false;
    const inside = this.#inside(begun, limit);
    const fields = this.#open(begun, into);
    const isWhole = this.message(type, inside, fields);
    begun.end = this.at;
    if (isWhole) this.#depth--;
    return isWhole;
  }

  #packed(begun: Begun, wire: number, limit: number, outer: number, into: WireField[]): boolean {
    if (!this.#varint(outer)) return false;
    // Of enums the length is read as 32 bits, of numbers as 64.
    if (begun.field?.kind !== 'enum' && (high !== 0 || low > UNLIMITED)) return false;
    const inside = this.#inside(begun, limit);
    const values = this.#open(begun, into);
    // A length that sets no limit at the top level leaves none to read up to.
    if (inside === UNLIMITED) return true;
    const { number, field } = begun;
    const common = { number, field, wire, value: undefined, fields: undefined };
    let isWhole = true;
    while (isWhole && this.at - this.#base < inside) {
      this.#isPlain = true;
      const { at } = this;
      isWhole =
        --this.#left >= 0 &&
        this.#value({ ...common, tag: at, start: at, end: at, isPlain: true }, this.#endOf(inside), values);
    }
    begun.end = this.at;
    return isWhole;
  }

  /** The limit that the length sets that was just read. */
  #inside(begun: Begun, limit: number): number {
    const length = low;
    const position = this.at - this.#base;
    const inside = limitAfter(length, position, limit);
    if (inside !== position + length || this.at + length > this.#stop) this.#isPlain = false;
    begun.isPlain = this.#isPlain;
    return inside;
  }

  /** A field with others in it. */
  #open(begun: Begun, into: WireField[]): WireField[] {
    const fields: WireField[] = [];
    begun.start = begun.end = this.at;
    begun.fields = fields;
    into.push(begun);
    return fields;
  }

  /** A value that is told by its wire type alone. */
  #value(begun: Begun, end: number, into: WireField[]): boolean {
    switch (begun.wire) {
      case WIRE_VARINT:
        if (!this.#varint(end)) return false;
        begun.value = (BigInt(high) << 32n) | BigInt(low);
        break;
      case WIRE_BYTES:
        if (!this.#varint(end)) return false;
        if (high !== 0) this.#isPlain = false;
        begun.start = this.at;
        if (!this.#skip(low, end)) return false;
        break;
      case WIRE_FIXED64:
      case WIRE_FIXED32:
        if (!this.#skip(begun.wire === WIRE_FIXED64 ? 8 : 4, end)) return false;
        break;
      case WIRE_START_GROUP:
        return this.#group(begun, end, into);
      default:
        return false;
    }
    begun.end = this.at;
    begun.isPlain = this.#isPlain;
    into.push(begun);
    return true;
  }

  #group(begun: Begun, end: number, into: WireField[]): boolean {
    if (++this.#depth > MAX_DEPTH) return false;
    const isWhole = this.#groupEnds(begun.number, end, this.#open(begun, into));
    begun.end = this.at;
    if (isWhole) this.#depth--;
    return isWhole;
  }

  /** Reads fields until a group ends that has this number. */
  #groupEnds(number: number, end: number, into: WireField[]): boolean {
    while (this.at < end) {
      const tag = this.#tag(end);
      if (tag?.wire === WIRE_END_GROUP) return tag.number === number;
      if (tag === undefined || !this.#value(tag, end, into)) return false;
    }
    return false;
  }

  #skip(count: number, end: number): boolean {
    if (count > end - this.at) return false;
    this.at += count;
    return true;
  }

  #varint(end: number): boolean {
    const next = readVarint(this.#bytes, this.at, end);
    if (next < 0) {
      this.at = next === CUT_OFF ? Math.max(this.at, end) : this.at + 10;
      return false;
    }
    if (!isShortest(this.#bytes, this.at, next)) this.#isPlain = false;
    this.at = next;
    return true;
  }
}
