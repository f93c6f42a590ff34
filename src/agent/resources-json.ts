import type { Field, MessageType } from '../format/message-type.ts';
import { messageType, type Resource } from '../schema/index.ts';

/** A list of resources as the agent prints it in JSON: members sorted by name. Mirrors `JSON::protobuf` of stout. */
export const resourcesJson = (resources: readonly Resource[]): string =>
  `[${resources.map((resource) => messageText(messageType('mesos.Resource'), resource)).join(',')}]`;

const messageText = (type: MessageType, message: object): string => {
  const values = message as Readonly<Record<string, unknown>>;
  const members = type.fields
    .filter((field) => field !== undefined)
    .filter(({ name }) => values[name] !== undefined && !(Array.isArray(values[name]) && values[name].length === 0))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((field) => `${stringText(field.name)}:${fieldText(field, values[field.name])}`);
  return `{${members.join(',')}}`;
};

const fieldText = (field: Field, value: unknown): string =>
  Array.isArray(value) ? `[${value.map((each) => valueText(field, each)).join(',')}]` : valueText(field, value);

const valueText = (field: Field, value: unknown): string => {
  if (field.message !== undefined) return messageText(field.message, value as object);
  if (typeof value === 'string') return stringText(value);
  if (value instanceof Uint8Array) return stringText(Buffer.from(value).toString('base64'));
  return field.kind === 'double' ? doubleText(value as number) : String(value);
};

/** The shortest digits that are read as the same double, and always a fraction or an exponent; what is infinite is in quotes. */
const doubleText = (value: number): string => {
  if (Math.abs(value) === Number.POSITIVE_INFINITY) return `"${value}"`;
  const text = Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
};

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** A text in quotes; what is no ASCII stays as it is. */
const stringText = (text: string): string =>
  `"${text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped.
    /["\\\u0000-\u001f]/g,
    (char) => SHORT[char] ?? `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  )}"`;
