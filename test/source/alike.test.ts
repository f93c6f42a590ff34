import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from '../../src/source/extents.ts';
import type { OpenFile } from '../../src/source/source.ts';
import { AlikeFiles } from '../../src/source/tree/alike.ts';
import { Contents } from '../../src/source/tree/contents.ts';
import { check, randomly } from '../support/random.ts';

/** A file, as where it differs from one of its size: a place, and what is there. */
const file = fc.tuple(
  fc.constantFrom(0, 1, 127, 128, 129, 300, 16_384, 16_385, 70_000),
  fc.array(fc.tuple(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 200 })), { maxLength: 12 }),
);

const bytesOf = ([size, changes]: readonly [number, readonly (readonly [number, Uint8Array])[]]): Buffer => {
  const bytes = Buffer.from(Array.from({ length: size }, (_, i) => (i * 7919) >>> 3));
  for (const [at, change] of changes) if (size > 0) bytes.set(change.subarray(0, size - (at % size)), at % size);
  return bytes;
};

const MUCH = Buffer.alloc(1_100_000, 'much');

/** What is read of a file, so many bytes at a time, in turn. */
const readIn = (file: OpenFile, lengths: readonly number[]): Buffer => {
  const pieces: Buffer[] = [];
  for (let position = 0; ; ) {
    const piece = Buffer.alloc((lengths[pieces.length % lengths.length] as number) + 2);
    const count = file.read(piece, 1, piece.length - 2, position) as number;
    if (count === 0) return Buffer.concat(pieces);
    pieces.push(piece.subarray(1, count + 1));
    position += count;
  }
};

describe('files that are like others', () => {
  it(randomly('are what they were, and so are all others', 100), () => {
    check(
      100,
      fc.property(fc.array(file, { maxLength: 12 }), fc.nat(3), (files, before) => {
        const contents = new Contents();
        // Where there is less, none is compared with others.
        const all = [MUCH, ...files.map(bytesOf)];
        for (const bytes of all) {
          contents.add(bytes.length);
          const chunk = Buffer.concat([Buffer.alloc(before, 9), bytes, Buffer.alloc(before, 9)]);
          // What is larger comes in pieces.
          for (let at = 0; at < bytes.length; at += 65_536) {
            const end = Math.min(bytes.length, at + 65_536);
            contents.keep(chunk, before + at, before + end, at, () => {});
          }
        }
        for (const [i, bytes] of all.entries()) {
          const kept = contentOf({ size: bytes.length, extents: contents.extentsOf(i) });
          expect(kept.equals(bytes), `file ${i}`).toBe(true);
          expect(readIn(contents.open(i), [bytes.length + 9]).equals(bytes), `file ${i}, at once`).toBe(true);
          const target = Buffer.alloc(bytes.length + 1, 'x');
          contents.readInto(i, target);
          expect(target.equals(Buffer.concat([bytes, Buffer.from('x')])), `file ${i}, into a buffer`).toBe(true);
          expect(readIn(contents.open(i), [1, 100, 5000]).equals(bytes), `file ${i}, in pieces`).toBe(true);
        }
      }),
    );
  });

  it('are kept as what differs', () => {
    const files = new AlikeFiles();
    const [model, other] = [Buffer.alloc(2000, 1), Buffer.alloc(2000, 1).fill(2, 100, 140)];
    const whole = files.add(model, 0, 2000) as number;
    const differing = files.add(other, 0, 2000) as number;
    expect(files.extentOf(whole, 2000).bytes.length).toBeGreaterThan(2000);
    expect(files.extentOf(differing, 2000).bytes.equals(other)).toBe(true);
  });

  it('are kept whole where most of them differs, and are what the next is compared with', () => {
    const files = new AlikeFiles();
    const kinds = [1, 2, 2].map((byte) => files.add(Buffer.alloc(500, byte), 0, 500) as number);
    const sizes = kinds.map((number) => files.extentOf(number, 500).bytes.length);
    expect(sizes[0]).toBeGreaterThan(500);
    expect(sizes[1]).toBe(sizes[0]);
    expect(sizes[2]).toBe(500);
  });

  it('are found where what was tried first began a page', () => {
    const files = new AlikeFiles();
    const all = Array.from({ length: 40 }, (_, i) => Buffer.alloc(12_288, i));
    const numbers = all.map((bytes) => files.add(bytes, 0, bytes.length) as number);
    for (const [i, number] of numbers.entries()) {
      const { bytes, start, end } = files.extentOf(number, 12_288);
      expect(bytes.subarray(start, end).equals(all[i] as Buffer)).toBe(true);
    }
  });
});
