import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameAt, framesOf } from '../../src/format/frames.ts';
import { Window } from '../../src/format/window.ts';
import { check, randomly } from '../support/random.ts';
import { record } from '../support/wire.ts';

const two = Buffer.concat([record(Buffer.from('ab')), record(Buffer.from('c'))]);

const window = new Window();

describe('frames of bytes in memory', () => {
  it.each<[string, Buffer, object]>([
    ['a record', two, { state: 'record', offset: 0, start: 4, end: 6 }],
    ['an empty record', record(Buffer.alloc(0)), { state: 'record', offset: 0, start: 4, end: 4 }],
    ['the end', Buffer.alloc(0), { state: 'end', offset: 0, start: 0, end: 0 }],
    ['a length that is cut', two.subarray(0, 3), { state: 'torn-length', offset: 0, start: 3, end: 3 }],
    ['a message that is cut', two.subarray(0, 5), { state: 'torn-message', offset: 0, start: 4, end: 6 }],
  ])('tell %s', (_, bytes, frame) => {
    expect(frameAt(bytes, 0)).toEqual(frame);
  });

  it('are all records, and what is behind them', () => {
    const { records, last } = framesOf(Buffer.concat([two, Buffer.of(9, 0, 0, 0, 1)]));
    expect(records.map(({ start, end }) => [start, end])).toEqual([
      [4, 6],
      [10, 11],
    ]);
    expect(last).toMatchObject({ state: 'torn-message', offset: 11, start: 15 });
  });

  it(randomly('are those of a window over the same bytes', 1000), () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 6 }).map((bytes) => record(Buffer.from(bytes))),
      fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
    );
    check(
      1000,
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const bytes = Buffer.concat(pieces);
        window.over({
          size: () => bytes.length,
          read: (target, at, length, position) => bytes.copy(target, at, position, position + length),
        });
        const { records, last } = framesOf(bytes);
        for (const { state, offset, start, end } of records) {
          expect([window.frameAt(offset), window.announced]).toEqual([state, end - start]);
          expect(window.buffer.subarray(window.start, window.end)).toEqual(bytes.subarray(start, end));
        }
        expect(window.frameAt(last.offset)).toBe(last.state);
      }),
    );
  });
});
