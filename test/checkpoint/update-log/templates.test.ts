import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Templates, type Variable } from '../../../src/checkpoint/update-log/templates.ts';
import { check, randomly } from '../../support/random.ts';

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
