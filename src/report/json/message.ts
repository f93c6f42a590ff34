import type { Field, MessageType } from '../../format/message-type.ts';

/** What stands for a secret that is not shown. */
export const REDACTED = '<redacted>';

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * A decoded message as JSON, under the schema's own names: enums as names, 64-bit integers as decimal strings, bytes in
 * hexadecimal, maps as objects, what is no number as `NaN`, `Infinity`, `-Infinity`. A field that is not set is left out;
 * a repeated one is always there. Secrets are `<redacted>` unless they are to be shown.
 */
export const messageJson = (type: MessageType, message: object, showSecrets: boolean): JsonObject => {
  const json: Record<string, Json> = {};
  const values = message as Readonly<Record<string, unknown>>;
  for (const field of type.fields) {
    const value = field === undefined ? undefined : values[field.name];
    if (field !== undefined && value !== undefined) json[field.name] = fieldJson(field, value, showSecrets);
  }
  return json;
};

const fieldJson = (field: Field, value: unknown, showSecrets: boolean): Json => {
  if (value instanceof Map) return mapJson(field, value, showSecrets);
  return Array.isArray(value)
    ? value.map((each) => singleJson(field, each, showSecrets))
    : singleJson(field, value, showSecrets);
};

/** Keys may be anything, `__proto__` too. */
const mapJson = (field: Field, map: ReadonlyMap<unknown, unknown>, showSecrets: boolean): Json => {
  const json: Record<string, Json> = Object.create(null);
  const values = field.message?.fields[2];
  for (const [key, value] of map) {
    json[String(key)] =
      values === undefined || (field.secret && !showSecrets) ? REDACTED : fieldJson(values, value, showSecrets);
  }
  return json;
};

const singleJson = (field: Field, value: unknown, showSecrets: boolean): Json => {
  if (field.secret && !showSecrets) return REDACTED;
  if (field.message !== undefined) return messageJson(field.message, value as object, showSecrets);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as string | number | boolean;
};
