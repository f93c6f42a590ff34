import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { encodeMessage, encodeRecord } from '../../src/format/encode.ts';
import type { MessageType } from '../../src/format/message-type.ts';
import { type Message, parse, WireFailure } from '../../src/format/parse.ts';
import { type Selection, shapeOf } from '../../src/format/shape.ts';
import { type MessageTypes, messageNames, messageType } from '../../src/schema/index.ts';
import { readDefinitions } from '../schema/definitions.ts';
import { fieldsOf } from '../schema/reachable.ts';
import { type Draw, draw, ROOTS } from '../support/messages.ts';
import { check, randomly, seed } from '../support/random.ts';

const RUNS_A_ROOT = 150;
const RUNS_A_TYPE = 5;

const definitions = readDefinitions();

/** The same message as protobufjs takes it. */
const toPlain = (value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, toPlain(inner)]));
};

const encode = (type: protobuf.Type, message: Message): Buffer =>
  Buffer.from(type.encode(type.fromObject(toPlain(message) as object)).finish());

const agrees = (name: keyof MessageTypes, runs: number): void => {
  const type = messageType(name);
  const definition = definitions.lookupType(name);
  const [whole, checked] = [shapeOf(type, true), shapeOf(type, {})];
  check(
    runs,
    fc.property(fc.gen(), (g) => {
      const message = draw(g, type);
      const bytes = encode(definition, message);
      const read = parse(whole, bytes);
      // Much faster than `toEqual`, which is left to tell the difference.
      if (!isDeepStrictEqual(read, message)) expect(read).toEqual(message);
      expect(parse(checked, bytes)).toEqual({});
    }),
  );
};

describe(`reads what protobufjs has written (seed ${seed})`, () => {
  it.each(ROOTS)(`%s (${RUNS_A_ROOT} messages)`, (name) => {
    agrees(name, RUNS_A_ROOT);
  });

  it(`every other message (${RUNS_A_TYPE} of each)`, () => {
    const others = messageNames.filter((name) => !ROOTS.includes(name));
    expect(others.length).toBe(messageNames.length - ROOTS.length);
    for (const name of others) agrees(name, RUNS_A_TYPE);
  });
});

describe(`writes what protobufjs reads (seed ${seed})`, () => {
  it.each(ROOTS)(`%s (${RUNS_A_ROOT} messages)`, (name) => {
    const type = messageType(name);
    const definition = definitions.lookupType(name);
    check(
      RUNS_A_ROOT,
      fc.property(fc.gen(), (g) => {
        const message = draw(g, type);
        const written = encodeMessage(type, message);
        const read = parse(shapeOf(type, true), written);
        if (!isDeepStrictEqual(read, message)) expect(read).toEqual(message);
        expect(Buffer.from(definition.encode(definition.decode(written)).finish())).toEqual(
          encode(definition, message),
        );
      }),
    );
  });

  it('a record with its length', () => {
    const id = encodeMessage(messageType('mesos.FrameworkID'), { value: 'a-1' });
    expect(encodeRecord(id).toString('hex')).toBe('050000000a03612d31');
  });

  it.each([
    ['what is required and missing', {}, /mesos\.TaskStatus\.task_id is required/],
    [
      'a name that is none of an enum',
      { task_id: { value: 't' }, state: 'TASK_NONE' },
      /state: TASK_NONE is not a value of type/,
    ],
    [
      'a text for a number',
      { task_id: { value: 't' }, state: 'TASK_LOST', timestamp: '1' },
      /timestamp: 1 is not a value of type double/,
    ],
    [
      'a number for a text',
      { task_id: { value: 7 }, state: 'TASK_LOST' },
      /TaskID\.value: 7 is not a value of type string/,
    ],
    ['a text for a message', { task_id: 't', state: 'TASK_LOST' }, /task_id: t is not a value of type message/],
    [
      'a text for bytes',
      { task_id: { value: 't' }, state: 'TASK_LOST', data: 'x' },
      /data: x is not a value of type bytes/,
    ],
    [
      'a number for a truth',
      { task_id: { value: 't' }, state: 'TASK_LOST', healthy: 1 },
      /healthy: 1 is not a value of type bool/,
    ],
  ])('but not %s', (_what, message, complaint) => {
    expect(() => encodeMessage(messageType('mesos.TaskStatus'), message)).toThrow(complaint);
  });

  it.each([2 ** 32, -1, 1.5])('but not %s as a number of 32 bits without a sign', (value) => {
    const type = messageType('mesos.internal.slave.VolumeGidInfo');
    expect(() => encodeMessage(type, { type: 'SANDBOX_PATH', path: 'p', gid: value })).toThrow(/gid/);
  });
});

/** A random selection of a type's fields. */
const drawSelection = (g: Draw, type: MessageType, depth = 0): Selection => {
  if (depth > 3 || g(fc.nat, { max: 3 }) === 0) return true;
  return Object.fromEntries(
    fieldsOf(type)
      .filter(() => g(fc.boolean))
      .map((field) => [
        field.name,
        field.message === undefined || field.isMap ? true : drawSelection(g, field.message, depth + 1),
      ]),
  );
};

/** What a selection leaves of a whole message. */
const pick = (type: MessageType, message: Message, selection: Selection): Message =>
  selection === true
    ? message
    : Object.fromEntries(
        fieldsOf(type).flatMap((field) => {
          const wanted = selection[field.name];
          const value = message[field.name];
          if (wanted === undefined || value === undefined) return [];
          const inner = field.message;
          if (inner === undefined || field.isMap) return [[field.name, value]];
          const each = (one: unknown): Message => pick(inner, one as Message, wanted);
          return [[field.name, Array.isArray(value) ? value.map(each) : each(value)]];
        }),
      );

/** Bytes of a message, and of damage to it. */
const drawBytes = (g: Draw, name: keyof MessageTypes): Buffer => {
  const bytes = encode(definitions.lookupType(name), draw(g, messageType(name)));
  const faults = g(fc.nat, { max: 2 });
  for (let i = 0; i < faults && bytes.length > 0; i++)
    bytes[g(fc.nat, { max: bytes.length - 1 })] = g(fc.nat, { max: 255 });
  return bytes.subarray(0, g(fc.boolean) ? bytes.length : g(fc.nat, { max: bytes.length }));
};

describe('what is kept', () => {
  it(randomly('is what a whole reading has, and decides nothing', 3000), () => {
    let [read, failed] = [0, 0];
    check(
      3000,
      fc.property(fc.gen(), (g) => {
        const name = g(fc.constantFrom, ...ROOTS);
        const type = messageType(name);
        const selection = drawSelection(g, type);
        const bytes = drawBytes(g, name);
        const whole = parse(shapeOf(type, true), bytes);
        const part = parse(shapeOf(type, selection), bytes);
        if (whole instanceof WireFailure) {
          failed++;
          expect(part).toEqual(whole);
        } else {
          read++;
          expect(part).toEqual(pick(type, whole, selection));
        }
      }),
    );
    expect(read).toBeGreaterThan(300);
    expect(failed).toBeGreaterThan(300);
  });
});
