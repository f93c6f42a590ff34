import { describe, expect, it } from 'vitest';
import { PlainMessage } from '../../src/format/plain-message.ts';
import { DEMANDED } from '../../src/format/shape.ts';
import { bytes, enumeration, field, int, sub, type } from '../support/wire.ts';

const part = type('Part', [
  field(1, 'name', 'string', { label: 'required' }),
  field(2, 'owner', 'string'),
  field(3, 'extra', 'message', { message: type('Extra', []) }),
]);
const whole = type('Whole', [
  field(1, 'id', 'string', { label: 'required' }),
  field(2, 'parts', 'message', { message: part, label: 'repeated' }),
  field(3, 'colour', 'enum', { enum: enumeration('Colour', 'RED', 'GREEN') }),
  field(4, 'note', 'string'),
]);

const ID = 0;
const COLOUR = 1;
const NOTE = 2;
const EXTRA = 3;
const message = new PlainMessage(whole, {
  id: ID,
  colour: COLOUR,
  note: NOTE,
  parts: { owner: DEMANDED, extra: EXTRA },
});

/** Reads fields that have other bytes before them and behind. */
const read = (...fields: readonly Buffer[]): boolean => {
  const content = Buffer.concat(fields);
  return message.read(Buffer.concat([Buffer.of(0xff), content, Buffer.of(0xff)]), 1, 1 + content.length);
};

const id = bytes(1, 'a');
const name = bytes(1, 'n');
const owner = bytes(2, 'o');

describe('a message', () => {
  it('is plain where everything is there, and says what is asked', () => {
    expect(read(id, sub(2, name, owner), int(3, 1), bytes(4, 'täx'))).toBe(true);
    expect([message.text(ID), message.number(COLOUR), message.text(NOTE)]).toEqual(['a', 1, 'täx']);
    expect([message.isText(ID, 'a'), message.isText(ID, 'b'), message.isText(NOTE, 'täx')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(message.has(EXTRA)).toBe(false);
  });

  it('says of what it does not have that it is not there', () => {
    expect(read(id)).toBe(true);
    expect([COLOUR, NOTE, EXTRA].map((mark) => message.has(mark))).toEqual([false, false, false]);
    expect([message.number(COLOUR), message.text(NOTE), message.isText(NOTE, '')]).toEqual([
      undefined,
      undefined,
      false,
    ]);
  });

  it('has an enum only where the schema knows its number', () => {
    expect(read(id, int(3, 0))).toBe(true);
    expect(message.number(COLOUR)).toBe(0);
    expect(read(id, int(3, 9))).toBe(true);
    expect(message.number(COLOUR)).toBeUndefined();
  });

  it('tells that a message is there, even an empty one, in whichever of several', () => {
    expect(read(id, sub(2, name, owner, sub(3)), sub(2, name, owner))).toBe(true);
    expect(message.has(EXTRA)).toBe(true);
  });

  it('says the last of what comes twice', () => {
    expect(read(id, bytes(1, 'b'))).toBe(true);
    expect(message.text(ID)).toBe('b');
  });

  it.each([
    ['a required field is missing', [sub(2, name, owner)]],
    ['one is missing in a part', [id, sub(2, owner)]],
    ['a demanded field is missing', [id, sub(2, name)]],
    ['it is missing in one part, and another has it twice', [id, sub(2, name), sub(2, name, owner, owner)]],
    ['it is no message', [id, Buffer.of(0x0a, 9)]],
  ])('is not plain where %s', (_what, fields) => {
    expect(read(...fields)).toBe(false);
  });
});
