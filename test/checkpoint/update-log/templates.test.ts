import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Templates, type Variable } from '../../../src/checkpoint/update-log/templates.ts';
import { logOf, PLACE } from '../../support/logs.ts';
import { check, randomly } from '../../support/random.ts';
import { ackRecord, updateRecord, uuid } from '../../support/wire.ts';
import { plainDifferences } from './plain.ts';

const MARKS = Int32Array.of(7, 9);
const LENGTH = 40;
const VARIABLES: readonly Variable[] = [
  { start: 3, end: 11 },
  { start: 12, end: 14 },
];
const isVariable = (at: number): boolean => VARIABLES.some(({ start, end }) => at >= start && at < end);

const viewOf = (bytes: Buffer): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const learnt = (record: Buffer): Templates => {
  const templates = new Templates([true]);
  templates.learn(record, 0, record.length, MARKS, VARIABLES);
  return templates;
};

/** Bytes that make the numbers with which equality is not that of the bytes: zeros of either sign, and no numbers. */
const oddBytes = fc.constantFrom(0x00, 0x80, 0xff, 0x7f, 0xf8, 0xf0);
const record = fc.array(fc.oneof(oddBytes, fc.integer({ min: 0, max: 255 })), { minLength: LENGTH, maxLength: LENGTH });

describe('a template', () => {
  it('takes a record that differs in what may differ alone, anywhere in a buffer', () => {
    const bytes = Buffer.alloc(LENGTH, 0x41);
    const other = Buffer.concat([Buffer.alloc(5), bytes]);
    other.fill(0x99, 5 + 3, 5 + 11);
    expect(learnt(bytes).match(viewOf(other), 5, 5 + LENGTH)).toEqual(MARKS);
    expect(learnt(bytes).match(viewOf(other), 4, 5 + LENGTH)).toBeUndefined();
  });

  it('tells zeros apart by their sign', () => {
    const bytes = Buffer.alloc(LENGTH);
    for (let at = 0; at < LENGTH; at++) {
      const other = Buffer.from(bytes);
      other[at] = 0x80;
      expect(learnt(bytes).match(viewOf(other), 0, LENGTH) !== undefined, `byte ${at}`).toBe(isVariable(at));
    }
  });

  it('takes what is like any of the last records of its length, of which there are four', () => {
    const templates = new Templates([true]);
    const kinds = [1, 2, 3, 4, 5].map((kind) => Buffer.alloc(LENGTH, kind));
    const taken = (): readonly boolean[] => kinds.map((kind) => templates.match(viewOf(kind), 0, LENGTH) !== undefined);
    const learn = (kind: number) => templates.learn(kinds[kind] as Buffer, 0, LENGTH, MARKS, VARIABLES);
    for (const kind of [0, 1, 2, 3]) learn(kind);
    expect([taken(), taken()]).toEqual(Array(2).fill([true, true, true, true, false]));
    learn(4);
    expect(taken().filter((isTaken) => isTaken)).toHaveLength(4);
    expect(templates.match(viewOf(kinds[4] as Buffer), 0, LENGTH)).toEqual(MARKS);
  });

  it(randomly('takes a record just when every byte that may not differ is the same', 3000), () => {
    const change = fc.record({ at: fc.nat(LENGTH - 1), to: fc.integer({ min: 0, max: 255 }) });
    check(
      3000,
      fc.property(record, fc.array(change, { maxLength: 3 }), (bytes, changes) => {
        const known = Buffer.from(bytes);
        const other = Buffer.from(bytes);
        for (const { at, to } of changes) other[at] = to;
        const isSame = known.every((byte, at) => isVariable(at) || byte === other[at]);
        const isLike = learnt(known).match(viewOf(other), 0, LENGTH) !== undefined;
        expect(isLike).toBe(isSame);
      }),
    );
  });
});

const COUNT = 6000;

/** How many records of a log are remembered that has as many updates, or others, one behind the other. */
const remembered = (recordOf: (number: number) => Buffer): number => {
  const learn = vi.spyOn(Templates.prototype, 'learn').mockClear();
  const records = Array.from({ length: COUNT }, (_, number) => recordOf(number));
  expect(logOf(...records)).toMatchObject({ records: COUNT, ending: { kind: 'clean' } });
  const count = learn.mock.calls.length;
  expect(plainDifferences(Buffer.concat(records.slice(0, 600)), PLACE)).toEqual([]);
  return count;
};

/** An update that differs from others of its length in a text that nothing is compared with. */
const updateSaying = (number: number, text: number): Buffer => {
  const said = Buffer.from(String(text).padStart(8, '0'));
  const update = updateRecord(uuid(number), { padding: said.length });
  // Behind it are the update's timestamp and uuid.
  said.copy(update, update.length - said.length - 27);
  return update;
};

describe('what is remembered of a log, which takes as long as parsing some ten records', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is each kind of records once, where a few of one length come again and again', () => {
    const states = [0, 1, 6, 12];
    expect(remembered((number) => updateRecord(uuid(number), { state: states[number % 4] as number }))).toBe(4);
    expect(remembered((number) => (number % 2 === 0 ? updateRecord : ackRecord)(uuid(number)))).toBe(2);
  });

  it.each([
    ['every record of one length is another', (number: number) => number],
    ['more records of one length take turns than are remembered', (number: number) => number % 5],
  ])('is one record in many, where %s', (_, textOf) => {
    const learnt = remembered((number) => updateSaying(number, textOf(number)));
    expect(learnt).toBeGreaterThan(16);
    expect(learnt).toBeLessThan(16 + COUNT / 32);
  });
});
