import { describe, expect, it } from 'vitest';
import type { MessageType } from '../../src/format/message-type.ts';
import { MOST_VALUES, parse, TooManyValues, valuesOfLast, WireFailure } from '../../src/format/parse.ts';
import { type Selection, shapeOf } from '../../src/format/shape.ts';
import { bytes, double, enumeration, field, group, int, nest, sub, tag, type, varint, WIRE } from '../support/wire.ts';

const colour = enumeration('Colour', 'RED', 'GREEN');
const point = type('Point', [
  field(1, 'x', 'int32', { label: 'required' }),
  field(2, 'y', 'int32', { label: 'required' }),
  field(3, 'marks', 'int32', { label: 'repeated' }),
]);
const entry = (value: 'string' | MessageType): MessageType =>
  type('Entry', [
    field(1, 'key', 'string'),
    value === 'string' ? field(2, 'value', 'string') : field(2, 'value', 'message', { message: value }),
  ]);
const all = type('All', [
  field(1, 'text', 'string'),
  field(2, 'raw', 'bytes'),
  field(3, 'number', 'int32'),
  field(4, 'unsigned', 'uint32'),
  field(5, 'long', 'int64'),
  field(6, 'unsigned_long', 'uint64'),
  field(7, 'real', 'double'),
  field(8, 'flag', 'bool'),
  field(9, 'colour', 'enum', { enum: colour }),
  field(10, 'point', 'message', { message: point }),
  field(11, 'points', 'message', { message: point, label: 'repeated' }),
  field(12, 'numbers', 'int32', { label: 'repeated' }),
  field(13, 'colours', 'enum', { enum: colour, label: 'repeated' }),
  field(14, 'reals', 'double', { label: 'repeated' }),
  field(15, 'texts', 'string', { label: 'repeated' }),
  field(16, 'labels', 'message', { message: entry('string'), label: 'repeated', isMap: true }),
  field(17, 'places', 'message', { message: entry(point), label: 'repeated', isMap: true }),
  field(18, 'one_text', 'string', { oneof: 'one' }),
  field(19, 'one_point', 'message', { message: point, oneof: 'one' }),
]);
const EMPTY = { points: [], numbers: [], colours: [], reals: [], texts: [], labels: new Map(), places: new Map() };

const read = (of: MessageType, fields: readonly Buffer[], selection: Selection = true) =>
  parse(shapeOf(of, selection), Buffer.concat(fields));

/** What is kept of a message, beside what is always there. */
const kept = (...fields: readonly Buffer[]): Record<string, unknown> => {
  const message = read(all, fields);
  if (message instanceof WireFailure) throw new Error(message.reason);
  return Object.fromEntries(
    Object.entries(message).filter(([, value]) => {
      if (Array.isArray(value)) return value.length > 0;
      return !(value instanceof Map && value.size === 0);
    }),
  );
};

/** Why bytes are no message, whether all or nothing is kept of them. */
const failure = (of: MessageType, ...fields: readonly Buffer[]): WireFailure => {
  const [whole, checked] = [read(of, fields), read(of, fields, {})];
  if (!(whole instanceof WireFailure && checked instanceof WireFailure)) throw new Error('it parses');
  expect(checked).toEqual(whole);
  return whole;
};

const parses = (of: MessageType, ...fields: readonly Buffer[]): boolean => {
  const [whole, checked] = [read(of, fields), read(of, fields, {})];
  expect(checked instanceof WireFailure).toBe(whole instanceof WireFailure);
  return !(whole instanceof WireFailure);
};

const xy = (x: number, y: number): readonly Buffer[] => [int(1, x), int(2, y)];

describe('values', () => {
  it('of nothing', () => {
    expect(read(all, [])).toEqual(EMPTY);
  });

  it.each<[string, Buffer, unknown]>([
    ['text', bytes(1, Buffer.from('grün')), 'grün'],
    ['text', bytes(1, Buffer.of(0x61, 0xff)), 'a\udcff'],
    ['text', bytes(1, ''), ''],
    ['raw', bytes(2, Buffer.of(0, 255)), Buffer.of(0, 255)],
    ['number', int(3, 2147483647), 2147483647],
    ['number', int(3, -1), -1],
    ['number', int(3, 0xffffffff), -1],
    ['number', int(3, 2n ** 32n + 5n), 5],
    ['unsigned', int(4, 0xffffffff), 4294967295],
    ['unsigned', int(4, 2n ** 40n + 1n), 1],
    ['long', int(5, -(2n ** 63n)), -(2n ** 63n)],
    ['long', int(5, 2n ** 63n - 1n), 2n ** 63n - 1n],
    ['unsigned_long', int(6, 2n ** 64n - 1n), 2n ** 64n - 1n],
    ['unsigned_long', int(6, 2n ** 53n + 1n), 2n ** 53n + 1n],
    ['real', double(7, -0.1), -0.1],
    ['real', double(7, Number.NaN), Number.NaN],
    ['real', double(7, -0), -0],
    ['flag', int(8, 1), true],
    ['flag', int(8, 0), false],
    ['flag', int(8, 2n ** 40n), true],
    ['colour', int(9, 1), 'GREEN'],
    ['colour', int(9, 2n ** 32n + 1n), 'GREEN'],
  ])('%s', (name, wire, value) => {
    expect(kept(wire)).toEqual({ [name]: value });
  });

  it('of bytes are a copy', () => {
    const wire = bytes(2, Buffer.of(1, 2));
    const message = parse(shapeOf(all, true), wire) as { raw: Buffer };
    wire.fill(9);
    expect([...message.raw]).toEqual([1, 2]);
  });

  it('are read from a part of a buffer', () => {
    const wire = Buffer.concat([Buffer.of(0xff), int(3, 5), Buffer.of(0xff)]);
    expect(parse(shapeOf(all, { number: true }), wire, 1, 3)).toEqual({ number: 5 });
  });
});

describe('what occurs several times', () => {
  it('is its last value', () => {
    expect(kept(int(3, 1), bytes(1, 'a'), int(3, 2), bytes(1, 'b'))).toEqual({ number: 2, text: 'b' });
  });

  it('is a list where it is repeated', () => {
    expect(kept(bytes(15, 'a'), int(3, 1), bytes(15, 'b'))).toEqual({ number: 1, texts: ['a', 'b'] });
  });

  it('merges where it is a message', () => {
    const first = sub(10, ...xy(1, 2), int(3, 7));
    expect(kept(first, int(3, 1), sub(10, int(1, 5), int(3, 8)))).toEqual({
      number: 1,
      point: { x: 5, y: 2, marks: [7, 8] },
    });
  });

  it('may have its required fields in different occurrences', () => {
    const halves = [sub(10, int(1, 1)), sub(10, int(2, 2))];
    expect(kept(...halves)).toEqual({ point: { x: 1, y: 2, marks: [] } });
    expect(parses(all, ...halves)).toBe(true);
    expect(read(all, halves, { point: { x: true } })).toEqual({ point: { x: 1 } });
    expect(read(all, halves, { text: true })).toEqual({});
  });

  it('needs them each time where it is repeated', () => {
    expect(failure(all, sub(11, ...xy(1, 2)), sub(11, int(1, 1)), sub(11, int(2, 2)))).toMatchObject({
      reason: 'required field points.y is missing',
      field: 'points',
    });
  });
});

describe('required fields', () => {
  it('at the top', () => {
    expect(failure(point, int(1, 1))).toEqual(new WireFailure('required field y is missing', 0, ''));
    expect(failure(point)).toEqual(new WireFailure('required field x is missing', 0, ''));
  });

  it('are not needed of what is not there', () => {
    expect(parses(all)).toBe(true);
  });

  it('of another wire type are missing', () => {
    expect(failure(point, int(1, 1), bytes(2, 'abc')).reason).toBe('required field y is missing');
  });

  it('are missing where their enum number is not known', () => {
    const need = type('Need', [field(1, 'colour', 'enum', { enum: colour, label: 'required' })]);
    expect(parses(need, int(1, 1))).toBe(true);
    expect(failure(need, int(1, 2)).reason).toBe('required field colour is missing');
    expect(parses(need, int(1, 2), int(1, 0))).toBe(true);
  });
});

describe('what is not known', () => {
  it.each<[string, Buffer]>([
    ['a varint', int(99, 5)],
    ['eight bytes', double(99, 1)],
    ['four bytes', Buffer.concat([tag(99, WIRE.fixed32), Buffer.alloc(4)])],
    ['bytes', bytes(99, 'abc')],
    ['a group', group(99, int(1, 1), bytes(2, 'x'))],
    ['groups in groups', group(99, group(99, group(1, int(99, 1))), int(2, 2))],
    ['an empty group', group(99)],
    ['a known field as a varint', int(1, 5)],
    ['a known field as eight bytes', double(1, 5)],
    ['a known number as bytes', bytes(3, 'abc')],
    ['a known message as a varint', int(10, 5)],
    ['a known field as a group', group(3, int(1, 1))],
    ['a known double as four bytes', Buffer.concat([tag(7, WIRE.fixed32), Buffer.alloc(4)])],
    ['the largest field number', int(2 ** 29 - 1, 1)],
    ['an enum number', int(9, 2)],
    ['a negative enum number', int(9, -1)],
  ])('%s is passed over', (_what, wire) => {
    expect(kept(int(3, 1), wire, bytes(15, 'a'))).toEqual({ number: 1, texts: ['a'] });
  });
});

describe('repeated scalars', () => {
  it('are read packed, unpacked and mixed', () => {
    const packed = bytes(12, Buffer.concat([varint(1), varint(300), varint(-1)]));
    expect(kept(int(12, 7), packed, int(12, 8))).toEqual({ numbers: [7, 1, 300, -1, 8] });
  });

  it('are read packed, of any kind', () => {
    const reals = Buffer.concat([double(1, 0.5).subarray(1), double(1, -2).subarray(1)]);
    expect(kept(bytes(14, reals))).toEqual({ reals: [0.5, -2] });
    expect(kept(bytes(13, Buffer.of(1, 7, 0)))).toEqual({ colours: ['GREEN', 'RED'] });
    expect(kept(bytes(12, ''))).toEqual({});
  });

  it('fail where the last value is torn', () => {
    expect(failure(all, bytes(12, Buffer.of(1, 0x80)))).toMatchObject({ offset: 3, field: 'numbers' });
    expect(failure(all, bytes(14, Buffer.alloc(9)))).toMatchObject({ offset: 10, field: 'reals' });
  });
});

describe('values that are many', () => {
  const read = (...fields: readonly Buffer[]): unknown => parse(shapeOf(all, true), Buffer.concat(fields));
  const points = (count: number): Buffer => Buffer.alloc(6 * count, sub(11, int(1, 1), int(2, 2)));

  it('are read up to a million, those within others counted', () => {
    const message = read(points(MOST_VALUES - 2), sub(10, int(1, 1), int(2, 2)), bytes(15, 'a'));
    expect((message as { points: unknown[] }).points).toHaveLength(MOST_VALUES - 2);
    expect(valuesOfLast()).toBe(MOST_VALUES);
    expect(() => read(points(MOST_VALUES - 1), sub(10, int(1, 1), int(2, 2)), bytes(15, 'a'))).toThrow(TooManyValues);
  });

  it('are as many as there are where none is kept', () => {
    expect(parse(shapeOf(all, {}), points(MOST_VALUES + 1))).toEqual({});
  });

  it('are counted where it has to be seen what they lack', () => {
    expect(() => parse(shapeOf(all, {}), Buffer.alloc(2 * MOST_VALUES + 2, bytes(11, '')))).toThrow(TooManyValues);
  });

  it('are those of one message, read after another', () => {
    for (let i = 0; i < 3; i++) expect(read(points(MOST_VALUES))).not.toBeInstanceOf(WireFailure);
  });
});

describe('nesting', () => {
  const nested = (depth: number, innermost: Buffer, wrap: (inner: Buffer) => Buffer): Buffer => {
    let out = innermost;
    for (let i = 0; i < depth; i++) out = wrap(out);
    return out;
  };

  it('of messages is read to a depth of 100', () => {
    expect(
      parses(
        nest(),
        nested(100, Buffer.alloc(0), (inner) => sub(1, inner)),
      ),
    ).toBe(true);
    expect(
      failure(
        nest(),
        nested(101, Buffer.alloc(0), (inner) => sub(1, inner)),
      ),
    ).toMatchObject({
      reason: 'messages are nested more than 100 deep',
      field: Array.from({ length: 101 }, () => 'inner').join('.'),
    });
  });

  it('of groups is read to a depth of 100', () => {
    expect(
      parses(
        nest(),
        nested(100, Buffer.alloc(0), (inner) => group(2, inner)),
      ),
    ).toBe(true);
    expect(
      failure(
        nest(),
        nested(101, Buffer.alloc(0), (inner) => group(2, inner)),
      ),
    ).toMatchObject({
      reason: 'groups are nested more than 100 deep',
      offset: 100,
      field: '',
    });
  });

  it('counts messages and groups together', () => {
    const groups = (depth: number): Buffer => nested(depth, Buffer.alloc(0), (inner) => group(2, inner));
    expect(
      parses(
        nest(),
        nested(60, groups(40), (inner) => sub(1, inner)),
      ),
    ).toBe(true);
    expect(
      parses(
        nest(),
        nested(60, groups(41), (inner) => sub(1, inner)),
      ),
    ).toBe(false);
  });

  it('counts depth, not number', () => {
    const many = Array.from({ length: 200 }, () => Buffer.concat([sub(1, sub(1)), group(2, group(2))]));
    expect(parses(nest(), ...many)).toBe(true);
  });

  it('is forgotten after a failure', () => {
    expect(
      parses(
        nest(),
        nested(101, Buffer.alloc(0), (inner) => sub(1, inner)),
      ),
    ).toBe(false);
    expect(
      parses(
        nest(),
        nested(100, Buffer.alloc(0), (inner) => sub(1, inner)),
      ),
    ).toBe(true);
  });
});

describe('malformed bytes', () => {
  it.each<[string, readonly Buffer[], Partial<WireFailure>]>([
    ['field number 0', [int(3, 1), int(0, 1)], { reason: 'field number 0', offset: 2 }],
    ['a zero', [Buffer.of(0)], { reason: 'field number 0', offset: 0 }],
    ['field number 0 in a group', [group(99, int(0, 1))], { reason: 'field number 0', offset: 2 }],
    ['wire type 6', [int(3, 1), tag(99, 6)], { reason: 'wire type 6', offset: 2 }],
    ['wire type 7', [tag(3, 7)], { reason: 'wire type 7', offset: 0 }],
    ['wire type 6 in a group', [group(99, tag(98, 6))], { reason: 'wire type 6', offset: 2 }],
    ['a group that ends', [tag(3, WIRE.endGroup)], { reason: 'a group ends that did not begin', offset: 0 }],
    [
      'a group that ends as another',
      [tag(98, WIRE.startGroup), tag(99, WIRE.endGroup)],
      { reason: 'a group ends that did not begin', offset: 2 },
    ],
    [
      'a group without end',
      [int(3, 1), tag(99, WIRE.startGroup), int(1, 1)],
      { reason: 'a group does not end', offset: 2 },
    ],
    ['a tag cut short', [int(3, 1), Buffer.of(0x80)], { reason: 'a number ends in its middle', offset: 2 }],
    [
      'a tag without value',
      [tag(3, WIRE.varint)],
      { reason: 'a number ends in its middle', offset: 1, field: 'number' },
    ],
    ['a varint cut short', [tag(3, 0), Buffer.of(0x80, 0x80)], { offset: 1, field: 'number' }],
    [
      'a varint of eleven bytes',
      [tag(3, 0), Buffer.alloc(10, 0x80), Buffer.of(1)],
      { reason: 'a number is longer than ten bytes', offset: 1, field: 'number' },
    ],
    ['a tag of eleven bytes', [Buffer.alloc(10, 0x98), Buffer.of(0)], { reason: 'a number is longer than ten bytes' }],
    ['a double cut short', [tag(7, 1), Buffer.alloc(7)], { reason: 'a number ends in its middle', field: 'real' }],
    ['four bytes cut short', [tag(99, 5), Buffer.alloc(3)], { reason: '4 bytes are expected, 3 are present' }],
    ['eight bytes cut short', [tag(99, 1), Buffer.alloc(7)], { reason: '8 bytes are expected, 7 are present' }],
    [
      'text cut short',
      [bytes(1, 'abc', 4)],
      { reason: '4 bytes are expected, 3 are present', offset: 0, field: 'text' },
    ],
    ['bytes cut short', [bytes(2, 'abc', 300)], { reason: '300 bytes are expected, 3 are present', field: 'raw' }],
    ['unknown bytes cut short', [bytes(99, 'abc', 4)], { reason: '4 bytes are expected, 3 are present', field: '' }],
    ['text of 2 GiB', [bytes(1, 'abc', 2 ** 31)], { reason: '2147483648 bytes are expected, 3 are present' }],
    [
      'a message of 2 GiB',
      [bytes(10, Buffer.concat(xy(1, 2)), 2 ** 31)],
      { reason: 'a message has a length of 2 GiB or more', offset: 1, field: 'point' },
    ],
    [
      'a message whose length is above 32 bits',
      [bytes(10, Buffer.concat(xy(1, 2)), 2n ** 32n + 4n)],
      { reason: 'a message has a length of 2 GiB or more', offset: 1, field: 'point' },
    ],
    [
      'a list of numbers of 2 GiB',
      [bytes(12, Buffer.of(1, 2), 2 ** 31)],
      { reason: 'a list has a length of 2 GiB or more', offset: 1, field: 'numbers' },
    ],
    [
      'a list of doubles whose length is above 32 bits',
      [bytes(14, Buffer.alloc(8), 2n ** 32n + 8n)],
      { reason: 'a list has a length of 2 GiB or more', offset: 1, field: 'reals' },
    ],
    ['text in a message that ends earlier', [sub(10, ...xy(1, 2), bytes(9, 'ab', 3)), int(3, 1)], { field: 'point' }],
  ])('%s', (_what, fields, expected) => {
    expect(failure(all, ...fields)).toMatchObject(expected);
  });

  it('names the fields that lead to it', () => {
    const deep = type('Deep', [field(1, 'all', 'message', { message: all, label: 'repeated' })]);
    const start = sub(1, sub(11, ...xy(1, 2)));
    const wrong = sub(1, sub(11, int(1, 1), tag(2, 0), Buffer.of(0xff)));
    const { offset, field: path } = failure(deep, start, wrong);
    expect(path).toBe('all.points.y');
    expect(offset).toBe(start.length + wrong.length - 1);
  });

  it('is found in what is not kept', () => {
    const wrong = [sub(10, ...xy(1, 2), tag(3, 6)), int(3, 1)];
    expect(read(all, wrong, { number: true })).toMatchObject({ reason: 'wire type 6', field: 'point' });
  });
});

describe('what protobuf 3.5.0 takes and its successors do not', () => {
  it('a varint of ten bytes whose last one is too large', () => {
    const wire = Buffer.concat([tag(6, 0), Buffer.alloc(9, 0xff), Buffer.of(0x7f)]);
    expect(kept(wire)).toEqual({ unsigned_long: 2n ** 64n - 1n });
  });

  it.each([1, 2, 5, 6, 7, 8, 9, 10])('a tag of %i bytes', (size) => {
    const wire = Buffer.concat([tag(3, 0, size), varint(5)]);
    expect(wire.length).toBe(size + 1);
    expect(kept(wire)).toEqual({ number: 5 });
    expect(kept(group(99, wire), int(4, 1))).toEqual({ unsigned: 1 });
  });

  it('a tag above 32 bits', () => {
    expect(kept(varint((7n << 32n) | BigInt(3 << 3)), varint(5))).toEqual({ number: 5 });
  });

  it('a length above 32 bits, of a text and of what is not known', () => {
    expect(kept(bytes(1, 'abc', 2n ** 32n + 3n), int(3, 1))).toEqual({ text: 'abc', number: 1 });
    expect(kept(bytes(2, 'abc', 2n ** 63n + 3n), int(3, 1))).toEqual({ raw: Buffer.from('abc'), number: 1 });
    expect(kept(bytes(99, 'abc', 2n ** 32n + 3n), int(3, 1))).toEqual({ number: 1 });
  });

  it('a length above 32 bits, of a list of enums', () => {
    expect(kept(bytes(13, Buffer.of(1, 0), 2n ** 32n + 2n), int(3, 1))).toEqual({
      colours: ['GREEN', 'RED'],
      number: 1,
    });
  });

  it('a list of enums of 2 GiB, which its parent ends, or nothing', () => {
    const deep = type('Deep', [field(1, 'all', 'message', { message: all })]);
    const selection: Selection = { all: { colours: true, number: true } };
    expect(kept(bytes(13, int(3, 5), 2 ** 31))).toEqual({ number: 5 });
    expect(read(deep, [sub(1, bytes(13, Buffer.of(1, 0), 2 ** 31))], selection)).toEqual({
      all: { colours: ['GREEN', 'RED'] },
    });
  });

  it('a sub-message that reaches past the end, where its last field is whole', () => {
    expect(kept(bytes(10, Buffer.concat(xy(1, 2)), 100))).toEqual({ point: { x: 1, y: 2, marks: [] } });
    expect(parses(all, bytes(10, Buffer.concat([...xy(1, 2), tag(3, 0)]), 100))).toBe(false);
    expect(parses(all, bytes(10, '', 100))).toBe(false);
    expect(parses(nest(), bytes(1, '', 100))).toBe(true);
  });

  it('a sub-message that reaches past its parent, which ends it', () => {
    const inner = bytes(1, Buffer.concat([int(2, 5)]), 50);
    const mark = nest([field(2, 'mark', 'int32')]);
    expect(read(mark, [sub(1, inner), int(2, 9)])).toEqual({ inner: { inner: { mark: 5 } }, mark: 9 });
  });

  it('text that is not UTF-8', () => {
    expect(kept(bytes(1, Buffer.of(0xc3)), bytes(15, Buffer.of(0xff)))).toEqual({ text: '\udcc3', texts: ['\udcff'] });
  });
});

describe('maps', () => {
  const label = (...fields: readonly Buffer[]): Buffer => sub(16, ...fields);
  const place = (...fields: readonly Buffer[]): Buffer => sub(17, ...fields);

  it('keep the last value of a key', () => {
    const labels = kept(label(bytes(1, 'a'), bytes(2, '1')), label(bytes(1, 'b')), label(bytes(2, '2'), bytes(1, 'a')));
    expect(labels).toEqual({
      labels: new Map([
        ['a', '2'],
        ['b', ''],
      ]),
    });
  });

  it('have defaults for what an entry lacks, and pass over what it has besides', () => {
    expect(kept(label(), label(int(9, 1), bytes(2, 'v')))).toEqual({ labels: new Map([['', 'v']]) });
  });

  it('take a key that objects have', () => {
    expect(kept(label(bytes(1, '__proto__'), bytes(2, 'v')))).toEqual({ labels: new Map([['__proto__', 'v']]) });
  });

  it('need the required fields of their values', () => {
    expect(kept(place(bytes(1, 'a'), sub(2, ...xy(1, 2))))).toEqual({
      places: new Map([['a', { x: 1, y: 2, marks: [] }]]),
    });
    expect(failure(all, place(bytes(1, 'a'), sub(2, int(1, 1)))).reason).toBe('required field places.y is missing');
    expect(failure(all, place(bytes(1, 'a'))).reason).toBe('required field places.x is missing');
    expect(parses(all, place(sub(2, int(1, 1)), sub(2, int(2, 1))))).toBe(true);
  });

  it('are checked where they are not kept', () => {
    expect(read(all, [place(bytes(1, 'a'))], { text: true })).toBeInstanceOf(WireFailure);
    expect(read(all, [place(bytes(1, 'a'), sub(2, ...xy(1, 2)))], { text: true })).toEqual({});
  });
});

describe('oneofs', () => {
  it('keep the last member', () => {
    expect(kept(bytes(18, 'a'), sub(19, ...xy(1, 2)))).toEqual({ one_point: { x: 1, y: 2, marks: [] } });
    expect(kept(sub(19, ...xy(1, 2)), bytes(18, 'a'))).toEqual({ one_text: 'a' });
  });

  it('merge the same member, but not across another', () => {
    expect(kept(sub(19, ...xy(1, 2)), sub(19, int(1, 5)))).toEqual({ one_point: { x: 5, y: 2, marks: [] } });
    const apart = [sub(19, ...xy(1, 2)), bytes(18, 'a'), sub(19, int(1, 5))];
    expect(failure(all, ...apart).reason).toBe('required field one_point.y is missing');
  });

  it('do not need the required fields of a member that another has replaced', () => {
    expect(kept(sub(19, int(1, 5)), bytes(18, 'a'))).toEqual({ one_text: 'a' });
  });
});

describe('proto3', () => {
  const three = type(
    'Three',
    [
      field(1, 'text', 'string'),
      field(2, 'colour', 'enum', { enum: colour }),
      field(3, 'numbers', 'int32', { label: 'repeated' }),
      field(4, 'raw', 'bytes'),
    ],
    'proto3',
  );

  it('refuses text that is not UTF-8', () => {
    expect(failure(three, bytes(1, Buffer.of(0x61, 0xff)))).toEqual(
      new WireFailure('the text is not UTF-8', 2, 'text'),
    );
    expect(parses(three, bytes(1, 'é'), bytes(4, Buffer.of(0xff)))).toBe(true);
  });

  it('keeps enum numbers that it does not know', () => {
    expect(read(three, [int(2, 1)], { colour: true })).toEqual({ colour: 'GREEN' });
    expect(read(three, [int(2, 77)], { colour: true })).toEqual({ colour: '77' });
    expect(read(three, [int(2, -1)], { colour: true })).toEqual({ colour: '-1' });
  });

  it('reads lists in either form', () => {
    expect(read(three, [bytes(3, Buffer.of(1, 2)), int(3, 3)], { numbers: true })).toEqual({ numbers: [1, 2, 3] });
  });
});

describe('selections', () => {
  const wire = [
    bytes(1, 'a'),
    sub(10, ...xy(1, 2)),
    sub(11, ...xy(3, 4), int(3, 9)),
    int(12, 1),
    sub(16, bytes(1, 'k')),
  ];

  it.each<[string, Selection, object]>([
    ['nothing', {}, {}],
    ['presence of a message', { point: {} }, { point: {} }],
    ['presence of what is not there', { one_point: {} }, {}],
    ['how many there are', { points: {} }, { points: [{}] }],
    ['a field of a message', { points: { y: true } }, { points: [{ y: 4 }] }],
    ['a message', { points: true }, { points: [{ x: 3, y: 4, marks: [9] }] }],
    [
      'lists and maps',
      { numbers: true, labels: true, texts: true },
      { numbers: [1], labels: new Map([['k', '']]), texts: [] },
    ],
  ])('%s', (_what, selection, expected) => {
    expect(read(all, wire, selection)).toEqual(expected);
  });

  it('of a field that is not there are a mistake', () => {
    expect(() => shapeOf(all, { colour: true, shade: true })).toThrow(new TypeError('All has no field shade'));
    expect(() => read(all, wire, { points: { z: true } })).toThrow(new TypeError('Point has no field z'));
  });
});
