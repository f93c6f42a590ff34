import { bytesOf } from '../text/lossless.ts';

export { isPattern } from '../layout/names.ts';

/**
 * The agent lists folders with `glob("<path>/*")`, so that special characters in an id become a pattern. These are the
 * C library's rules for one component of such a pattern: `fnmatch` with `FNM_PERIOD`, in the C locale, which the agent
 * never leaves. So it is bytes that are matched, and `?` is one of the two of an `é`.
 */

/** Whether a name in a folder matches one component of a pattern. */
export const matchesPattern = (pattern: string, name: string): boolean => {
  const compiled = compiledOf(pattern);
  if (compiled === undefined) return false;
  // A leading period is matched by a period only.
  if (name.startsWith('.') && !compiled.takesPeriod) return false;
  return matches(compiled, NOT_ASCII.test(name) ? bytesOf(name).toString('latin1') : name);
};

const NOT_ASCII = /[^\0-\x7f]/;

/** A byte, any byte, any number of any bytes, or one of several bytes (1 at their place). */
type Token = number | typeof ANY | typeof STAR | Uint8Array;

const ANY = 'any';
const STAR = 'star';

const [BACKSLASH, BRACKET, CLOSE, DASH, PERIOD] = [0x5c, 0x5b, 0x5d, 0x2d, 0x2e];
const [ASTERISK, QUESTION, COLON, EQUALS] = [0x2a, 0x3f, 0x3a, 0x3d];

/**
 * A pattern as the set of places in it that a name may have reached, a bit each: a byte moves them all at once, so that
 * no id can make it slow. Place n is behind the first n tokens that are no stars.
 */
interface Compiled {
  /** How many words of 32 bits the places take. */
  readonly words: number;
  /** By byte: the places that it leads to, from the ones before. */
  readonly steps: Uint32Array;
  /** The places that any byte leaves where they are, because a star follows. */
  readonly stays: Uint32Array;
  /** The place behind the pattern, and so the fewest bytes that it matches. */
  readonly end: number;
  /** What is behind the last star: it stands at the end of a name, and tells most that do not match. */
  readonly tail: readonly Exclude<Token, typeof STAR>[];
  readonly takesPeriod: boolean;
}

/** Whether a name, a character a byte, leads to the end of a pattern. */
const matches = ({ words, steps, stays, end, tail }: Compiled, name: string): boolean => {
  if (name.length < end) return false;
  if (!tail.every((token, i) => takes(token, name.charCodeAt(name.length - tail.length + i)))) return false;
  const places = new Uint32Array(words);
  places[0] = 1;
  for (let at = 0; at < name.length; at++) {
    const step = name.charCodeAt(at) * words;
    let carry = 0;
    let any = 0;
    for (let word = 0; word < words; word++) {
      const before = places[word] ?? 0;
      const after = (((before << 1) | carry) & (steps[step + word] ?? 0)) | (before & (stays[word] ?? 0));
      carry = before >>> 31;
      places[word] = after;
      any |= after;
    }
    if (any === 0) return false;
  }
  return (((places[end >>> 5] ?? 0) >>> (end & 31)) & 1) === 1;
};

const placesOf = (tokens: readonly Token[]): Compiled => {
  const plain = tokens.filter((token) => token !== STAR);
  const words = (plain.length >>> 5) + 1;
  const steps = new Uint32Array(256 * words);
  const stays = new Uint32Array(words);
  let place = 0;
  for (const token of tokens) {
    if (token === STAR) setBit(stays, 0, place);
    else {
      place++;
      for (let byte = 0; byte < 256; byte++) if (takes(token, byte)) setBit(steps, byte * words, place);
    }
  }
  const tail = plain.slice(plain.length - (tokens.length - 1 - tokens.lastIndexOf(STAR)));
  return { words, steps, stays, end: plain.length, tail, takesPeriod: tokens[0] === PERIOD };
};

const setBit = (bits: Uint32Array, from: number, bit: number): void => {
  const word = from + (bit >>> 5);
  bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
};

const takes = (token: Exclude<Token, typeof STAR>, byte: number): boolean =>
  token === ANY || (typeof token === 'number' ? token === byte : token[byte] === 1);

/** The patterns that were last asked for; a listing asks for one after the other. */
const patterns = new Map<string, Compiled | undefined>();
const MOST_PATTERNS = 1000;

const compiledOf = (pattern: string): Compiled | undefined => {
  if (!patterns.has(pattern)) {
    if (patterns.size >= MOST_PATTERNS) patterns.clear();
    const tokens = compile(bytesOf(pattern));
    patterns.set(pattern, tokens && placesOf(tokens));
  }
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
