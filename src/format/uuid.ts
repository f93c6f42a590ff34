/** UUIDs as the agent takes them: 16 bytes, with a version that it knows. */

import { bytesOf } from '../text/lossless.ts';

export const UUID_SIZE = 16;

/** Whether `id::UUID::fromBytes` takes the bytes: the variant is not looked at, the version is 1 to 5. */
export const isUuid = (bytes: Uint8Array | undefined): boolean => {
  if (bytes?.length !== UUID_SIZE) return false;
  const version = (bytes[6] as number) >> 4;
  return version >= 1 && version <= 5;
};

/** The same of the bytes from `start` to `end`; `start` is negative where there are none. */
export const isUuidAt = (bytes: Buffer, start: number, end: number): boolean => {
  if (start < 0 || end - start !== UUID_SIZE) return false;
  const version = (bytes[start + 6] as number) >> 4;
  return version >= 1 && version <= 5;
};

/** The usual text of 16 bytes, `7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02`. */
export const uuidText = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const DASHES_BEFORE = new Set([6, 8, 10]);
const DASH = 0x2d;
const BRACES = { open: 0x7b, close: 0x7d };

/**
 * The 16 bytes of a text as `id::UUID::fromString` (Boost's `string_generator`) reads it: braces around it, and dashes
 * everywhere or nowhere. What is no digit counts as one, with all bits set, and what follows is not looked at, unless the text
 * `isChecked`, as newer Boost does. Undefined where it is no uuid to the agent.
 */
export const parseUuidText = (text: string, isChecked: boolean): Buffer | undefined => {
  const chars = bytesOf(text);
  let at = 0;
  const braced = chars[0] === BRACES.open;
  if (braced) at++;
  const uuid = Buffer.alloc(UUID_SIZE);
  let dashes = false;
  for (let i = 0; i < UUID_SIZE; i++) {
    if (i === 4) {
      dashes = chars[at] === DASH;
      if (dashes) at++;
    } else if (dashes && DASHES_BEFORE.has(i) && chars[at++] !== DASH) return undefined;
    if (at + 2 > chars.length) return undefined;
    const high = digitOf(chars[at++] as number);
    const low = digitOf(chars[at++] as number);
    if (isChecked && (high === NO_DIGIT || low === NO_DIGIT)) return undefined;
    uuid[i] = (high << 4) | low;
  }
  if (braced && chars[at++] !== BRACES.close) return undefined;
  return isChecked && at < chars.length ? undefined : uuid;
};

const NO_DIGIT = 0xff;

/** The value of a hexadecimal digit. */
const digitOf = (char: number): number => {
  const value = Number.parseInt(String.fromCharCode(char), 16);
  return Number.isNaN(value) ? NO_DIGIT : value;
};
