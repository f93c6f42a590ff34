import type { Field, MessageType } from '../../format/message-type.ts';
import { Failure } from '../../program/failure.ts';
import { count } from '../../text/words.ts';

/** What stands for a secret that is not shown. */
export const REDACTED = '<redacted>';

/** Of more bytes the text would be longer than any can be here. */
const MOST_OF_HEX = 255 * 1024 * 1024;

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** How much text messages hold, and how much of it is told. */
export interface Texts {
  /** What texts and bytes came to so far, before any of them is escaped. */
  size: number;
  /** Of a longer one the beginning is told, and how much there is. */
  readonly most: number;
}

/** Of a text that is longer than it may be, so much is told. */
const BEGINNING = 1024;

/**
 * A decoded message as JSON, under the schema's own names: enums as names, 64-bit integers as decimal strings, bytes in
 * hexadecimal, maps as objects, what is no number as `NaN`, `Infinity`, `-Infinity`. A field that is not set is left out;
 * a repeated one is always there. Secrets are `<redacted>` unless they are to be shown.
 */
export const messageJson = (type: MessageType, message: object, showSecrets: boolean, texts?: Texts): JsonObject => {
  const json: Record<string, Json> = {};
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of type.fields) {
    const value = field === undefined ? undefined : values[field.name];
    if (field !== undefined && value !== undefined) json[field.name] = fieldJson(field, value, showSecrets, texts);
  }
  return json;
};

const fieldJson = (field: Field, value: unknown, showSecrets: boolean, texts: Texts | undefined): Json => {
  if (value instanceof Map) return mapJson(field, value, showSecrets, texts);
  return Array.isArray(value)
    ? value.map((each) => singleJson(field, each, showSecrets, texts))
    : singleJson(field, value, showSecrets, texts);
};

/** Keys may be anything, `__proto__` too. */
const mapJson = (
  field: Field,
  map: ReadonlyMap<unknown, unknown>,
  showSecrets: boolean,
  texts: Texts | undefined,
): Json => {
  const json: Record<string, Json> = Object.create(null);
  const values = field.message?.fields[2];
  for (const [key, value] of map) {
    json[String(key)] =
      values === undefined || (field.secret && !showSecrets) ? REDACTED : fieldJson(values, value, showSecrets, texts);
  }
  return json;
};

const singleJson = (field: Field, value: unknown, showSecrets: boolean, texts: Texts | undefined): Json => {
  if (field.secret && !showSecrets) return REDACTED;
  if (field.message !== undefined) return messageJson(field.message, value as object, showSecrets, texts);
  if (texts !== undefined && (typeof value === 'string' || value instanceof Uint8Array)) {
    if (value.length > texts.most) return beginningOf(field, value);
    texts.size += value.length;
  }
  if (value instanceof Uint8Array) return hexOf(field, value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as string | number | boolean;
};

/** @throws Failure where it is longer than any text can be */
const hexOf = ({ name }: Field, bytes: Uint8Array): string => {
  if (bytes.length > MOST_OF_HEX) {
    throw new Failure(
      'too-large',
      `cannot print the ${bytes.length} bytes of a field '${name}' as JSON: decode shows what they begin with`,
    );
  }
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
};

const beginningOf = (field: Field, value: string | Uint8Array): string => {
  const [begin, unit] =
    typeof value === 'string'
      ? [value.slice(0, BEGINNING), 'character']
      : [hexOf(field, value.subarray(0, BEGINNING)), 'byte'];
  return `${begin}… (${count(value.length - BEGINNING, `more ${unit}`)})`;
};
