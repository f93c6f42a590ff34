import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLACE } from '../../support/logs.ts';
import { check, randomly } from '../../support/random.ts';
import { ackRecord, record, updateRecord, uuid } from '../../support/wire.ts';
import { plainDifferences } from './plain.ts';

const agrees = (bytes: Buffer): void => expect(plainDifferences(bytes, PLACE)).toEqual([]);

const number = fc.nat(40);
const updateOf = fc
  .record({
    number,
    state: fc.constantFrom(0, 1, 2, 6, 12, 99),
    task: fc.constantFrom('t', 't', 't', 't', 'u', 'tä'),
    timestamp: fc.integer({ min: 1000, max: 1100 }),
    padding: fc.constantFrom(0, 0, 0, 7),
  })
  .map(({ number: id, ...options }) => updateRecord(uuid(id), options));
const odd = fc.constantFrom(
  updateRecord(Buffer.alloc(15)),
  updateRecord(Buffer.alloc(16)),
  ackRecord(Buffer.alloc(16)),
  record(Buffer.of(0x08, 0x00)),
  record(Buffer.of(0xff)),
  Buffer.of(1, 0),
);
const flip = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });

describe('the reader of logs and a plain one', () => {
  it(randomly('say the same of short logs', 500), () => {
    const any = fc.oneof(
      { weight: 12, arbitrary: updateOf },
      { weight: 8, arbitrary: number.map((id) => ackRecord(uuid(id))) },
      { weight: 1, arbitrary: odd },
    );
    check(
      500,
      fc.property(fc.array(any, { maxLength: 80 }), fc.array(flip, { maxLength: 2 }), (records, flips) => {
        agrees(changed(Buffer.concat(records), flips));
      }),
    );
  });

  it(randomly('say the same of logs that are larger than what is in sight at once', 8), () => {
    const at = fc.nat(2400);
    check(
      8,
      fc.property(
        fc.array(fc.tuple(at, fc.oneof(updateOf, odd)), { maxLength: 3 }),
        fc.array(flip, { maxLength: 2 }),
        (added, flips) => {
          const records = Array.from({ length: 1200 }, (_, id) => [
            updateRecord(uuid(id), { timestamp: 1000 + id, padding: 250 }),
            ackRecord(uuid(id)),
          ]).flat();
          for (const [place, each] of added) records.splice(place, 0, each);
          agrees(changed(Buffer.concat(records), flips));
        },
      ),
    );
  });
});

const changed = (bytes: Buffer, flips: readonly { readonly at: number; readonly mask: number }[]): Buffer => {
  for (const { at, mask } of flips) {
    if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
  }
  return bytes;
};
