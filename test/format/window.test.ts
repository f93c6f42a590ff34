import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteReader } from '../../src/format/byte-reader.ts';
import { Window } from '../../src/format/window.ts';
import { readIntoZeros, zerosAtEndOf, zerosFrom } from '../../src/format/zeros.ts';
import { check, randomly } from '../support/random.ts';
import { record } from '../support/wire.ts';

/** What a window starts with. */
const SIZE = new Window().buffer.length;
const PAGE = 4096;

/** Bytes as a file; reads are counted, and give no more than `most` bytes each. */
class Bytes implements ByteReader {
  readonly bytes: Buffer;
  readonly most: number;
  reads = 0;
  constructor(bytes: Buffer, most = Number.POSITIVE_INFINITY) {
    this.bytes = bytes;
    this.most = most;
  }
  size(): number {
    return this.bytes.length;
  }
  read(target: Buffer, at: number, length: number, position: number): number {
    this.reads++;
    expect(length).toBeGreaterThan(0);
    expect(at + length).toBeLessThanOrEqual(target.length);
    return this.bytes.copy(target, at, position, Math.min(this.bytes.length, position + Math.min(length, this.most)));
  }
}

/** A file that is as long as it says, has a few bytes at its beginning, and nothing but zeros behind them. */
class Vast implements ByteReader {
  readonly #head: Buffer;
  readonly #size: number;
  bytesRead = 0;
  constructor(head: Buffer, size: number) {
    this.#head = head;
    this.#size = size;
  }
  size(): number {
    return this.#size;
  }
  read(target: Buffer, at: number, length: number, position: number): number {
    const count = Math.max(0, Math.min(length, this.#size - position));
    target.fill(0, at, at + count);
    this.#head.copy(target, at, Math.min(position, this.#head.length), Math.min(position + count, this.#head.length));
    this.bytesRead += count;
    return count;
  }
}

/** The same, of which it is known where the zeros are: to read them is a mistake. */
class Hollow extends Vast {
  zerosAt(position: number): number {
    return Math.max(0, this.size() - Math.max(position, PAGE));
  }
}

const over = (reader: ByteReader): Window => {
  const window = new Window();
  window.over(reader);
  return window;
};

/** The messages of a file, and what ends them. */
const readAll = (window: Window): { messages: Buffer[]; ending: Window['state']; end: number } => {
  const messages: Buffer[] = [];
  for (let offset = 0; ; ) {
    const frame = window.frameAt(offset);
    if (frame !== 'record') return { messages, ending: frame, end: offset };
    messages.push(Buffer.from(window.buffer.subarray(window.start, window.end)));
    offset += 4 + window.announced;
  }
};

/** A message of a size, unlike others. */
const message = (size: number, salt = 0): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i * 7 + salt * 13 + 1) % 251;
  return bytes;
};

/** `toEqual` goes through buffers byte by byte. */
const same = (left: readonly Buffer[], right: readonly Buffer[]): boolean =>
  left.length === right.length && left.every((each, i) => right[i]?.equals(each));

describe('a file of few bytes', () => {
  it.each<[number, Window['state'], number]>([
    [0, 'end', 0],
    [1, 'torn-length', 1],
    [2, 'torn-length', 2],
    [3, 'torn-length', 3],
    [4, 'torn-message', 0],
    [5, 'torn-message', 1],
    [6, 'torn-message', 2],
    [7, 'torn-message', 3],
    [8, 'torn-message', 4],
    [9, 'record', 5],
  ])('%i bytes of a record of 9: %s', (size, frame, available) => {
    const window = over(new Bytes(record(message(5)).subarray(0, size)));
    expect(window.frameAt(0)).toBe(frame);
    if (frame !== 'end') expect(window.available).toBe(available);
    if (size >= 4) expect(window.announced).toBe(5);
  });

  it.each([1, 2, 3])('%i bytes behind a record', (size) => {
    const window = over(new Bytes(Buffer.concat([record(message(5)), Buffer.alloc(size)])));
    expect(window.frameAt(0)).toBe('record');
    expect(window.lengthBehind(9)).toBe(size);
    expect(window.frameAt(9)).toBe('torn-length');
    expect(window.available).toBe(size);
  });

  it('of a record of no length', () => {
    const window = over(new Bytes(Buffer.alloc(8)));
    expect(readAll(window)).toEqual({ messages: [Buffer.alloc(0), Buffer.alloc(0)], ending: 'end', end: 8 });
  });

  it('is read at once', () => {
    const reader = new Bytes(record(message(5)));
    expect(readAll(over(reader)).messages).toHaveLength(1);
    expect(reader.reads).toBe(1);
  });
});

describe('a file that is longer than the window', () => {
  it.each(Array.from({ length: 12 }, (_, i) => i))('a record that starts %i bytes before the edge', (before) => {
    const messages = [message(SIZE - before - 4), message(100, 1), message(0), message(SIZE, 2), message(3, 3)];
    const bytes = Buffer.concat(messages.map((each) => record(each)));
    const read = readAll(over(new Bytes(bytes)));
    expect([read.ending, read.end]).toEqual(['end', bytes.length]);
    expect(same(read.messages, messages)).toBe(true);
  });

  it.each(Array.from({ length: 12 }, (_, i) => i))('an end that is torn %i bytes behind the edge', (behind) => {
    const first = record(message(SIZE - 10));
    const bytes = Buffer.concat([first, record(message(50))]).subarray(0, SIZE + behind);
    const window = over(new Bytes(bytes));
    const read = readAll(window);
    expect([read.ending, read.end]).toEqual(['torn-message', first.length]);
    expect(window.available).toBe(bytes.length - first.length - 4);
  });

  it(randomly('records of any size', 100), () => {
    const sizes = fc.oneof(fc.nat(20), fc.nat(PAGE * 2), fc.integer({ min: SIZE - 20, max: SIZE + 20 }));
    check(
      100,
      fc.property(fc.array(sizes, { maxLength: 12 }), fc.nat(30), (lengths, cut) => {
        const messages = lengths.map((length, i) => message(length, i));
        const whole = Buffer.concat(messages.map((each) => record(each)));
        const bytes = whole.subarray(0, Math.max(0, whole.length - cut));
        let end = 0;
        const left = messages.filter((each) => {
          end += 4 + each.length;
          return end <= bytes.length;
        });
        const start = left.reduce((sum, each) => sum + 4 + each.length, 0);
        const rest = bytes.length - start;
        const ending = rest === 0 ? 'end' : rest < 4 ? 'torn-length' : 'torn-message';
        const read = readAll(over(new Bytes(bytes)));
        expect(read.end).toBe(start);
        expect(read.ending).toBe(ending);
        expect(same(read.messages, left)).toBe(true);
      }),
    );
  });

  /** As a network's file system may give them. */
  it.each([PAGE, PAGE + 1, 10_007, SIZE - 1])('reads of at most %i bytes', (most) => {
    const messages = Array.from({ length: 40 }, (_, i) => message(i * 997, i));
    const bytes = Buffer.concat(messages.map((each) => record(each)));
    const read = readAll(over(new Bytes(bytes, most)));
    expect(read.ending).toBe('end');
    expect(same(read.messages, messages)).toBe(true);
  });
});

describe('one window for many files', () => {
  it('keeps nothing of the file before', () => {
    const window = new Window();
    window.over(new Bytes(record(message(SIZE * 2))));
    expect(window.frameAt(0)).toBe('record');
    window.over(new Bytes(Buffer.of(1, 0)));
    expect(window.frameAt(0)).toBe('torn-length');
    window.over({ size: () => 9, read: () => ({ code: 'EIO' }) });
    expect(window.frameAt(0)).toBe('unreadable');
    window.over(new Bytes(record(message(7, 2))));
    expect(window.frameAt(0)).toBe('record');
    expect(window.buffer.subarray(window.start, window.end)).toEqual(message(7, 2));
    expect(window.frameAt(11)).toBe('end');
  });

  it('goes back within what it holds', () => {
    const window = over(new Bytes(Buffer.concat([record(message(5)), record(message(6))])));
    expect(readAll(window).messages).toHaveLength(2);
    expect(window.reach(0, 9)).toBe(9);
    expect(window.buffer.subarray(window.at(4), window.at(9))).toEqual(message(5));
  });
});

describe('a record that is larger than the window', () => {
  const large = record(message(300 * 1024));

  it('is framed again, though its length has moved out of sight', () => {
    const window = over(new Bytes(Buffer.concat([record(message(5)), large, record(message(6))])));
    for (let again = 0; again < 2; again++) {
      expect(window.frameAt(9)).toBe('record');
      expect(window.announced).toBe(300 * 1024);
      expect(window.buffer.subarray(window.start, window.end).equals(message(300 * 1024))).toBe(true);
    }
    expect(readAll(window).messages).toHaveLength(3);
  });

  it('may be more than is to be read', () => {
    const window = new Window(300 * 1024 - 1);
    window.over(new Bytes(large));
    expect(() => window.frameAt(0)).toThrow(RangeError);
  });
});

describe('a file that grows as fast as it is read', () => {
  /** It has a MiB more after each read. */
  class Growing implements ByteReader {
    reads = 0;
    size(): number {
      return (this.reads + 1) * 1024 * 1024;
    }
    read(target: Buffer, at: number, length: number, position: number): number {
      this.reads++;
      expect(this.reads).toBeLessThan(1000);
      const count = Math.max(0, Math.min(length, this.size() - position));
      target.fill(0, at, at + count);
      return count;
    }
  }

  it('has the end that it had when it turned out to be large', () => {
    const file = new Growing();
    const window = over(file);
    const zeros = window.zerosFrom(0);
    expect(zeros).toBeGreaterThan(16 * 1024 * 1024);
    expect(zeros).toBeLessThan(file.size());
    expect(window.frameAt(zeros)).toBe('end');
    expect(window.lengthBehind(zeros)).toBe(0);
  });
});

describe('zeros', () => {
  it.each([0, 1, 3, 4, 65_535, 65_536, 300_000])('are counted from any place on: %i', (count) => {
    const bytes = Buffer.concat([Buffer.from('xyz'), Buffer.alloc(count), Buffer.from('a'), Buffer.alloc(2)]);
    const window = over(new Bytes(bytes));
    expect(window.zerosFrom(0)).toBe(0);
    expect(window.zerosFrom(3)).toBe(count);
    expect(window.zerosFrom(3 + count + 1)).toBe(2);
    expect(zerosFrom(bytes, 3, bytes.length)).toBe(count);
  });

  it('of a hole are counted without being read', () => {
    const size = 2 ** 50;
    const file = new Hollow(Buffer.from('abc'), size);
    expect(over(file).zerosFrom(3)).toBe(size - 3);
    expect(file.bytesRead).toBeLessThan(2 * SIZE);
  });

  it('are not written where they are read, and all else is', () => {
    const bytes = Buffer.concat([Buffer.alloc(70_000), Buffer.from('x'), Buffer.alloc(200_000), Buffer.from('y')]);
    const target = Buffer.alloc(bytes.length + 2);
    expect(readIntoZeros(new Bytes(bytes), target, 1, bytes.length + 1, 0)).toBe(bytes.length);
    expect(target.subarray(1, -1).equals(bytes)).toBe(true);
    expect([target.at(0), target.at(-1)]).toEqual([0, 0]);
  });

  it.each([0, 5, 65_536, 1_000_000])('at the end of a file begin behind its last byte: %i of them', (count) => {
    const end = zerosAtEndOf(new Bytes(Buffer.concat([Buffer.from('abc'), Buffer.alloc(count)])));
    expect(end).toBeGreaterThanOrEqual(3);
    expect(end).toBeLessThanOrEqual(Math.min(3 + count, 65_536));
  });
});

describe('a read that fails', () => {
  /** Bytes up to a place, where the disk fails. */
  const failingAt = (bytes: Buffer, place: number): ByteReader => ({
    size: () => bytes.length,
    read: (target, at, length, position) =>
      position >= place ? { code: 'EIO' } : bytes.copy(target, at, position, Math.min(place, position + length)),
  });

  it('at once', () => {
    const window = over(failingAt(record(message(5)), 0));
    expect(window.frameAt(0)).toBe('unreadable');
    expect(window.errno).toBe('EIO');
  });

  it('in the middle of a long file, behind the records that are whole', () => {
    const messages = Array.from({ length: 20 }, (_, i) => message(PAGE - 4, i));
    const bytes = Buffer.concat(messages.map((each) => record(each)));
    const read = readAll(over(failingAt(bytes, 5 * PAGE)));
    expect([read.ending, read.end]).toEqual(['unreadable', 5 * PAGE]);
    expect(same(read.messages, messages.slice(0, 5))).toBe(true);
  });

  it.each([2, 100])('in the middle of a record, %i bytes behind its start', (behind) => {
    const bytes = Buffer.concat([record(message(PAGE)), record(message(PAGE))]);
    const { ending, end } = readAll(over(failingAt(bytes, PAGE + 4 + behind)));
    expect([ending, end]).toEqual(['unreadable', PAGE + 4]);
  });

  it('behind the window', () => {
    const bytes = Buffer.concat([record(message(SIZE)), record(message(SIZE))]);
    const { ending, end } = readAll(over(failingAt(bytes, SIZE + PAGE)));
    expect([ending, end]).toEqual(['unreadable', SIZE + 4]);
  });
});

describe('memory is bounded', () => {
  const length = (announced: number): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(announced);
    return head;
  };

  it("by the largest record, whatever the file's length", () => {
    const each = record(message(100_000));
    const reader: ByteReader = {
      size: () => each.length * 1000,
      read: (target, at, wanted, position) => {
        const count = Math.min(wanted, each.length - (position % each.length), each.length * 1000 - position);
        return each.copy(target, at, position % each.length, (position % each.length) + count);
      },
    };
    const window = over(reader);
    let count = 0;
    for (let offset = 0; window.frameAt(offset) === 'record'; offset += each.length) count++;
    expect(count).toBe(1000);
    expect(window.buffer.length).toBe(SIZE);
  });

  it('by the record, where it is larger than the window', () => {
    const window = over(new Bytes(Buffer.concat([record(message(SIZE * 3)), record(message(9))])));
    expect(readAll(window).messages).toHaveLength(2);
    expect(window.buffer.length).toBe(SIZE * 3 + 4);
  });

  it.each([SIZE, 2 ** 24, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])(
    'not by a length of %i that is not true',
    (announced) => {
      const file = new Vast(length(announced), SIZE);
      const window = over(file);
      expect(window.frameAt(0)).toBe('torn-message');
      expect(window.announced).toBe(announced);
      expect(window.available).toBe(SIZE - 4);
      expect(window.buffer.length).toBe(SIZE);
    },
  );

  it('not by a length that is not true in a vast file', () => {
    const file = new Vast(length(2 ** 32 - 1), 2 ** 32);
    const window = over(file);
    expect(window.frameAt(0)).toBe('torn-message');
    expect(window.available).toBe(2 ** 32 - 4);
    expect(window.buffer.length).toBe(SIZE);
    expect(file.bytesRead).toBeLessThanOrEqual(SIZE);
  });

  it.each([2 ** 31, 2 ** 32 - 1])('not by a record of %i bytes, which the agent cannot parse', (announced) => {
    const file = new Vast(length(announced), 2 ** 33);
    const window = over(file);
    expect(window.frameAt(0)).toBe('oversized');
    expect(window.announced).toBe(announced);
    expect(window.buffer.length).toBe(SIZE);
    expect(file.bytesRead).toBeLessThanOrEqual(SIZE);
  });
});

describe('a window that others fill', () => {
  it('shows what they have put there, and reads nothing', () => {
    const window = new Window();
    const content = Buffer.concat([record(Buffer.from('ab')), record(Buffer.from('c'))]);
    const file = new Bytes(content);
    const size = content.copy(window.clear());
    window.show(file, size);
    expect([window.isOver(file), window.seesAll(), window.lengthBehind(0)]).toEqual([true, true, content.length]);
    expect([window.frameAt(0), window.frameAt(6), window.frameAt(content.length)]).toEqual(['record', 'record', 'end']);
    window.over(file);
    expect([window.isOver(file), file.reads]).toEqual([true, 0]);
  });

  it('shows no longer what was there before', () => {
    const window = new Window();
    const before = new Bytes(record(Buffer.from('before')));
    window.over(before);
    expect(window.frameAt(0)).toBe('record');
    window.clear();
    expect([window.isOver(before), window.frameAt(0)]).toEqual([false, 'end']);
    const empty = new Bytes(Buffer.alloc(0));
    window.show(empty, 0);
    expect([window.seesAll(), window.frameAt(0), window.lengthBehind(0)]).toEqual([true, 'end', 0]);
  });
});
