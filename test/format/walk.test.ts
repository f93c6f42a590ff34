import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageType } from '../../src/format/message-type.ts';
import { parse, WireFailure } from '../../src/format/parse.ts';
import { shapeOf } from '../../src/format/shape.ts';
import { type WireField, walk } from '../../src/format/walk.ts';
import { messageType } from '../../src/schema/index.ts';
import { readWireCases } from '../support/cases.ts';
import { check, randomly } from '../support/random.ts';
import { ackRecord, bytes as bytesField, field, group, int, type, updateRecord, uuid } from '../support/wire.ts';

const cases = readWireCases();
const RECORD = messageType('mesos.internal.StatusUpdateRecord');
const message = (record: Buffer): Buffer => record.subarray(4);

/** The names that lead to each field of a kind that has a value of its own, and its value's bytes. */
const leaves = (fields: readonly WireField[], bytes: Buffer, above = ''): readonly (readonly [string, string])[] =>
  fields.flatMap(({ number, field, fields: inner, start, end }) => {
    const path = `${above}${field?.name ?? `#${number}`}`;
    return inner === undefined
      ? [[path, bytes.toString('hex', start, end)] as const]
      : leaves(inner, bytes, `${path}.`);
  });

/** Why `parse` refuses the bytes, but for a field that is missing; undefined where it does not. */
const refusal = (type: MessageType, bytes: Buffer): WireFailure | undefined => {
  const read = parse(shapeOf(type, {}), bytes);
  return read instanceof WireFailure && !read.reason.startsWith('required field') ? read : undefined;
};

/** The first field that does not begin where the one before it ends, or is not inside what it is a field of. */
const misplaced = (fields: readonly WireField[], start: number, end: number): WireField | undefined => {
  let at = start;
  for (const each of fields) {
    const isInOrder = each.tag === at && each.start >= each.tag && each.end >= each.start && each.end <= end;
    const inner = each.fields && misplaced(each.fields, each.start, each.end);
    if (!isInOrder || inner !== undefined) return inner ?? each;
    at = each.end;
  }
  return undefined;
};

const agrees = ({ type: name, hex }: (typeof cases)[number], bytes = Buffer.from(hex, 'hex')): void => {
  const type = messageType(name);
  const walked = walk(type, bytes);
  const failure = refusal(type, bytes);
  expect(walked.isWhole, failure?.reason).toBe(failure === undefined);
  expect(misplaced(walked.fields, 0, bytes.length)).toBeUndefined();
  if (failure === undefined) {
    expect([walked.end, walked.fields.at(-1)?.end ?? 0]).toEqual([bytes.length, bytes.length]);
  } else expect(walked.end).toBeGreaterThanOrEqual(failure.offset);
};

describe('a walk', () => {
  it('tells the names, places and numbers of the fields of a record', () => {
    const bytes = message(updateRecord(uuid(7), { timestamp: 9 }));
    const { fields, isWhole } = walk(RECORD, bytes);
    expect(isWhole).toBe(true);
    const found = new Map(leaves(fields, bytes));
    expect(found.get('update.framework_id.value')).toBe(Buffer.from('f').toString('hex'));
    expect(found.get('update.status.task_id.value')).toBe(Buffer.from('t').toString('hex'));
    expect(found.get('update.uuid')).toBe(uuid(7).toString('hex'));
    expect(fields[0]).toEqual({
      ...{ number: 1, wire: 0, field: RECORD.fields[1], tag: 0, start: 1, end: 2, value: 0n },
      ...{ fields: undefined, isPlain: true },
    });
  });

  it('counts from the start of the buffer, as does what is in a record of a log', () => {
    const bytes = Buffer.concat([updateRecord(uuid(1)), ackRecord(uuid(2))]);
    const start = updateRecord(uuid(1)).length + 4;
    const [type, id] = walk(RECORD, bytes, start).fields;
    expect([type?.tag, type?.value, id?.field?.name]).toEqual([start, 1n, 'uuid']);
    expect(bytes.subarray(id?.start, id?.end)).toEqual(uuid(2));
  });

  it.each<[string, readonly number[], boolean]>([
    ['numbers as an encoder writes them', [0x08, 0x01], true],
    ['a tag with bytes that say nothing', [0x88, 0x00, 0x01], false],
    ['a number with bytes that say nothing', [0x08, 0x81, 0x00], false],
    ['a negative number of ten bytes', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], true],
    ['one with more than 64 bits', [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x03], false],
    ['a message that says that it is longer than what is there', [0x12, 0x05], false],
  ])('knows as plain or not: %s', (_, bytes, isPlain) => {
    const { fields, isWhole } = walk(RECORD, Buffer.from(bytes));
    expect([isWhole, fields.map((each) => each.isPlain)]).toEqual([true, [isPlain]]);
  });

  it('goes through groups and fields that no message has', () => {
    const bytes = group(99, int(5, 7));
    const { fields } = walk(RECORD, bytes);
    expect(leaves(fields, bytes)).toEqual([['#99.#5', '07']]);
    expect(fields[0]).toMatchObject({ field: undefined, tag: 0, start: 2, end: bytes.length });
  });

  it('goes into lists that are packed, whose values have no tags', () => {
    const list = type('List', [field(1, 'numbers', 'int32', { label: 'repeated' })]);
    const { fields, isWhole } = walk(list, Buffer.concat([bytesField(1, Buffer.of(5, 0x80, 1)), int(1, 9)]));
    expect([isWhole, fields.map(({ start, end, value }) => [start, end, value])]).toEqual([
      true,
      [
        [2, 5, undefined],
        [6, 7, 9n],
      ],
    ]);
    expect(fields[0]?.fields?.map(({ tag, start, end, value }) => [tag, start, end, value])).toEqual([
      [2, 2, 3, 5n],
      [3, 3, 5, 128n],
    ]);
  });

  it('ends where the agent refuses the bytes, and nowhere else', () => {
    for (const each of cases) agrees(each);
  });

  it(randomly('does so of messages that were damaged', 3000), () => {
    const flip = fc.record({ at: fc.nat(), mask: fc.integer({ min: 1, max: 255 }) });
    check(
      3000,
      fc.property(fc.constantFrom(...cases), fc.array(flip, { minLength: 1, maxLength: 4 }), (each, flips) => {
        const bytes = Buffer.from(each.hex, 'hex');
        for (const { at, mask } of flips) {
          if (bytes.length > 0) bytes[at % bytes.length] = (bytes[at % bytes.length] as number) ^ mask;
        }
        agrees(each, bytes);
      }),
    );
  });
});
