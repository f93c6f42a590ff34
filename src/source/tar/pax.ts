import { TarDamage } from './damage.ts';

/** A record of an extended header. The value is bytes: names need not be UTF-8. */
export interface PaxRecord {
  readonly key: string;
  readonly value: Buffer;
}

/**
 * The records of an extended header, `LENGTH KEY=VALUE\n` each, in their order: sparse files repeat keys. `offset` is
 * where the header's content begins.
 * @throws TarDamage where one is malformed
 */
export const readPax = (content: Buffer, offset: number): readonly PaxRecord[] => {
  const records: PaxRecord[] = [];
  for (let at = 0; at < content.length; ) {
    // Some programs count the padding in.
    if (content[at] === 0) break;
    const blank = content.indexOf(0x20, at);
    const digits = blank < 0 ? '' : content.toString('latin1', at, blank);
    const end = at + Number(digits);
    const equals = content.indexOf(0x3d, at);
    const isWhole = /^[0-9]{1,9}$/.test(digits) && end <= content.length && content[end - 1] === 0x0a;
    if (!isWhole || equals < blank || equals >= end)
      throw new TarDamage('an extended header is malformed', offset + at);
    records.push({
      key: content.toString('latin1', blank + 1, equals),
      value: Buffer.from(content.subarray(equals + 1, end - 1)),
    });
    at = end;
  }
  return records;
};

/** The last value of a key. */
export const lastOf = (records: readonly PaxRecord[], key: string): Buffer | undefined =>
  records.findLast((record) => record.key === key)?.value;

/** The last value of a key, as a number that is not negative; undefined where there is none. */
export const numberOf = (records: readonly PaxRecord[], key: string): number | undefined => {
  const text = lastOf(records, key)?.toString('latin1');
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
};

/**
 * The size that extended headers give a member; undefined where they give none. One that is too large for the archive is
 * found out where the archive ends.
 * @throws TarDamage where it is no number of bytes
 */
export const sizeIn = (records: readonly PaxRecord[], offset: number, key = 'size'): number | undefined => {
  const text = lastOf(records, key)?.toString('latin1');
  // An empty value takes back what was said for all.
  if (text === undefined || text === '') return undefined;
  const size = /^[0-9]{1,16}$/.test(text) ? Number(text) : undefined;
  if (size === undefined || !Number.isSafeInteger(size)) {
    throw new TarDamage('the size in an extended header is no number of bytes', offset);
  }
  return size;
};
