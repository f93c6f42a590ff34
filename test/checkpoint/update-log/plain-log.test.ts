import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_UPDATES, PlainLog } from '../../../src/checkpoint/update-log/plain-log.ts';
import { LENGTH_SIZE } from '../../../src/format/frames.ts';
import { logSource, PLACE, readLog } from '../../support/logs.ts';
import { check, randomly } from '../../support/random.ts';
import { ackRecord, record, updateRecord, uuid } from '../../support/wire.ts';

const log = new PlainLog();
const isPlain = (bytes: Buffer): boolean => log.read(bytes, bytes.length, PLACE);

/** What a plain log says, in the words of the reader of any log. */
const expectSame = (bytes: Buffer): void => {
  const { log: read } = readLog(logSource(bytes));
  const bits = Array.from({ length: read.updates }, (_, at) => ((read.acknowledged[at >> 3] ?? 0) >> (at & 7)) & 1);
  expect(bits).toEqual(bits.map((_, at) => (at < log.acknowledged ? 1 : 0)));
  expect(log.updates).toBe(read.updates);
  expect([...log.states.subarray(0, log.updates)]).toEqual([...read.states]);
  const { kind, size, end, ending, zeros, records, lost, updates } = read;
  const { badUpdate, badAcknowledgement, outOfOrder, foreignIds, otherTasks, otherUuids, invalidUuids } = read;
  const odd = { badUpdate, badAcknowledgement, outOfOrder, foreignIds };
  expect({ ...odd, otherTasks, otherUuids, invalidUuids }).toEqual({});
  if (ending.kind === 'clean') expect([log.odd, zeros, updates > 0]).toEqual([undefined, false, true]);
  else expect(log.odd).toStrictEqual({ kind, size, end, ending, zeros, records, lost, updates, ...odd });
};

const numbered = (count: number, of: (id: number) => readonly Buffer[]): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, id) => of(id)).flat());

const one = updateRecord(uuid(1));

describe('a log is plain', () => {
  it.each([
    ['that has an update', one, [1, 0]],
    ['whose update is acknowledged', Buffer.concat([one, ackRecord(uuid(1))]), [1, 1]],
    ['whose updates wait', numbered(3, (id) => [updateRecord(uuid(id))]), [3, 0]],
    ['with as many updates as there may be', numbered(MOST_UPDATES, (id) => [updateRecord(uuid(id))]), [64, 0]],
    ['that ends in a length', Buffer.concat([one, Buffer.of(7, 0)]), [1, 0]],
    ['that ends in a message', Buffer.concat([one, one.subarray(0, 20)]), [1, 0]],
    ['that has the beginning of a record alone', one.subarray(0, 20), [0, 0]],
  ])('%s', (_what, bytes, [updates, acknowledged]) => {
    expect(isPlain(bytes)).toBe(true);
    expect([log.updates, log.acknowledged]).toEqual([updates, acknowledged]);
    expectSame(bytes);
  });
});

describe('a log is not plain', () => {
  it.each([
    ['that is empty', Buffer.alloc(0)],
    ['that has zeros', Buffer.alloc(2)],
    ['with more updates', numbered(MOST_UPDATES + 1, (id) => [updateRecord(uuid(id))])],
    ['with one uuid twice', Buffer.concat([one, ackRecord(uuid(1)), one])],
    ['with an acknowledgement of nothing', Buffer.concat([one, ackRecord(uuid(1)), ackRecord(uuid(1))])],
    ['with an acknowledgement of another', Buffer.concat([one, ackRecord(uuid(2))])],
    ['with an acknowledgement out of order', numbered(2, (id) => [updateRecord(uuid(id)), ackRecord(uuid(1 - id))])],
    ['with an update of another task', updateRecord(uuid(1), { task: 'u' })],
    ['with an older update', numbered(2, (id) => [updateRecord(uuid(id), { timestamp: 1000 - id })])],
    ['with an invalid uuid', updateRecord(Buffer.alloc(16))],
    ['with a short uuid', updateRecord(Buffer.alloc(15))],
    ['with an update that says nothing', record(Buffer.of(0x08, 0x00))],
    ['with what is no message', record(Buffer.of(0xff))],
    ['with a record of no bytes', Buffer.alloc(LENGTH_SIZE)],
  ])('%s', (_what, bytes) => {
    expect(isPlain(bytes)).toBe(false);
  });
});

describe('a plain log', () => {
  it(randomly('says what the reader of any log says', 3000), () => {
    let plain = 0;
    /** Updates with numbers that grow, or one that does not; so many of them are acknowledged at once. */
    const steps = fc.array(
      fc.record({
        id: fc.oneof({ weight: 20, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(8) }),
        state: fc.constantFrom(0, 1, 2, 6, 12, 99),
        later: fc.oneof({ weight: 20, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.constant(-1) }),
        acknowledged: fc.nat(2),
      }),
      { maxLength: 12 },
    );
    const tail = fc.oneof(fc.constant(0), fc.nat(60));
    const flips = fc.oneof(
      { weight: 5, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 2 }) },
    );
    check(
      3000,
      fc.property(steps, tail, flips, (all, cut, changes) => {
        const records: Buffer[] = [];
        let [time, front] = [1000, 0];
        for (const [at, { id = at, state, later, acknowledged }] of all.entries()) {
          time += later;
          records.push(updateRecord(uuid(id), { state, timestamp: time }));
          for (let i = 0; i < acknowledged && front <= at; i++) records.push(ackRecord(uuid(front++)));
        }
        const whole = Buffer.concat(records);
        const bytes = Buffer.from(whole.subarray(0, Math.max(0, whole.length - cut)));
        for (const [at, mask] of changes as readonly (readonly [number, number])[]) {
          if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
        }
        if (!isPlain(bytes)) return;
        plain++;
        expectSame(bytes);
      }),
    );
    expect(plain).toBeGreaterThan(800);
  });
});
