import { doubleText } from '../../agent/text-format.ts';
import type { FileRecord } from '../../decode/records.ts';
import type { Field, MessageType } from '../../format/message-type.ts';
import { isUuid, uuidText } from '../../format/uuid.ts';
import { type WireField, walk } from '../../format/walk.ts';
import {
  low,
  readVarint,
  WIRE_BYTES,
  WIRE_FIXED32,
  WIRE_FIXED64,
  WIRE_START_GROUP,
  WIRE_VARINT,
} from '../../format/wire.ts';
import { damageText } from '../../recovery/damage.ts';
import { shown } from '../../text/escape.ts';
import { isUtf8, textOf } from '../../text/lossless.ts';
import { shorten } from '../../text/shorten.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { timeText } from '../../text/time.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { REDACTED } from '../json/message.ts';
import { cutText, isLarge } from './large.ts';

/** Bytes a row: with their offset and what they are, a row fits 80 columns. */
const PER_ROW = 8;
/** Columns before what bytes are: an offset, and the bytes, each with a blank. */
const BEFORE = 8 + 2 + PER_ROW * 3 + 1;
/** Of a longer value so many rows are shown, and how much is left. */
const MOST_ROWS = 3;
/** Of the bytes that do not decode so many rows. */
const MOST_BAD_ROWS = 6;

export interface HexOptions extends ScreenOptions {
  /** Whether all bytes of long values are shown. */
  readonly allBytes: boolean;
  readonly showSecrets: boolean;
  /** Whether a byte of the message, by its index, is not to be shown; a value with such a byte is `<redacted>`. */
  readonly isHidden?: ((at: number) => boolean) | undefined;
}

/**
 * The bytes of a record, a row for each eight, beside what they are: its length, and its fields with their numbers, names and
 * values, in the order of the bytes. Where they stop making sense, a row says so, and why.
 */
export const hexRows = (record: FileRecord, type: MessageType, options: HexOptions): string => {
  let text = '';
  writeHex(record, type, options, (piece) => {
    text += piece;
  });
  return text;
};

/** The same, written in pieces: the rows of all bytes may be longer than a text can be. */
export const writeHex = (
  record: FileRecord,
  type: MessageType,
  options: HexOptions,
  write: (text: string) => void,
): void => new Dump(record, options, write).record(type);

/** Lines that are written at once. */
const PIECE = 1000;

/** Whether a byte of a row or of a stretch is not to be shown, by its index there. */
type Hides = (i: number) => boolean;

class Dump {
  readonly #record: FileRecord;
  readonly #options: HexOptions;
  readonly #paint: Styles;
  readonly #write: (text: string) => void;
  #lines: string[] = [];
  /** Offset in the file of the message's first byte. */
  readonly #base: number;
  /** How many bytes of the message were shown. */
  #shown = 0;

  constructor(record: FileRecord, options: HexOptions, write: (text: string) => void) {
    this.#record = record;
    this.#write = write;
    this.#options = options;
    this.#paint = styles(options.colour);
    this.#base = record.offset + record.header.length;
  }

  record(type: MessageType): void {
    const { header, message, announced, offset, ending } = this.#record;
    if (header.length > 0) {
      const what = announced === undefined ? 'part of a length' : `length: ${count(announced, 'byte')}`;
      this.#rows(header, offset, what, 0);
    }
    const { fields, isCut, end } = walk(type, message);
    for (const field of fields) this.#field(field, 0);
    if (isCut) this.#line(`${' '.repeat(10)}${this.#paint.dim(cutText(this.#record, end))}`);
    if (ending !== undefined) this.#stops(damageText.atEnd(ending));
    this.#flush();
  }

  #line(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length === PIECE) this.#flush();
  }

  #flush(): void {
    if (this.#lines.length > 0) this.#write(this.#lines.map((line) => `${line.trimEnd()}\n`).join(''));
    this.#lines = [];
  }

  /** Says why the bytes behind what was shown are no field, and shows them. */
  #stops(why: string): void {
    const { message } = this.#record;
    const lines = wrap(`>>> ${why}`, this.#options.width, '', '    ').split('\n');
    for (const line of lines) this.#line(this.#paint.bad(line));
    const most = this.#options.allBytes ? message.length : this.#shown + MOST_BAD_ROWS * PER_ROW;
    const rest = message.subarray(this.#shown, most);
    for (let row = 0; row < rest.length; row += PER_ROW) {
      const bytes = rest.subarray(row, row + PER_ROW);
      const hides = this.#hidesFrom(this.#shown + row);
      this.#row(bytes, this.#base + this.#shown + row, asciiOf(bytes, hides), hides);
    }
    this.#left(message.length - this.#shown - rest.length);
  }

  #field(wire: WireField, depth: number): void {
    const { message } = this.#record;
    const { tag, start, end, fields, field } = wire;
    const isHidden =
      (field?.secret === true && !this.#options.showSecrets) || (fields === undefined && this.#hidesAnyOf(start, end));
    this.#shown = Math.max(this.#shown, start, fields === undefined || isHidden ? end : start);
    if (fields !== undefined && !isHidden) {
      const head = message.subarray(tag, start);
      this.#rows(head, this.#base + tag, `${label(wire)} ${holds(wire, message)}`, depth);
      for (const inner of fields) this.#field(inner, depth + 1);
      return;
    }
    const text = isHidden
      ? `${REDACTED} (${count(end - start, 'byte')})`
      : valueText(wire, message, this.#options.zone);
    this.#rows(
      message.subarray(tag, end),
      this.#base + tag,
      `${label(wire)} ${text}`,
      depth,
      isHidden ? (i) => i >= start - tag : undefined,
    );
  }

  /** Whether a byte is hidden, counted from one of the message. */
  #hidesFrom(from: number): Hides | undefined {
    const { isHidden } = this.#options;
    return isHidden === undefined ? undefined : (i) => isHidden(from + i);
  }

  #hidesAnyOf(start: number, end: number): boolean {
    const { isHidden } = this.#options;
    if (isHidden === undefined) return false;
    for (let at = start; at < end; at++) if (isHidden(at)) return true;
    return false;
  }

  /** Rows of bytes, with what they are beside the first. */
  #rows(bytes: Buffer, offset: number, what: string, depth: number, hides?: Hides): void {
    const room = Math.max(8, this.#options.width - BEFORE - 2 * depth);
    const { wide, allBytes } = this.#options;
    const text = `${'  '.repeat(depth)}${wide === true || allBytes ? what : shorten(what, room)}`;
    const rows = Math.max(1, Math.ceil(bytes.length / PER_ROW));
    const most = allBytes || rows <= MOST_ROWS + 1 ? rows : MOST_ROWS;
    for (let row = 0; row < most; row++) {
      const part = bytes.subarray(row * PER_ROW, (row + 1) * PER_ROW);
      this.#row(part, offset + row * PER_ROW, row === 0 ? text : '', hides && ((i) => hides(row * PER_ROW + i)));
    }
    this.#left(bytes.length - most * PER_ROW);
  }

  #left(number: number): void {
    if (number > 0) this.#line(`${' '.repeat(10)}${this.#paint.dim(`… ${count(number, 'more byte')}`)}`);
  }

  #row(bytes: Buffer, offset: number, what: string, hides?: Hides): void {
    const pairs = Array.from(bytes, (byte, i) => (hides?.(i) === true ? '··' : byte.toString(16).padStart(2, '0')));
    const at = this.#paint.dim(offset.toString(16).padStart(8, '0'));
    this.#line(`${at}  ${pairs.join(' ').padEnd(PER_ROW * 3)} ${what}`);
  }
}

/** The number and the name of a field. */
const label = ({ number, field }: WireField): string => `${number} ${field?.name ?? '(unknown)'}:`;

const holds = (wire: WireField, bytes: Buffer): string => {
  if (wire.wire === WIRE_START_GROUP) return 'group';
  const inBytes = count(lengthOf(wire, bytes), 'byte');
  return wire.field?.message === undefined ? `${count(wire.fields?.length ?? 0, 'value')} in ${inBytes}` : inBytes;
};

/** The length that a field announces. */
const lengthOf = ({ tag, end }: WireField, bytes: Buffer): number => {
  readVarint(bytes, readVarint(bytes, tag, bytes.length), Math.max(end, bytes.length));
  return low;
};

/** The value of a field, as much of it as tells what it is. */
const valueText = (wire: WireField, bytes: Buffer, zone: string | undefined): string => {
  const { field, value = 0n, start, end } = wire;
  switch (wire.wire) {
    case WIRE_VARINT:
      return field === undefined ? `varint ${value}` : varintText(field, value);
    case WIRE_FIXED64:
      return field?.kind === 'double' ? doubleOf(field, bytes.readDoubleLE(start), zone) : '64 bits';
    case WIRE_FIXED32:
      return '32 bits';
    case WIRE_BYTES:
      return textOrBytes(field, bytes.subarray(start, end));
    default:
      return '';
  }
};

const varintText = (field: Field, value: bigint): string => {
  const small = Number(BigInt.asIntN(32, value));
  if (field.kind === 'enum') return field.enum?.nameByNumber.get(small) ?? `${small} (unknown)`;
  if (field.kind === 'bool') return String(value !== 0n);
  if (field.kind === 'int64') return String(BigInt.asIntN(64, value));
  return field.kind === 'int32' ? String(small) : String(value);
};

const doubleOf = ({ name }: Field, value: number, zone: string | undefined): string =>
  /time/.test(name) && value > 1e9 ? `${doubleText(value)} (${timeText(value, zone)})` : doubleText(value);

const textOrBytes = (field: Field | undefined, bytes: Buffer): string => {
  // Of a large one it is not looked whether all of it is a text.
  const isText =
    field?.kind === 'string' ||
    (field === undefined && bytes.length > 0 && !isLarge(bytes) && isUtf8(bytes, 0, bytes.length));
  if (isText) return `"${shown(textOf(bytes.subarray(0, 4096)))}"`;
  if (isUuid(bytes)) return uuidText(bytes);
  return count(bytes.length, 'byte');
};

/** What of some bytes is printable ASCII; a dot for each of the rest. */
const asciiOf = (bytes: Buffer, hides?: Hides): string =>
  Array.from(bytes, (byte, i) =>
    hides?.(i) === true ? '·' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
  ).join('');
