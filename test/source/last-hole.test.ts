import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { zerosAtEndOf } from '../../src/format/zeros.ts';
import { FolderSource } from '../../src/source/folder.ts';
import type { OpenFile } from '../../src/source/source.ts';
import { temporaryFolder } from '../support/trees.ts';

const MIB = 1024 ** 2;
/** Reading so many zeros takes minutes. */
const LARGE = 1024 ** 4;

/** File systems of which `stat` tells what is stored; where tests run on another one, nothing is skipped. */
const isCounting = [0xef53, 0x58465342, 0x01021994].includes(fs.statfsSync(tmpdir()).type);

/** A file with bytes at some offsets, and holes between them. */
const opened = (size: number, at: Readonly<Record<number, Buffer>>): OpenFile => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'f');
  const descriptor = fs.openSync(file, 'w');
  fs.ftruncateSync(descriptor, size);
  for (const [offset, bytes] of Object.entries(at)) fs.writeSync(descriptor, bytes, 0, bytes.length, Number(offset));
  fs.closeSync(descriptor);
  const found = new FolderSource(folder).open('f');
  if ('code' in found) throw new Error(found.code);
  return found;
};

const zerosAt = (file: OpenFile, position: number): number => file.zerosAt?.(position) ?? 0;

const some = (length: number): Buffer => Buffer.alloc(length, 'x');

describe.skipIf(!isCounting)('the hole that a file ends with is known, and not read', () => {
  it.each([
    ['behind some bytes', 63, { 0: some(63) }],
    ['behind a block', 4096, { 0: some(4096) }],
    ['behind several blocks', 3 * MIB + 5, { 0: some(3 * MIB + 5) }],
    ['behind a hole and a block', 8 * MIB + 4096, { [8 * MIB]: some(4096) }],
    ['from the first byte on', 0, {}],
  ])('%s', (_, begin, at) => {
    const file = opened(LARGE, at);
    expect(zerosAt(file, begin)).toBe(LARGE - begin);
    expect(zerosAt(file, begin + 100_000_001)).toBe(LARGE - begin - 100_000_001);
    expect(zerosAt(file, LARGE)).toBe(0);
    const end = zerosAtEndOf(file) ?? -1;
    expect(end).toBeGreaterThanOrEqual(begin);
    expect(end).toBeLessThan(begin + MIB);
    file.close();
  });
});

describe('nothing is said of', () => {
  it.each([
    ['zeros before a byte', 63, 100 * MIB, { 0: some(63), [100 * MIB - 1]: some(1) }],
    ['zeros before a byte in the same block', 63, 100 * MIB, { 0: some(63), 4000: some(1) }],
    ['what is before a byte that was not reached', 0, 100 * MIB, { [50 * MIB]: some(1) }],
    ['a place before the hole', 0, 100 * MIB, { 0: some(63) }],
    ['zeros that are stored', 63, 40 * MIB, { 0: some(63), 8192: Buffer.alloc(39 * MIB) }],
    ['few zeros', 63, MIB, { 0: some(63) }],
    ['a file that is stored whole', 20 * MIB, 20 * MIB, { 0: some(20 * MIB) }],
  ])('%s', (_, position, size, at) => {
    const file = opened(size, at);
    expect(zerosAt(file, position)).toBe(0);
    file.close();
  });

  it('a place before it, once it is known', () => {
    const file = opened(LARGE, { [8 * MIB]: some(1) });
    expect(zerosAt(file, 0)).toBe(0);
    expect([0, LARGE - 9 * MIB]).toContain(zerosAt(file, 9 * MIB));
    expect(zerosAt(file, 8 * MIB)).toBe(0);
    expect(zerosAt(file, 4 * MIB)).toBe(0);
    file.close();
  });
});
