/** UUIDs as the agent takes them: 16 bytes, with a version that it knows. */

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

const HEX = /^[0-9a-fA-F]$/;
const DASHES_BEFORE = new Set([4, 6, 8, 10]);

/**
 * The 16 bytes of a text as `id::UUID::fromString` (Boost's `string_generator`) reads it: braces around it, and dashes
 * everywhere or nowhere. What follows is not looked at, or makes it none where `isWhole`. Undefined where it is no uuid
 * to the agent.
 */
export const parseUuidText = (text: string, isWhole: boolean): Buffer | undefined => {
  let at = 0;
  const braced = text.startsWith('{');
  if (braced) at++;
  const bytes = Buffer.alloc(UUID_SIZE);
  let dashes = false;
  for (let i = 0; i < UUID_SIZE; i++) {
    if (i === 4) dashes = text[at] === '-';
    if (dashes && DASHES_BEFORE.has(i)) {
      if (text[at] !== '-') return undefined;
      at++;
    }
    const pair = text.slice(at, at + 2);
    if (pair.length < 2 || !HEX.test(pair[0] ?? '') || !HEX.test(pair[1] ?? '')) return undefined;
    bytes[i] = Number.parseInt(pair, 16);
    at += 2;
  }
  if (braced && text[at++] !== '}') return undefined;
  return isWhole && at < text.length ? undefined : bytes;
};
