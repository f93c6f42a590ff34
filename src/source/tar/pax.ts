import { TarDamage } from './damage.ts';

/**
 * Hands on the records of an extended header, `LENGTH KEY=VALUE\n` each, in their order: sparse files repeat keys. The
 * value is bytes, for names need not be UTF-8: where in `content` they begin and end. `offset` is where the header's content
 * begins.
 * @throws TarDamage where one is malformed
 */
export const readPax = (
  content: Buffer,
  offset: number,
  take: (key: string, start: number, end: number) => void,
): void => {
  for (let at = 0; at < content.length; ) {
    // Some programs count the padding in.
    if (content[at] === 0) break;
    const { digits, blank } = lengthAt(content, at);
    const end = at + digits;
    const isWhole = end > blank && end <= content.length && content[end - 1] === 0x0a;
    const equals = isWhole ? content.indexOf(0x3d, blank) : -1;
    if (equals < 0 || equals >= end) throw new TarDamage('an extended header is malformed', offset + at);
    take(content.toString('latin1', blank + 1, equals), equals + 1, end - 1);
    at = end;
  }
};

const MAX_DIGITS = 9;

/** The number that a record begins with, and where the blank behind it is; 0 where there is none. */
const lengthAt = (content: Buffer, at: number): { readonly digits: number; readonly blank: number } => {
  let digits = 0;
  for (let i = at; i <= at + MAX_DIGITS && i < content.length; i++) {
    const byte = content[i] as number;
    if (byte === 0x20) return { digits, blank: i };
    if (byte < 0x30 || byte > 0x39) break;
    digits = digits * 10 + byte - 0x30;
  }
  return { digits: 0, blank: at };
};

/** A value as a number that is not negative; undefined where it is none. */
export const numberOf = (value: Buffer | undefined): number | undefined => {
  const text = value?.toString('latin1');
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
};

/**
 * The size that extended headers give a member; undefined where they give none. One that is too large for the archive is
 * found out where the archive ends.
 * @throws TarDamage where it is no number of bytes
 */
export const sizeOf = (value: Buffer | undefined, offset: number): number | undefined => {
  // An empty value takes back what was said for all.
  if (value === undefined || value.length === 0) return undefined;
  const text = value.toString('latin1');
  const size = /^[0-9]{1,16}$/.test(text) ? Number(text) : undefined;
  if (size === undefined || !Number.isSafeInteger(size)) {
    throw new TarDamage('the size in an extended header is not a number of bytes', offset);
  }
  return size;
};
