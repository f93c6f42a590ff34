import type { Span } from '../plan/change.ts';

/**
 * Where records, and the fields of a message, begin and end: for moving them as they are. Just the plain form is
 * understood, which is all that an agent writes.
 */

/** The records of a file, lengths included, as far as they are whole. */
export const recordSpans = (bytes: Buffer): readonly Span[] => {
  const spans: Span[] = [];
  for (let offset = 0; offset + 4 <= bytes.length; ) {
    const length = 4 + bytes.readUInt32LE(offset);
    if (offset + length > bytes.length) break;
    spans.push({ offset, length });
    offset += length;
  }
  return spans;
};

/** The content of each length-delimited field of a message; undefined where it has others, or is damaged. */
export const fieldSpans = (message: Buffer): readonly (Span & { readonly number: number })[] | undefined => {
  const spans: (Span & { number: number })[] = [];
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    if (tag === undefined || (tag.value & 7) !== 2) return undefined;
    const length = readVarint(message, tag.end);
    if (length === undefined || length.end + length.value > message.length) return undefined;
    spans.push({ number: tag.value >>> 3, offset: length.end, length: length.value });
    at = length.end + length.value;
  }
  return spans;
};

/** A message as a field of another. */
export const wrapField = (number: number, message: Uint8Array): Buffer =>
  Buffer.concat([writeVarint(number * 8 + 2), writeVarint(message.length), message]);

const readVarint = (bytes: Buffer, at: number): { readonly value: number; readonly end: number } | undefined => {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return value > 0x7fffffff ? undefined : { value, end: at + i + 1 };
  }
  return undefined;
};

const writeVarint = (value: number): Buffer => {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return Buffer.of(...bytes, left);
};
