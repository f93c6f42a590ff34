import { parseInteger } from '../../numbers.ts';
import type { FlagDefinition, FlagKind } from '../definitions.ts';
import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';
import { type JsonObject, parseJsonObject } from './json.ts';
import { fail, type Parsed, succeed } from './parsed.ts';

/** Reads a file that a value names: its text, or the words of the C library for why it may not be read. */
export type ReadText = (path: string) => { readonly text: string } | { readonly error: string };

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
  return 'text' in answer ? succeed(answer.text) : fail(`Error reading file '${path}': ${answer.error}`);
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
  domain: (text, read) => check(jsonObject(text, read)),
};

/** The JSON text that a value of kind `json` or `domain` stands for: an absolute path is read even without `file://`. */
export const jsonText = (text: string, read: ReadText): Parsed<string> =>
  text.startsWith('/') ? readFile(text, read) : succeed(text);

/** The JSON object that such a value stands for. */
export const jsonObject = (text: string, read: ReadText): Parsed<JsonObject> => {
  const content = jsonText(text, read);
  return content.ok ? parseJsonObject(content.value) : content;
};

/**
 * Why the agent refuses a value, in its words, or undefined. `value` is the text after switches were spelled out.
 * Mirrors the `load` of stout's flags.
 */
export const problemOf = (
  { kind }: FlagDefinition,
  name: string,
  value: string,
  read: ReadText,
): string | undefined => {
  const fetched = fetchValue(kind, value, read);
  const problem = fetched.ok ? CHECKS[kind](fetched.value, read) : fetched.message;
  if (problem !== undefined) return `Failed to load flag '${name}': Failed to load value '${value}': ${problem}`;
  // The words of a validator stand alone.
  return kind === 'domain' && fetched.ok ? domainProblem(fetched.value, read) : undefined;
};

const domainProblem = (text: string, read: ReadText): string | undefined => {
  const parsed = jsonObject(text, read);
  return parsed.ok && parsed.value['fault_domain'] === undefined ? '`domain` must define `fault_domain`' : undefined;
};
