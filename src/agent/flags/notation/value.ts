import type { MessageType } from '../../../format/message-type.ts';
import type { Message } from '../../../format/parse.ts';
import { fieldsFromJson } from '../../json-message.ts';
import { parseInteger } from '../../numbers.ts';
import type { Version } from '../../version.ts';
import type { FlagDefinition, FlagKind } from '../definitions.ts';
import { shapeOfFlag } from '../shapes/shapes.ts';
import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { fail, type Parsed, succeed } from './parsed.ts';

/**
 * Reads a file that a value names: its text, or the words of the C library for why there is none. A file that could not be
 * looked at is `unseen`: the agent, which may be another user, may read it all the same.
 */
export type ReadText = (
  path: string,
) => { readonly text: string } | { readonly error: string } | { readonly unseen: string };

const FILE = 'file://';

/** Kinds whose value is a path, or is kept with one: `file://` is not replaced by what is in the file. */
const KEEPS_PATH: ReadonlySet<FlagKind> = new Set<FlagKind>(['path']);

/**
 * The text that a value stands for: what is in the file that `file://` names, byte for byte, for all but paths.
 * Mirrors `fetch` of stout's flags.
 */
export const fetchValue = (kind: FlagKind, value: string, read: ReadText): Parsed<string> => {
  if (KEEPS_PATH.has(kind) || !value.startsWith(FILE)) return succeed(value);
  return readFile(value.slice(FILE.length), read);
};

const readFile = (path: string, read: ReadText): Parsed<string> => {
  const answer = read(path);
  if ('text' in answer) return succeed(answer.text);
  return fail('unseen' in answer ? answer.unseen : `Error reading file '${path}': ${answer.error}`);
};

/** The file that a value names: what is in it is the value. */
const fileOf = (kind: FlagKind, value: string): string | undefined => {
  if (!KEEPS_PATH.has(kind) && value.startsWith(FILE)) return value.slice(FILE.length);
  return kind === 'json' && value.startsWith('/') ? value : undefined;
};

/** Why nobody here can tell what a value is, where it is in a file that could not be looked at. */
export const unseenValue = (kind: FlagKind, value: string, read: ReadText): string | undefined => {
  const file = fileOf(kind, value);
  const answer = file === undefined ? undefined : read(file);
  return answer !== undefined && 'unseen' in answer ? answer.unseen : undefined;
};

/** The words of a stream that did not convert. */
const NOT_CONVERTED = 'Failed to convert into required type';

/** A stream reads blanks before a number, and none behind it. */
const readInteger = (text: string, max: number): Parsed<number> => {
  const match = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(text);
  const magnitude = Number(match?.[2]);
  if (match === null || magnitude > max) return fail(NOT_CONVERTED);
  // An unsigned type takes a negative number for what is so far below its end.
  return succeed(match[1] === '-' && magnitude > 0 ? max + 1 - magnitude : magnitude);
};

/** A port, as a stream reads one into 16 bits: `-1` is 65535. */
export const parsePort = (text: string): Parsed<number> => readInteger(text, 0xffff);

const check = (parsed: Parsed<unknown>): string | undefined => (parsed.ok ? undefined : parsed.message);

const CHECKS: Readonly<Record<FlagKind, (text: string, read: ReadText) => string | undefined>> = {
  text: () => undefined,
  path: () => undefined,
  secret: () => undefined,
  switch: (text) => (/^(?:true|false|0|1)$/.test(text) ? undefined : 'Expecting a boolean (e.g., true or false)'),
  duration: (text) => check(parseDuration(text)),
  bytes: (text) => check(parseBytes(text)),
  number: (text) =>
    /^[ \t\n\v\f\r]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text) ? undefined : NOT_CONVERTED,
  integer: (text) =>
    /^[ \t\n\v\f\r]*[+-]?[0-9]{1,10}$/.test(text) && Math.abs(Number(text)) < 2 ** 31 ? undefined : NOT_CONVERTED,
  count: (text) => check(readInteger(text, Number.MAX_SAFE_INTEGER)),
  port: (text) => check(parsePort(text)),
  numbers: (text) => {
    const wrong = text.split(',').find((token) => token !== '' && parseInteger(token) === undefined);
    return wrong === undefined ? undefined : `Failed to numify '${wrong}': Failed to convert '${wrong}' to number`;
  },
  json: (text, read) => check(jsonObject(text, read)),
};

/** The JSON text that a value of kind `json` stands for: an absolute path is read even without `file://`. */
export const jsonText = (text: string, read: ReadText): Parsed<string> =>
  text.startsWith('/') ? readFile(text, read) : succeed(text);

/** The JSON object that such a value stands for. */
export const jsonObject = (text: string, read: ReadText): Parsed<JsonObject> => {
  const content = jsonText(text, read);
  return content.ok ? parseJsonObject(content.value) : content;
};

/** The JSON object that such a value stands for, as the message of its flag. */
export const jsonMessage = (shape: MessageType, text: string, read: ReadText): Parsed<Message> => {
  const object = jsonObject(text, read);
  return object.ok ? fieldsFromJson(shape, object.value) : object;
};

/**
 * Why the agent refuses a value, in its words, or undefined. `value` is the text after switches were spelled out.
 * Mirrors the `load` of stout's flags.
 */
export const problemOf = (
  { kind, name: flag }: FlagDefinition,
  name: string,
  value: string,
  { version, read }: { readonly version: Version; readonly read: ReadText },
): string | undefined => {
  const fetched = fetchValue(kind, value, read);
  const shape = shapeOfFlag(flag, version);
  const problem = !fetched.ok
    ? fetched.message
    : shape === undefined
      ? CHECKS[kind](fetched.value, read)
      : check(jsonMessage(shape, fetched.value, read));
  return problem && `Failed to load flag '${name}': Failed to load value '${value}': ${problem}`;
};
