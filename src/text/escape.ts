/**
 * Texts from frameworks are hostile until escaped: what would move a cursor, colour a line, turn the writing direction
 * or hide, is shown as an escape. So is what was no UTF-8 on disk, a byte at a time, and the backslash itself, so that
 * an escape can be told from its picture.
 */

/** What must not reach a screen as it is, by code point, first and last. */
const HOSTILE_RANGES: readonly (readonly [first: number, last: number, what: string])[] = [
  [0x00, 0x1f, 'control characters'],
  [0x7f, 0x9f, 'delete, and more control characters'],
  [0xad, 0xad, 'soft hyphen'],
  [0x61c, 0x61c, 'mark of direction'],
  [0x115f, 0x1160, 'fillers, which look like nothing'],
  [0x17b4, 0x17b5, 'vowels that are not seen'],
  [0x180b, 0x180f, 'selectors of variations'],
  [0x200b, 0x200f, 'what has no width, marks of direction'],
  [0x2028, 0x202e, 'separators of lines, embeddings and overrides of direction'],
  [0x2060, 0x206f, 'joiners, isolates of direction'],
  [0x3164, 0x3164, 'filler'],
  [0xfe00, 0xfe0f, 'selectors of variations'],
  [0xfeff, 0xfeff, 'byte order mark'],
  [0xffa0, 0xffa0, 'filler'],
  [0xfff0, 0xfffb, 'annotations'],
  [0xe0000, 0xe0fff, 'tags'],
];

const classOf = (ranges: readonly (readonly [number, number, string])[]): string =>
  ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join('');

/** With the backslash, and the lone surrogates that stand for bytes. */
const HOSTILE = new RegExp(`[\\\\\\u{d800}-\\u{dfff}${classOf(HOSTILE_RANGES)}\\p{Cf}]`, 'gu');
/** Without what `JSON.stringify` escapes by itself. */
const HOSTILE_IN_JSON = new RegExp(`[${classOf(HOSTILE_RANGES.filter(([first]) => first >= 0x7f))}\\p{Cf}]`, 'gu');

const NAMED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');

const escapeOne = (character: string): string => {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const point = character.codePointAt(0) ?? 0;
  // A byte that was no UTF-8: see src/text/lossless.ts.
  if (point >= 0xdc80 && point <= 0xdcff) return `\\x${hex(point - 0xdc00, 2)}`;
  if (point < 0x80) return `\\x${hex(point, 2)}`;
  return point > 0xffff ? `\\u{${hex(point, 1)}}` : `\\u${hex(point, 4)}`;
};

/** A text that is safe on a screen. */
export const shown = (text: string): string => text.replace(HOSTILE, escapeOne);

/** A value as JSON on one line, in which hostile characters are escaped as JSON has it, so that it reads the same. */
export const jsonLine = (value: unknown): string => jsonText(value);

/** The same on lines of its own, two spaces deeper a level. */
export const jsonLines = (value: unknown): string => jsonText(value, 2);

/** `jsonLine` of a value that holds no bigint and no map, of which there may be a great many: it takes half the time. */
export const plainJsonLine = (value: unknown): string => escapedJson(JSON.stringify(value));

/** So much of a long text is escaped at a time. */
const PIECE = 1024 * 1024;

/** The same in pieces, of a value whose texts together may be longer than any text can be. */
export function* plainJsonTexts(value: unknown): Generator<string, void, undefined> {
  if (typeof value === 'string' && value.length > PIECE) {
    yield '"';
    for (let at = 0; at < value.length; ) {
      let end = Math.min(at + PIECE, value.length);
      // Two units that are one character stay together.
      if (value.codePointAt(end - 1) !== value.charCodeAt(end - 1)) end++;
      yield plainJsonLine(value.slice(at, end)).slice(1, -1);
      at = end;
    }
    yield '"';
  } else if (Array.isArray(value)) {
    yield '[';
    for (const [i, each] of value.entries()) {
      if (i > 0) yield ',';
      yield* plainJsonTexts(each);
    }
    yield ']';
  } else if (typeof value === 'object' && value !== null) {
    let before = '{';
    for (const [key, each] of Object.entries(value)) {
      if (each === undefined) continue;
      yield `${before}${plainJsonLine(key)}:`;
      yield* plainJsonTexts(each);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  } else yield plainJsonLine(value);
}

const jsonText = (value: unknown, indent?: number): string =>
  escapedJson(
    JSON.stringify(
      value,
      (_, each: unknown) =>
        typeof each === 'bigint' ? each.toString() : each instanceof Map ? Object.fromEntries(each) : each,
      indent,
    ),
  );

const escapedJson = (json: string): string =>
  json.replace(HOSTILE_IN_JSON, (character) =>
    [...character]
      .flatMap((each) => Array.from({ length: each.length }, (_, i) => `\\u${hex(each.charCodeAt(i), 4)}`))
      .join(''),
  );
