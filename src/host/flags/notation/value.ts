import { parseInteger } from '../../../agent/numbers.ts';
import { errnoText } from '../../../source/errno.ts';
import type { FlagDefinition, FlagKind } from '../definitions.ts';
import { parseBytes } from './bytes.ts';
import { parseDuration } from './duration.ts';
import { parseJsonObject } from './json.ts';
import { fail, type Parsed, succeed } from './parsed.ts';

/** A file that a value names: its text, or the name of the errno. */
export type ReadText = (path: string) => { readonly text: string } | { readonly code: string };

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
  return 'text' in answer ? succeed(answer.text) : fail(`Error reading file '${path}': ${errnoText(answer.code)}`);
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
  numbers: checkNumbers,
  json: checkJson,
  domain: checkDomain,
};

function checkNumbers(text: string): string | undefined {
  const wrong = text.split(',').find((token) => token !== '' && parseInteger(token) === undefined);
  return wrong === undefined ? undefined : `Failed to numify '${wrong}': Failed to convert '${wrong}' to number`;
}

/** An absolute path is read even without `file://`: what the agent calls deprecated, and still does. */
function checkJson(text: string, read: ReadText): string | undefined {
  const content = jsonText(text, read);
  return content.ok ? check(parseJsonObject(content.value)) : content.message;
}

/** The JSON text that a value of kind `json` or `domain` stands for. */
export const jsonText = (text: string, read: ReadText): Parsed<string> =>
  text.startsWith('/') ? readFile(text, read) : succeed(text);

function checkDomain(text: string, read: ReadText): string | undefined {
  const content = jsonText(text, read);
  if (!content.ok) return content.message;
  const parsed = parseJsonObject(content.value);
  if (!parsed.ok) return parsed.message;
  // The validator's own words, which stand alone.
  return parsed.value['fault_domain'] === undefined ? '`domain` must define `fault_domain`' : undefined;
}

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
  return problem === undefined
    ? undefined
    : problem.startsWith('`')
      ? problem
      : `Failed to load flag '${name}': Failed to load value '${value}': ${problem}`;
};
