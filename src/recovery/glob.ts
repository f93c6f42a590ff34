import { bytesOf } from '../format/text.ts';

export { isPattern } from '../layout/names.ts';

/**
 * The agent lists folders with `glob("<path>/*")`, so that special characters in an id become a pattern. These are the
 * C library's rules for one component of such a pattern: `fnmatch` with `FNM_PERIOD`, in the C locale, which the agent
 * never leaves. So it is bytes that are matched, and `?` is one of the two of an `é`.
 */

/** Whether a name in a folder matches one component of a pattern. */
export const matchesPattern = (pattern: string, name: string): boolean => {
  const tokens = compiled(pattern);
  if (tokens === undefined) return false;
  // A leading period is matched by a period only.
  if (name.startsWith('.') && tokens[0] !== PERIOD) return false;
  return matches(tokens, bytesOf(name));
};

/** A byte, any byte, any number of any bytes, or one of several bytes (1 at their place). */
type Token = number | typeof ANY | typeof STAR | Uint8Array;

const ANY = 'any';
const STAR = 'star';

const [BACKSLASH, BRACKET, CLOSE, DASH, PERIOD] = [0x5c, 0x5b, 0x5d, 0x2d, 0x2e];
const [ASTERISK, QUESTION, COLON, EQUALS] = [0x2a, 0x3f, 0x3a, 0x3d];

/** Goes back to the last star only, so that no id can make it slow. */
const matches = (tokens: readonly Token[], name: Buffer): boolean => {
  let token = 0;
  let at = 0;
  let afterStar = -1;
  let retryAt = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted === STAR) {
      afterStar = ++token;
      retryAt = at;
    } else if (wanted !== undefined && takes(wanted, name[at] ?? 0)) {
      token++;
      at++;
    } else if (afterStar >= 0) {
      token = afterStar;
      at = ++retryAt;
    } else return false;
  }
  while (tokens[token] === STAR) token++;
  return token === tokens.length;
};

const takes = (token: Token, byte: number): boolean =>
  token === ANY || (typeof token === 'number' ? token === byte : token !== STAR && token[byte] === 1);

const patterns = new Map<string, readonly Token[] | undefined>();

const compiled = (pattern: string): readonly Token[] | undefined => {
  if (!patterns.has(pattern)) patterns.set(pattern, compile(bytesOf(pattern)));
  return patterns.get(pattern);
};

/** The tokens of a pattern; undefined where it is malformed, and matches nothing. */
const compile = (pattern: Buffer): readonly Token[] | undefined => {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const byte = pattern[at] ?? 0;
    if (byte === ASTERISK) tokens.push(STAR);
    else if (byte === QUESTION) tokens.push(ANY);
    else if (byte === BACKSLASH) {
      const escaped = pattern[++at];
      if (escaped === undefined) return undefined;
      tokens.push(escaped);
    } else if (byte === BRACKET) {
      const bracket = readBracket(pattern, at + 1);
      if (bracket === MALFORMED) return undefined;
      // Not closed, it is just a `[`.
      tokens.push(bracket?.set ?? BRACKET);
      at = bracket?.last ?? at;
    } else tokens.push(byte);
  }
  return tokens;
};

const MALFORMED = 'malformed';
type Bracket = { readonly set: Uint8Array; readonly last: number };

/** A bracket expression, whose first byte is at `start`; undefined where it is not closed. */
const readBracket = (pattern: Buffer, start: number): Bracket | typeof MALFORMED | undefined => {
  const negated = pattern[start] === 0x21 || pattern[start] === 0x5e;
  const set = new Uint8Array(256);
  const first = negated ? start + 1 : start;
  let at = first;
  while (at < pattern.length) {
    let from = pattern[at] ?? 0;
    if (from === CLOSE && at > first) return { set: negated ? set.map((is) => 1 - is) : set, last: at };
    const special = from === BRACKET ? readSpecial(pattern, at, set) : undefined;
    if (special === MALFORMED) return MALFORMED;
    if (special !== undefined) {
      at = special;
      continue;
    }
    if (from === BACKSLASH) {
      from = pattern[++at] ?? -1;
      if (from < 0) return MALFORMED;
    }
    at++;
    let to = from;
    if (pattern[at] === DASH && pattern[at + 1] !== CLOSE) {
      to = pattern[++at] ?? -1;
      if (to === BACKSLASH) to = pattern[++at] ?? -1;
      if (to < 0) return MALFORMED;
      at++;
    }
    // A range that runs backwards has nothing in it.
    if (from <= to) set.fill(1, from, to + 1);
  }
  return undefined;
};

/**
 * `[:class:]`, `[=x=]` or `[.x.]` inside brackets: adds what it stands for to the set, and gives the offset behind it;
 * undefined where it is none of them, so that its `[` stands for itself.
 */
const readSpecial = (pattern: Buffer, at: number, set: Uint8Array): number | typeof MALFORMED | undefined => {
  const kind = pattern[at + 1];
  if (kind === COLON) {
    const name = /^\[:([a-y]*):\]/.exec(pattern.toString('latin1', at))?.[1];
    if (name === undefined) return undefined;
    const ranges = CLASSES.get(name);
    if (ranges === undefined) return MALFORMED;
    for (let i = 0; i < ranges.length; i += 2) set.fill(1, ranges.charCodeAt(i), ranges.charCodeAt(i + 1) + 1);
    return at + name.length + 4;
  }
  if (kind !== EQUALS && kind !== PERIOD) return undefined;
  const isClosed = at + 4 < pattern.length && pattern[at + 3] === kind && pattern[at + 4] === CLOSE;
  if (!isClosed) return kind === PERIOD ? MALFORMED : undefined;
  set[pattern[at + 2] ?? 0] = 1;
  return at + 5;
};

/** The character classes of the C locale, as pairs of a first and a last character. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ['alnum', '09AZaz'],
  ['alpha', 'AZaz'],
  ['blank', '\t\t  '],
  ['cntrl', '\0\x1f\x7f\x7f'],
  ['digit', '09'],
  ['graph', '!~'],
  ['lower', 'az'],
  ['print', ' ~'],
  ['punct', '!/:@[`{~'],
  ['space', '\t\r  '],
  ['upper', 'AZ'],
  ['xdigit', '09AFaf'],
]);
