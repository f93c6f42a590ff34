import { DecodedMessage } from '../../decode/message.ts';
import type { FileRecord, Passed } from '../../decode/records.ts';
import { unknownFieldsOf } from '../../decode/unknown-fields.ts';
import type { MessageType } from '../../format/message-type.ts';
import { MOST_FIELDS, walk } from '../../format/walk.ts';
import { Failure } from '../../program/failure.ts';
import { damageText } from '../../recovery/damage.ts';
import { jsonLine, jsonLines, shown } from '../../text/escape.ts';
import { styles } from '../../text/style.ts';
import { count, sizeText, verb } from '../../text/words.ts';
import type { JsonObject } from '../json/message.ts';
import { type HexOptions, writeHex } from './hex.ts';
import { protoJson } from './json.ts';
import { bytesInJson, cutText, MOST_OF_JSON, SHOWN_OF_A_LARGE_ONE } from './large.ts';
import { writeMessage } from './text.ts';

/** A form that records are printed in for a person or another program. */
export type Format = 'text' | 'json' | 'hex';

/** A record or what lies between records, of one file. */
export type Piece = FileRecord | Passed;

export interface DecodeOptions extends HexOptions {
  readonly format: Format;
  /** Whether each record is told from the next: not where one was asked for. */
  readonly titled: boolean;
}

/** Writes one record, or what was passed over, in the form that was asked for, in pieces. */
export const writePiece = (
  piece: Piece,
  type: MessageType,
  options: DecodeOptions,
  write: (text: string) => void,
): void => {
  const paint = styles(options.colour);
  if (piece.kind === 'passed') {
    if (options.format !== 'json') write(`${paint.warn(`# ${passedText(piece)}`)}\n`);
    return;
  }
  if (options.titled && options.format !== 'json') write(`${paint.bold(`# ${titleOf(piece, type)}`)}\n`);
  if (options.format === 'hex') writeHex(piece, type, options, write);
  else if (options.format === 'text') writeText(piece, type, options, write);
  else if (piece.ending === undefined) write(`${jsonLines(messageJson(piece, type, options.showSecrets))}\n`);
};

const writeText = (
  record: FileRecord,
  type: MessageType,
  { showSecrets, colour }: DecodeOptions,
  write: (text: string) => void,
): void => {
  const { message, isCut, end } = merged(record, type);
  const base = record.offset + record.header.length;
  const sayOfLarge = (_: Buffer, offset: number): string => `the first at byte ${base + offset + SHOWN_OF_A_LARGE_ONE}`;
  writeMessage(message, record.message, { showSecrets, sayOfLarge, write });
  if (isCut) write(`# ${cutText(record, end)}\n`);
  const problem = problemOf(record);
  if (problem !== undefined) write(`${styles(colour).bad(`# ${problem}`)}\n`);
};

/** The message as far as its bytes are one, and as its fields are shown. */
const merged = (
  { message }: FileRecord,
  type: MessageType,
): { readonly message: DecodedMessage; readonly isCut: boolean; readonly end: number } => {
  const decoded = new DecodedMessage(type);
  const { fields, isCut, end } = walk(type, message);
  decoded.add(fields, message);
  return { message: decoded, isCut, end };
};

/** The JSON of a message, of which nothing may be left out. */
const messageJson = (record: FileRecord, type: MessageType, showSecrets: boolean): JsonObject => {
  const { message, isCut } = merged(record, type);
  if (isCut || bytesInJson(message, showSecrets) > MOST_OF_JSON) {
    const what = isCut
      ? `it has more than ${MOST_FIELDS} fields`
      : `its values have more than ${sizeText(MOST_OF_JSON)}`;
    throw new Failure(
      'too-large',
      `cannot print record ${record.number}, at byte ${record.offset}, as JSON: ${what}; --format text shows what it begins with, ` +
        '--format raw has all',
    );
  }
  return protoJson(message, showSecrets);
};

const titleOf = ({ number, offset, length, announced }: FileRecord, { name }: MessageType): string =>
  announced === undefined && offset === 0
    ? `${name}, ${count(length, 'byte')}`
    : `record ${number} at byte ${offset}, ${count(length, 'byte')}: ${name}`;

/** Why a record does not decode; undefined where it does. */
export const problemOf = ({ ending }: FileRecord): string | undefined =>
  ending === undefined ? undefined : shown(damageText.atEnd(ending));

/** What is said of bytes that are no record, or that were not looked at. */
export const passedText = ({ offset, length, isLookedAt }: Passed): string => {
  const bytes = `${count(length, 'byte')} from byte ${offset} on`;
  if (isLookedAt === 'given up') {
    return `${bytes} ${verb(length, 'was', 'were')} not decoded: too many places in them look like records`;
  }
  return isLookedAt
    ? `${bytes} ${verb(length, 'does', 'do')} not decode as a record`
    : `${bytes} ${verb(length, 'was', 'were')} not decoded; --resync looks for records there`;
};

/** What is decoded, for the JSON of each of its records. */
export interface DecodeAbout {
  /** As it was given. */
  readonly path: string;
  /** The kind of file, `task.updates`; null where that is not known. */
  readonly kind: string | null;
}

const SCHEMA_VERSION = 1;

/** A record, or what was passed over, as the object that `decode --json` prints on a line: see `schema/decode.json`. */
export const pieceJson = (piece: Piece, type: MessageType, about: DecodeAbout, showSecrets: boolean): string => {
  const base = {
    schemaVersion: SCHEMA_VERSION,
    command: 'decode',
    ...about,
    type: type.name,
    offset: piece.offset,
    length: piece.length,
  };
  if (piece.kind === 'passed')
    return `${jsonLine({ ...base, record: null, message: null, unknown: [], problem: { kind: piece.isLookedAt === true ? 'no-record' : 'behind', offset: piece.offset, field: null, reason: passedText(piece) } })}\n`;
  const { number, message, ending } = piece;
  return `${jsonLine({
    ...base,
    record: number,
    message: messageJson(piece, type, showSecrets),
    unknown: unknownFieldsOf(type, message).map(({ within, field }) => ({
      within: within.join('.'),
      number: field.number,
      wireType: field.wire,
      offset: piece.offset + piece.header.length + field.tag,
      length: field.end - field.tag,
    })),
    problem: ending === undefined ? null : { kind: ending.kind, ...placeOf(piece), reason: damageText.atEnd(ending) },
  })}\n`;
};

/** Where a record stops making sense, and in which field. */
const placeOf = ({ ending, offset, length }: FileRecord): { readonly offset: number; readonly field: string | null } =>
  ending?.kind === 'bad'
    ? { offset: ending.damage.offset, field: ending.damage.field === '' ? null : ending.damage.field }
    : { offset: offset + length, field: null };

/** A file of text, or a marker, as JSON. */
export const plainJson = (about: DecodeAbout, bytes: Buffer, text: string): string =>
  `${jsonLine({ schemaVersion: SCHEMA_VERSION, command: 'decode', ...about, type: null, offset: 0, length: bytes.length, record: null, text })}\n`;
