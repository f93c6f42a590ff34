import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UpdateLog } from '../../../src/checkpoint/files.ts';
import { FileReader } from '../../../src/checkpoint/read.ts';
import { readUpdateLog } from '../../../src/checkpoint/update-log/update-log.ts';
import { logSource, PLACE } from '../../support/logs.ts';
import { check, randomly } from '../../support/random.ts';
import { HOME } from '../../support/trees.ts';
import { ackRecord, updateRecord, uuid } from '../../support/wire.ts';

const read = (bytes: Buffer, keepsUuids: boolean): UpdateLog => {
  const source = logSource(bytes);
  const log = readUpdateLog(new FileReader({ source, home: HOME }), 'task.updates', 'file', PLACE, keepsUuids);
  if (log.kind !== 'log') throw new Error(`the log is ${log.kind}`);
  return log;
};

const PAIRS = 1200;
const PADDING = 300;

/** Updates, each acknowledged before the next, as an agent writes them. */
const pairs = (count = PAIRS): Buffer[] =>
  Array.from({ length: count }, (_, number) => [
    updateRecord(uuid(number), { timestamp: 1000 + number, padding: PADDING }),
    ackRecord(uuid(number)),
  ]).flat();

/** A log that is larger than what is in sight at once is read in another way; the answers are the same. */
const compare = (records: readonly Buffer[]): UpdateLog => {
  const bytes = Buffer.concat(records);
  expect(bytes.length).toBeGreaterThan(300_000);
  const { updateUuids, ackUuids, ...whole } = read(bytes, true);
  const brief = read(bytes, false);
  const bits = (log: Pick<UpdateLog, 'acknowledged'>): string => Buffer.from(log.acknowledged).toString('hex');
  expect(bits(brief)).toBe(bits(whole));
  const { acknowledged } = whole;
  expect({ ...brief, acknowledged }).toEqual({ ...whole, updateUuids: undefined, ackUuids: undefined });
  expect(updateUuids?.length).toBe(whole.updates * 16);
  return brief;
};

describe('a large log', () => {
  it('as an agent writes it is read without its uuids', () => {
    const log = compare(pairs());
    expect(log).toMatchObject({ updates: PAIRS, records: 2 * PAIRS, ending: { kind: 'clean' } });
    expect(log.acknowledged.every((byte) => byte === 0xff)).toBe(true);
  });

  it('may end with updates that wait', () => {
    const last = [5000, 5001, 5002].map((number) => updateRecord(uuid(number), { timestamp: 9000, padding: PADDING }));
    expect(compare([...pairs(), ...last]).updates).toBe(PAIRS + 3);
  });

  it('may have an update again that was acknowledged long ago', () => {
    const again = updateRecord(uuid(3), { timestamp: 9000, padding: PADDING });
    const log = compare([...pairs(), again]);
    expect((log.acknowledged[PAIRS >> 3] ?? 0) & (1 << (PAIRS & 7))).not.toBe(0);
    compare([...pairs(), again, ackRecord(uuid(3))]);
  });

  it('may have an acknowledgement of what comes later, of nothing, or twice', () => {
    compare([ackRecord(uuid(700)), ...pairs()]);
    compare([...pairs(), ackRecord(uuid(9999))]);
    compare([...pairs(), ackRecord(uuid(7))]);
  });

  it(randomly('is the same in either way, whatever is wrong with it', 60), () => {
    const at = fc.nat(2 * PAIRS);
    const record = fc.oneof(
      fc.nat(2 * PAIRS).map((number) => ackRecord(uuid(number))),
      fc.nat(2 * PAIRS).map((number) => updateRecord(uuid(number), { timestamp: number, padding: PADDING })),
      fc.constant(updateRecord(Buffer.alloc(15), { padding: PADDING })),
      fc.constant(updateRecord(Buffer.alloc(16), { padding: PADDING })),
      fc.constantFrom(0, 1, 2, 6).map((state) => updateRecord(uuid(4000 + state), { state, padding: PADDING })),
    );
    const flip = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });
    check(
      60,
      fc.property(
        fc.array(fc.tuple(at, record), { maxLength: 4 }),
        fc.array(fc.tuple(at, fc.nat(2 * PAIRS)), { maxLength: 2 }),
        fc.array(flip, { maxLength: 2 }),
        (added, swapped, flips) => {
          const records = pairs();
          for (const [place, each] of added) records.splice(place, 0, each);
          for (const [a, b] of swapped) {
            const [first, second] = [records[a], records[b]];
            if (first === undefined || second === undefined) continue;
            records[a] = second;
            records[b] = first;
          }
          const bytes = Buffer.concat(records);
          for (const { at: place, mask } of flips) {
            const changed = place % bytes.length;
            bytes[changed] = (bytes[changed] ?? 0) ^ mask;
          }
          compare([bytes]);
        },
      ),
    );
  });
});
