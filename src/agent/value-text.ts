import type { Value_Ranges, Value_Scalar, Value_Set, Value_Text } from '../schema/index.ts';
import { coalesceRanges } from './ranges.ts';

/** A value as the agent reads it from a flag. */
export type TextValue =
  | { readonly type: 'SCALAR'; readonly scalar: Value_Scalar }
  | { readonly type: 'RANGES'; readonly ranges: Value_Ranges }
  | { readonly type: 'SET'; readonly set: Value_Set }
  | { readonly type: 'TEXT'; readonly text: Value_Text };

/** What the agent makes of a text, or its own words for why it makes nothing of it. */
export type FromText<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

const fail = (message: string): FromText<never> => ({ ok: false, message });

/** The parts between delimiters, without empty ones. Mirrors `strings::tokenize`. */
export const tokenize = (text: string, delimiters: string): readonly string[] => {
  const tokens: string[] = [];
  let current = '';
  for (const character of text) {
    if (!delimiters.includes(character)) current += character;
    else if (current !== '') {
      tokens.push(current);
      current = '';
    }
  }
  return current === '' ? tokens : [...tokens, current];
};

/** Blanks of the agent's `strings::trim`. */
export const trimBlanks = (text: string): string => text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');

/** A value: `[1-5, 7-9]`, `{a, b}`, a number, or else a text. Blanks are nothing. Mirrors `internal::values::parse`. */
export const parseValue = (given: string): FromText<TextValue> => {
  const text = given.replaceAll(' ', '');
  if (text === '') return fail('Expecting non-empty string');
  if (!['{}', '[]', '()'].every((pair) => areMatched(text, pair))) return fail('Mismatched brackets');
  if (text.startsWith('[')) return parseRanges(text);
  if (text.includes('[')) return fail("Unexpected '[' found");
  if (text.startsWith('{')) {
    return { ok: true, value: { type: 'SET', set: { item: tokenize(text, '{},\n') } } };
  }
  return text.includes('{') ? fail("Unexpected '{' found") : parseScalarOrText(text);
};

const areMatched = (text: string, [open, close]: string): boolean => {
  let depth = 0;
  for (const character of text) {
    if (character === open) depth += 1;
    else if (character === close) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
};

const parseRanges = (text: string): FromText<TextValue> => {
  const tokens = tokenize(text, '[]-,\n');
  if (tokens.length % 2 !== 0) return fail('Expecting one or more "ranges"');
  const range: { begin: bigint; end: bigint }[] = [];
  for (let i = 0; i < tokens.length; i += 2) {
    const [begin, end] = [unsigned(tokens[i] ?? ''), unsigned(tokens[i + 1] ?? '')];
    if (begin === undefined || end === undefined) return fail(`Expecting non-negative integers in '${tokens[i]}'`);
    range.push({ begin, end });
  }
  return { ok: true, value: { type: 'RANGES', ranges: coalesceRanges({ range }) } };
};

/** Mirrors `numify<uint64_t>` of what holds no minus sign. */
const unsigned = (text: string): bigint | undefined => {
  const match = /^\+?([0-9]+)$/.exec(text) ?? /^(0[xX][0-9a-fA-F]+)$/.exec(text);
  const value = match?.[1] === undefined ? undefined : BigInt(match[1]);
  return value === undefined || value >= 1n << 64n ? undefined : value;
};

const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
/** The least double that is not subnormal. */
const LEAST_NORMAL = 2.2250738585072014e-308;

const parseScalarOrText = (text: string): FromText<TextValue> => {
  const asText: FromText<TextValue> = { ok: true, value: { type: 'TEXT', text: { value: text } } };
  if (!NUMBER.test(text)) return asText;
  const value = Number(text);
  if (value !== 0 && Math.abs(value) < LEAST_NORMAL) return fail('Subnormal values not supported');
  // What is infinite or negative is a text to the agent.
  return value < 0 || !Number.isFinite(value) ? asText : { ok: true, value: { type: 'SCALAR', scalar: { value } } };
};
