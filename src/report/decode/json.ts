import { DecodedMessage, type Value } from '../../decode/message.ts';
import type { Field } from '../../format/message-type.ts';
import { textOf } from '../../text/lossless.ts';
import { type Json, type JsonObject, REDACTED } from '../json/message.ts';
import { entriesOf } from './text.ts';

/**
 * A message in protobuf's JSON mapping: names in lowerCamelCase, 64-bit integers as decimal strings, bytes in base64, enums
 * by name, what is no finite number as a string, maps as objects. What is not set is left out, and so is what the
 * schema does not know. Secrets are `<redacted>` unless they are to be shown.
 */
export const protoJson = (message: DecodedMessage, showSecrets: boolean): JsonObject => {
  const json: Record<string, Json> = {};
  for (const field of message.type.fields) {
    const values = field === undefined ? undefined : message.values.get(field.number);
    if (field !== undefined && values !== undefined) json[jsonName(field.name)] = fieldJson(field, values, showSecrets);
  }
  return json;
};

/** The name of a field in JSON: without underscores, what was behind one as a capital. */
const jsonName = (name: string): string => name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());

const fieldJson = (field: Field, values: readonly Value[], showSecrets: boolean): Json => {
  if (field.isMap) return mapJson(field, entriesOf(values), showSecrets);
  const all = values.map((value) => valueJson(field, value, showSecrets));
  return field.label === 'repeated' ? all : (all[0] ?? null);
};

/** Keys may be anything, `__proto__` too. */
const mapJson = (field: Field, entries: readonly DecodedMessage[], showSecrets: boolean): Json => {
  const json: Record<string, Json> = Object.create(null);
  const [, keys, values] = field.message?.fields ?? [];
  for (const entry of entries) {
    const key = keys === undefined ? '' : String(valueOr(entry, keys, showSecrets, ''));
    json[key] =
      values === undefined || (field.secret && !showSecrets) ? REDACTED : valueOr(entry, values, showSecrets, '');
  }
  return json;
};

const valueOr = (entry: DecodedMessage, field: Field, showSecrets: boolean, other: Json): Json => {
  const value = entry.values.get(field.number)?.[0];
  return value === undefined ? other : valueJson(field, value, showSecrets);
};

const valueJson = (field: Field, value: Value, showSecrets: boolean): Json => {
  if (field.secret && !showSecrets) return REDACTED;
  if (value instanceof DecodedMessage) return protoJson(value, showSecrets);
  if (Buffer.isBuffer(value)) return field.kind === 'string' ? textOf(value) : value.toString('base64');
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value;
};
