import { doubleText, quotedBytes } from '../../agent/text-format.ts';
import { DecodedMessage, type Value } from '../../decode/message.ts';
import type { Field, MessageType } from '../../format/message-type.ts';
import { type WireField, walk } from '../../format/walk.ts';
import { WIRE_BYTES, WIRE_FIXED32, WIRE_START_GROUP, WIRE_VARINT } from '../../format/wire.ts';
import { count } from '../../text/words.ts';
import { REDACTED } from '../json/message.ts';
import { beginningOf, isLarge } from './large.ts';

/** Of bytes of an unknown field that may be a message, so many levels are looked at, as protobuf does. */
const UNKNOWN_LEVELS = 10;

/** A message without any field that is known: all of it is unknown. */
const NO_FIELDS: MessageType = { name: '', fields: [], syntax: 'proto2', requiredCount: 0 };

/**
 * A message in protobuf's text format, as `protoc --decode` prints it: fields by number, a line each, nested two spaces
 * deeper; behind them what the schema does not know, by number. A secret is `"<redacted>"`, or, where it is no text,
 * left out with a comment, unless secrets are to be shown. Of a large value the beginning is there, and a comment. The text is
 * written in pieces: all of it may be longer than a text can be.
 */
export const writeMessage = (message: DecodedMessage, bytes: Buffer, options: TextOptions): void => {
  const printer = new Printer(bytes, options);
  printer.message(message);
  printer.flush();
};

export interface TextOptions {
  readonly showSecrets: boolean;
  /** What is said of a large value besides how long it is, by the value, and its offset in the message. */
  readonly sayOfLarge: (value: Buffer, offset: number) => string;
  /** Takes a piece of the text. */
  readonly write: (text: string) => void;
}

/** Characters that are written at once. */
const PIECE = 64 * 1024;

class Printer {
  readonly #bytes: Buffer;
  readonly #options: TextOptions;
  #indent = '';
  #text = '';

  constructor(bytes: Buffer, options: TextOptions) {
    this.#bytes = bytes;
    this.#options = options;
  }

  flush(): void {
    if (this.#text !== '') this.#options.write(this.#text);
    this.#text = '';
  }

  message(message: DecodedMessage): void {
    const { type } = message;
    for (const field of type.fields) {
      const values = field === undefined ? undefined : message.values.get(field.number);
      if (field === undefined || values === undefined || isImplicit(type, field, values)) continue;
      if (field.isMap) for (const entry of entriesOf(values)) this.#nested(field.name, () => this.#entry(entry));
      else for (const value of values) this.#field(field, value);
    }
    this.#unknown(message.unknown, this.#bytes, UNKNOWN_LEVELS);
  }

  /** A map's key and value, which are there also where they are not on the wire. */
  #entry(entry: DecodedMessage): void {
    for (const number of [1, 2]) {
      const field = entry.type.fields[number];
      if (field !== undefined) this.#field(field, entry.values.get(number)?.[0] ?? defaultOf(field));
    }
    this.#unknown(entry.unknown, this.#bytes, UNKNOWN_LEVELS);
  }

  #field(field: Field, value: Value): void {
    if (field.secret && !this.#options.showSecrets) {
      this.#line(Buffer.isBuffer(value) ? `${field.name}: "${REDACTED}"` : `# ${field.name}: ${REDACTED}`);
    } else if (value instanceof DecodedMessage) this.#nested(field.name, () => this.message(value));
    else if (Buffer.isBuffer(value)) this.#quoted(field.name, value);
    else this.#line(`${field.name}: ${scalarText(value)}`);
  }

  #unknown(fields: readonly WireField[], bytes: Buffer, levels: number): void {
    for (const wire of fields) this.#unknownField(wire, bytes, levels);
  }

  #unknownField(wire: WireField, bytes: Buffer, levels: number): void {
    const { number, start, end } = wire;
    switch (wire.wire) {
      case WIRE_VARINT:
        this.#line(`${number}: ${wire.value}`);
        break;
      case WIRE_BYTES:
        this.#unknownBytes(number, bytes.subarray(start, end), levels);
        break;
      case WIRE_START_GROUP:
        this.#nested(String(number), () => this.#unknown(wire.fields ?? [], bytes, levels - 1));
        break;
      default: {
        const width = wire.wire === WIRE_FIXED32 ? 4 : 8;
        const value = [...bytes.subarray(start, start + width)].reverse();
        this.#line(`${number}: 0x${value.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`);
      }
    }
  }

  /** Bytes that may be a message are shown as one; large ones are not looked at. */
  #unknownBytes(number: number, bytes: Buffer, levels: number): void {
    const walked = bytes.length > 0 && levels > 0 && !isLarge(bytes) ? walk(NO_FIELDS, bytes) : undefined;
    if (walked?.isWhole === true) {
      this.#nested(String(number), () => this.#unknown(walked.fields, bytes, levels - 1));
    } else this.#quoted(String(number), bytes);
  }

  #quoted(name: string, value: Buffer): void {
    const shown = beginningOf(value);
    const left = value.length - shown.length;
    const offset = value.byteOffset - this.#bytes.byteOffset;
    const more = left === 0 ? '' : ` # … ${count(left, 'more byte')}, ${this.#options.sayOfLarge(value, offset)}`;
    this.#line(`${name}: ${quotedBytes(shown)}${more}`);
  }

  #nested(name: string, inside: () => void): void {
    this.#line(`${name} {`);
    const indent = this.#indent;
    this.#indent = `${indent}  `;
    inside();
    this.#indent = indent;
    this.#line('}');
  }

  #line(line: string): void {
    this.#text += `${this.#indent}${line}\n`;
    if (this.#text.length >= PIECE) this.flush();
  }
}

/** What a field is that is not set. */
const defaultOf = (field: Field): Value => {
  switch (field.kind) {
    case 'message':
      return new DecodedMessage(field.message ?? NO_FIELDS);
    case 'enum':
      return field.enum?.nameByNumber.values().next().value ?? 0;
    case 'bool':
      return false;
    case 'string':
    case 'bytes':
      return Buffer.alloc(0);
    default:
      return 0;
  }
};

/** proto3 has no field that is set to its default, but in a oneof. */
const isImplicit = (type: MessageType, field: Field, values: readonly Value[]): boolean =>
  type.syntax === 'proto3' &&
  field.label !== 'repeated' &&
  field.oneof === undefined &&
  values.every((value) => isDefault(field, value));

const isDefault = (field: Field, value: Value): boolean => {
  if (value instanceof DecodedMessage) return false;
  if (Buffer.isBuffer(value)) return value.length === 0;
  if (field.kind === 'enum') return value === field.enum?.nameByNumber.get(0);
  return value === 0n || value === false || Object.is(value, 0);
};

/** The entries of a map in the order of their keys; of those with one key, in that of the bytes: the last counts. */
export const entriesOf = (values: readonly Value[]): readonly DecodedMessage[] =>
  values
    .filter((value) => value instanceof DecodedMessage)
    .map((entry) => ({ entry, key: keyOf(entry) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry);

/** The key of an entry: of a text its bytes. */
const keyOf = (entry: DecodedMessage): Buffer => {
  const key = entry.values.get(1)?.[0] ?? '';
  return Buffer.isBuffer(key) ? key : Buffer.from(String(key));
};

const scalarText = (value: Exclude<Value, DecodedMessage | Buffer>): string =>
  typeof value === 'number' ? doubleText(value) : String(value);
