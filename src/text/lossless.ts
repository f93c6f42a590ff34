/**
 * Bytes that are text, without loss: what is not UTF-8 becomes a lone low surrogate (U+DC80 to U+DCFF, one a byte), so
 * that two different byte strings are never the same text, and the bytes can be had back.
 */

/** What the platform makes of bytes that are no UTF-8. */
const REPLACEMENT = '\ufffd';

/** Whether a text that the platform made of bytes may be that of others too. */
export const mayBeLossy = (text: string): boolean => text.includes(REPLACEMENT);

const isAscii = (bytes: Buffer, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if ((bytes[i] as number) > 0x7f) return false;
  return true;
};

/** The text of `bytes[start, end)`; never fails. */
export const textOf = (bytes: Buffer, start = 0, end = bytes.length): string => {
  if (end - start < 64 && isAscii(bytes, start, end)) return bytes.toString('latin1', start, end);
  const text = bytes.toString('utf8', start, end);
  return mayBeLossy(text) ? escapeInvalid(bytes, start, end) : text;
};

/** Whether `bytes[start, end)` are a text: without making one of them, because they nearly always are. */
export const isTextAt = (bytes: Buffer, start: number, end: number, expected: string): boolean => {
  const length = end - start;
  if (length !== expected.length) return length > expected.length && textOf(bytes, start, end) === expected;
  for (let i = 0; i < length; i++) {
    const byte = bytes[start + i] as number;
    if (byte > 0x7f) return textOf(bytes, start, end) === expected;
    if (byte !== expected.charCodeAt(i)) return false;
  }
  return true;
};

/** The bytes of a text that came from `textOf`. */
export const bytesOf = (text: string): Buffer => {
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  // A unit takes three bytes at most, and two that are a pair take four.
  const bytes = Buffer.allocUnsafe(3 * text.length);
  let at = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (isHigh(unit) && isLow(text.charCodeAt(i + 1))) {
      i++;
    } else if (unit >= 0xdc80 && unit <= 0xdcff) {
      if (i > from) at += bytes.write(text.slice(from, i), at, 'utf8');
      bytes[at++] = unit - 0xdc00;
      from = i + 1;
    }
  }
  at += bytes.write(text.slice(from), at, 'utf8');
  return bytes.subarray(0, at);
};

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** Decodes by hand, because the decoders of the platform say that something was wrong, not where. */
const escapeInvalid = (bytes: Buffer, start: number, end: number): string => {
  let text = '';
  let from = start;
  let at = start;
  while (at < end) {
    const length = sequenceLength(bytes, at, end);
    if (length > 0) {
      at += length;
    } else {
      text += bytes.toString('utf8', from, at) + String.fromCharCode(0xdc00 + (bytes[at] as number));
      at++;
      from = at;
    }
  }
  return text + bytes.toString('utf8', from, at);
};

/** The length of the UTF-8 sequence at `at`, 0 where there is no valid one. */
const sequenceLength = (bytes: Buffer, at: number, end: number): number => {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xc2 && first <= 0xdf ? 2 : first >> 4 === 0xe ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] as number;
  // Overlong forms, surrogates and what lies beyond U+10FFFF.
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xed && second > 0x9f) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  return length;
};

/** Whether `bytes[start, end)` is well-formed UTF-8. */
export const isUtf8 = (bytes: Buffer, start: number, end: number): boolean => {
  for (let at = start; at < end; ) {
    const length = sequenceLength(bytes, at, end);
    if (length === 0) return false;
    at += length;
  }
  return true;
};

/** From here on the order of UTF-16 is not that of UTF-8. */
const SURROGATES = 0xd800;
/** What stands at one place of two different texts differs in its bytes within so many units. */
const TELLING = 5;

/** Units from `SURROGATES` on. */
const IN_OTHER_ORDER = /[\ud800-\uffff]/;

/** Sorts texts, in place, by their bytes; the platform's own order is that where no text has a unit from which on they differ. */
export const sortTexts = (texts: string[]): string[] =>
  texts.some((text) => IN_OTHER_ORDER.test(text)) ? texts.sort(compareTexts) : texts.sort();

/** The order of two texts by their bytes: negative, 0 or positive. */
export const compareTexts = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const one = a.charCodeAt(i);
    const other = b.charCodeAt(i);
    if (one === other) continue;
    if (one < SURROGATES && other < SURROGATES) return one - other;
    // The second half of a pair has its bytes with the first.
    const from = i > 0 && isHigh(a.charCodeAt(i - 1)) ? i - 1 : i;
    const near = bytesOf(a.slice(from, i + TELLING)).compare(bytesOf(b.slice(from, i + TELLING)));
    return near === 0 ? bytesOf(a).compare(bytesOf(b)) : near;
  }
  return a.length - b.length;
};
