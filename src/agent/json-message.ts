import { encodeMessage } from '../format/encode.ts';
import type { Field, MessageType } from '../format/message-type.ts';
import { type Message, parse, WireFailure } from '../format/parse.ts';
import { shapeOf } from '../format/shape.ts';
import { type MessageTypes, messageType } from '../schema/index.ts';
import type { FromText } from './value-text.ts';

/** A field that JSON cannot be put into, in the agent's words. */
class Misfit extends Error {}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A message from a JSON object, as the agent makes it of a flag's value. Mirrors `protobuf::parse` of stout: members that
 * are no field are passed over, `null` is a field that is not set, numbers and booleans may be texts.
 */
export const messageFromJson = <N extends keyof MessageTypes>(name: N, value: unknown): FromText<MessageTypes[N]> => {
  const type = messageType(name);
  const raw = fieldsFromJson(type, value);
  if (!raw.ok) return raw;
  try {
    // By way of its bytes, so that it is what a read of a file would give.
    const message: Message | WireFailure = parse(shapeOf(type, true), encodeMessage(type, raw.value));
    if (message instanceof WireFailure) return { ok: false, message: message.reason };
    return { ok: true, value: message as unknown as MessageTypes[N] };
  } catch (error) {
    if (error instanceof TypeError) return { ok: false, message: error.message };
    throw error;
  }
};

/** The fields that a JSON object sets in a message, where they are of the message's types and none that is required lacks. */
export const fieldsFromJson = (type: MessageType, value: unknown): FromText<Message> => {
  if (!isObject(value)) return { ok: false, message: 'Expecting a JSON object' };
  try {
    const fields = fieldsOf(type, value);
    const missing = missingIn(type, fields, '');
    return missing.length === 0
      ? { ok: true, value: fields }
      : { ok: false, message: `Missing required fields: ${missing.join(', ')}` };
  } catch (error) {
    if (error instanceof Misfit || error instanceof TypeError) return { ok: false, message: error.message };
    throw error;
  }
};

const fieldsOf = (type: MessageType, object: Readonly<Record<string, unknown>>): Message => {
  const message: Record<string, unknown> = {};
  for (const field of type.fields) {
    if (field === undefined || !Object.hasOwn(object, field.name)) continue;
    const value = fieldValue(field, object[field.name]);
    if (value !== undefined) message[field.name] = value;
  }
  return message as Message;
};

const fieldValue = (field: Field, value: unknown): unknown => {
  if (value === null) return undefined;
  if (field.isMap) throw new Misfit(`Not expecting a map for field '${field.name}'`);
  if (Array.isArray(value)) {
    if (field.label !== 'repeated') throw new Misfit(`Not expecting a JSON array for field '${field.name}'`);
    return value.flatMap((each: unknown) => {
      const one = single(field, each);
      return one === undefined ? [] : [one];
    });
  }
  const one = single(field, value);
  return field.label === 'repeated' ? (one === undefined ? [] : [one]) : one;
};

const single = (field: Field, value: unknown): unknown => {
  if (value === null) return undefined;
  if (typeof value === 'object') {
    if (field.message === undefined || !isObject(value)) {
      throw new Misfit(`Not expecting a JSON object for field '${field.name}'`);
    }
    return fieldsOf(field.message, value);
  }
  if (typeof value === 'string') return fromString(field, value);
  if (typeof value === 'number') return fromNumber(field, value);
  if (field.kind === 'bool') return value;
  throw new Misfit(`Not expecting a JSON boolean for field '${field.name}'`);
};

const fromString = (field: Field, text: string): unknown => {
  switch (field.kind) {
    case 'string':
      return text;
    case 'bytes':
      return Buffer.from(text, 'base64');
    case 'enum': {
      const isKnown = [...(field.enum?.nameByNumber.values() ?? [])].includes(text);
      if (!isKnown && field.label === 'required') throw new Misfit(`Failed to find enum for '${text}'`);
      return isKnown ? text : undefined;
    }
    case 'message':
      throw new Misfit(`Not expecting a JSON string for field '${field.name}'`);
    case 'bool':
      if (text === 'true' || text === 'false') return text === 'true';
      throw new Misfit(`Failed to parse '${text}' as a JSON boolean for field '${field.name}'`);
    default: {
      if (field.kind === 'double' && /^-?Infinity$/.test(text)) return Number(text);
      const number = /^\s*-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?\s*$/.test(text) ? Number(text) : undefined;
      if (number === undefined) {
        throw new Misfit(`Failed to parse '${text}' as a JSON number for field '${field.name}'`);
      }
      return /^\s*-?[0-9]+\s*$/.test(text) && isWide(field) ? BigInt(text.trim()) : fromNumber(field, number);
    }
  }
};

const isWide = ({ kind }: Field): boolean => /64$/.test(kind);

const fromNumber = (field: Field, number: number): unknown => {
  switch (field.kind) {
    case 'double':
      return number;
    case 'string':
    case 'bytes':
    case 'enum':
    case 'bool':
    case 'message':
      throw new Misfit(`Not expecting a JSON number for field '${field.name}'`);
    default:
      return isWide(field) ? BigInt(Math.trunc(number)) : Math.trunc(number);
  }
};

/** The paths of required fields that are not there, as `InitializationErrorString` lists them. */
const missingIn = (type: MessageType, message: Message, at: string): readonly string[] =>
  type.fields.flatMap((field): readonly string[] => {
    if (field === undefined) return [];
    const value = message[field.name];
    if (value === undefined) return field.label === 'required' ? [`${at}${field.name}`] : [];
    if (field.message === undefined) return [];
    const inner = field.message;
    return Array.isArray(value)
      ? value.flatMap((each: Message, i) => missingIn(inner, each, `${at}${field.name}[${i}].`))
      : missingIn(inner, value as Message, `${at}${field.name}.`);
  });
