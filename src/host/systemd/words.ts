/** Words in unit files: how systemd splits, unquotes and unescapes (systemd.syntax(7), `extract_first_word`). */

import { bytesOf, textOf } from '../../text/lossless.ts';

/** A word, and how it is written. */
export interface Word {
  readonly text: string;
  readonly raw: string;
}

/** The words of a value; undefined where a quote is not closed, for which systemd ignores the whole assignment. */
export type Words = readonly Word[] | undefined;

const SHORT: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
  s: ' ',
};

const isBlank = (character: string | undefined): boolean => character !== undefined && ' \t\n\r'.includes(character);

/** What a backslash and what follows it stand for, and how long that is; what is no escape stays as it is. */
const readEscape = (text: string, at: number): { readonly value: string; readonly length: number } => {
  const next = text[at + 1] ?? '';
  const short = Object.hasOwn(SHORT, next) ? SHORT[next] : undefined;
  if (short !== undefined) return { value: short, length: 2 };
  const behind = text.slice(at + 1, at + 10);
  const byte = /^(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))/.exec(behind);
  const point = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(behind);
  const [length = 0, code = 0] = byte
    ? [byte[0].length, byte[1] === undefined ? Number.parseInt(byte[2] ?? '', 8) : Number.parseInt(byte[1], 16)]
    : point
      ? [point[0].length, Number.parseInt(point[1] ?? point[2] ?? '', 16)]
      : [];
  // A NUL ends a string of C's: systemd takes no escape for one.
  if (code === 0 || code > 0x10ffff) return { value: `\\${next}`, length: next === '' ? 1 : 2 };
  return { value: byte ? textOf(Buffer.of(code)) : String.fromCodePoint(code), length: length + 1 };
};

/**
 * The first word at or behind `from`, and where it ends; undefined at the end of the text, `'unbalanced'` where a quote
 * is not closed. A quote may open anywhere in a word; escapes count in both kinds of quotes.
 */
export const nextWord = (
  text: string,
  from: number,
): { readonly word: Word; readonly end: number } | undefined | 'unbalanced' => {
  let at = from;
  while (isBlank(text[at])) at += 1;
  if (at >= text.length) return undefined;
  const start = at;
  let value = '';
  let quote = '';
  for (; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === '\\') {
      const escaped = readEscape(text, at);
      value += escaped.value;
      at += escaped.length - 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      else value += character;
    } else if (character === '"' || character === "'") quote = character;
    else if (isBlank(character)) break;
    else value += character;
  }
  if (quote !== '') return 'unbalanced';
  // Bytes that were escaped one by one may be a character together.
  return { word: { text: textOf(bytesOf(value)), raw: text.slice(start, at) }, end: at };
};

/** All words of a value. */
export const splitWords = (text: string): Words => {
  const words: Word[] = [];
  for (let at = 0; ; ) {
    const next = nextWord(text, at);
    if (next === 'unbalanced') return undefined;
    if (next === undefined) return words;
    words.push(next.word);
    at = next.end;
  }
};
