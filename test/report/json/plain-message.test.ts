import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMessage } from '../../../src/format/encode.ts';
import { parse, WireFailure } from '../../../src/format/parse.ts';
import { shapeOf } from '../../../src/format/shape.ts';
import { JsonBytes } from '../../../src/report/json/json-bytes.ts';
import { messageJson } from '../../../src/report/json/message.ts';
import { PlainMessageJson } from '../../../src/report/json/plain-message.ts';
import { type MessageTypes, messageNames, messageType } from '../../../src/schema/index.ts';
import { plainJsonLine } from '../../../src/text/escape.ts';
import { type Draw, draw, ROOTS } from '../../support/messages.ts';
import { check, randomly } from '../../support/random.ts';
import * as wire from '../../support/wire.ts';

/** What is written of bytes, with others before them and behind; undefined where they are not plain. */
const written = (name: keyof MessageTypes, bytes: Buffer, showSecrets = false): string | undefined => {
  const json = new JsonBytes();
  json.ascii('before');
  const around = Buffer.concat([Buffer.of(0xff), bytes, Buffer.of(0xff)]);
  const isPlain = new PlainMessageJson(messageType(name), showSecrets, json).write(around, 1, 1 + bytes.length);
  return isPlain ? json.text().slice('before'.length) : undefined;
};

/** What is made of them by parsing; undefined where they are no message. */
const parsed = (name: keyof MessageTypes, bytes: Buffer, showSecrets = false): string | undefined => {
  const message = parse(shapeOf(messageType(name), true), bytes);
  return message instanceof WireFailure
    ? undefined
    : plainJsonLine(messageJson(messageType(name), message, showSecrets));
};

/** Bytes with something wrong in them, most likely. */
const spoil = (g: Draw, bytes: Buffer): Buffer => {
  const at = g(fc.nat, { max: Math.max(0, bytes.length - 1) });
  const to = g(fc.nat, { max: bytes.length });
  switch (g(fc.nat, { max: 3 })) {
    case 0: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0) changed[at] = g(fc.nat, { max: 255 });
      return changed;
    }
    case 1:
      return bytes.subarray(0, to);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(at, to))]);
    default:
      return Buffer.concat([bytes, bytes.subarray(at, Math.max(at, to))]);
  }
};

/** Whether there is an entry of a map in a message: they are not written. */
const holdsEntries = (value: unknown): boolean =>
  value instanceof Map
    ? value.size > 0
    : typeof value === 'object' && value !== null && !Buffer.isBuffer(value) && Object.values(value).some(holdsEntries);

describe('a message that is written from its bytes', () => {
  it.each(ROOTS)(randomly('%s is what is made of it by parsing', 60), (name) => {
    check(
      60,
      fc.property(fc.gen(), fc.boolean(), (g, showSecrets) => {
        const message = draw(g, messageType(name));
        const bytes = encodeMessage(messageType(name), message);
        const text = holdsEntries(message) ? undefined : parsed(name, bytes, showSecrets);
        expect(written(name, bytes, showSecrets)).toBe(text);
      }),
    );
  });

  it('is any other message of the schema, too', () => {
    const plain = messageNames.filter((name) => {
      let seen = 0;
      check(
        3,
        fc.property(fc.gen(), (g) => {
          const bytes = encodeMessage(messageType(name), draw(g, messageType(name)));
          const text = written(name, bytes);
          if (text !== undefined) seen++;
          expect(text ?? parsed(name, bytes)).toBe(parsed(name, bytes));
        }),
      );
      return seen > 0;
    });
    expect(plain.length).toBeGreaterThan(0.95 * messageNames.length);
  });

  it(randomly('is that or nothing, whatever is wrong with it', 2000), () => {
    let [seen, refused] = [0, 0];
    check(
      2000,
      fc.property(fc.gen(), fc.constantFrom(...ROOTS), (g, name) => {
        const bytes = spoil(g, encodeMessage(messageType(name), draw(g, messageType(name))));
        const text = written(name, bytes);
        if (text === undefined) refused++;
        else {
          seen++;
          expect(text).toBe(parsed(name, bytes));
        }
      }),
    );
    expect(Math.min(seen, refused)).toBeGreaterThan(200);
  });

  const id = wire.sub(1, wire.bytes(1, 't'));
  const state = wire.int(2, 1);

  it('has empty lists where nothing is in them, and nothing of what is not set', () => {
    expect(written('mesos.TaskStatus', Buffer.concat([id, state]))).toBe(
      parsed('mesos.TaskStatus', Buffer.concat([id, state])),
    );
    expect(written('mesos.Labels', Buffer.alloc(0))).toBe('{"labels":[]}');
    expect(written('mesos.CommandInfo.URI', Buffer.alloc(0))).toBeUndefined();
  });

  it.each([
    ['fields in another order', Buffer.concat([state, id])],
    ['a field twice', Buffer.concat([id, state, state])],
    ['one that is required and not there', id],
    ['one that is not known', Buffer.concat([id, state, wire.int(999, 1)])],
    ['one with another kind of value', Buffer.concat([id, state, wire.int(3, 1)])],
    ['a state that is not known', Buffer.concat([id, wire.int(2, 99)])],
    ['a length that is not true', Buffer.concat([id, state, wire.bytes(3, 'x', 2)])],
    ['a length beyond all memory', Buffer.concat([id, state, wire.bytes(3, 'x', 2n ** 40n)])],
    ['a number that does not end', Buffer.concat([id, Buffer.of(0x10, 0x80)])],
    ['half a number', Buffer.concat([id, state, wire.double(5, 1).subarray(0, 5)])],
    ['a field number 0', Buffer.concat([Buffer.of(0x00, 0x00), id, state])],
  ])('is not plain with %s', (_, bytes) => {
    expect(written('mesos.TaskStatus', bytes)).toBeUndefined();
  });

  it('is not plain with two of what excludes each other', () => {
    const name = 'mesos.Volume.Source.CSIVolume.VolumeCapability';
    const [block, mount, mode] = [wire.sub(1), wire.sub(2), wire.sub(3, wire.int(1, 1))];
    for (const access of [block, mount]) {
      const bytes = Buffer.concat([access, mode]);
      expect(written(name, bytes)).toBe(parsed(name, bytes));
    }
    expect(written(name, Buffer.concat([block, mount, mode]))).toBeUndefined();
  });

  it('has what is hostile escaped, and bytes that are no text', () => {
    const message = wire.bytes(4, Buffer.from('a"\\\n\u001b[31m\u202eé\u{1f600}\u007f\xff', 'utf8'));
    const odd = wire.bytes(4, Buffer.of(0x61, 0xff, 0xfe));
    for (const text of [message, odd]) {
      const bytes = Buffer.concat([id, state, text]);
      expect(written('mesos.TaskStatus', bytes)).toBe(parsed('mesos.TaskStatus', bytes));
    }
    expect(written('mesos.TaskStatus', Buffer.concat([id, state, odd]))).toContain('udcff');
  });

  it('is not plain where it is nested deeper than protobuf reads', () => {
    const nested = (depth: number): Buffer => (depth === 0 ? Buffer.alloc(0) : wire.sub(1, nested(depth - 1)));
    const type = wire.nest();
    const write = (depth: number): boolean =>
      new PlainMessageJson(type, false, new JsonBytes()).write(nested(depth), 0, nested(depth).length);
    expect([write(100), write(101)]).toEqual([true, false]);
    expect(parse(shapeOf(type, true), nested(101))).toBeInstanceOf(WireFailure);
  });
});

describe('bytes of JSON', () => {
  it('have room for any length', () => {
    const json = new JsonBytes();
    const long = Buffer.alloc(300_000, 'x');
    json.quotedAt(long, 0, long.length);
    json.quoted('é'.repeat(100_000));
    json.hexAt(long, 0, 100_000);
    expect(json.text()).toBe(`"${long.toString()}""${'é'.repeat(100_000)}"${'78'.repeat(100_000)}`);
    json.clear();
    json.ascii('{}');
    expect(json.text()).toBe('{}');
  });
});
