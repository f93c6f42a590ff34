import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ARCHIVE_LAYOUT } from '../../src/checkpoint/archive.ts';
import { Collector, UnusableArchive } from '../../src/source/collect.ts';
import { DamagedArchive, Unpacker } from '../../src/source/unpack.ts';
import { HOSTILE, hostileArchive } from '../support/hostile-archives.ts';
import { workSince } from '../support/work.ts';

/** So many blocks of code a byte of an archive may run: its headers are looked at byte by byte. */
const MOST = 10;
const SIZE = 100;

const CHUNK = 64 * 1024;

/** Reads an archive to its end, or to where it is refused. */
const read = (bytes: Buffer): void => {
  const collector = new Collector(ARCHIVE_LAYOUT);
  const unpacker = new Unpacker(collector);
  try {
    for (let at = 0; at < bytes.length; at += CHUNK) unpacker.write(bytes.subarray(at, at + CHUNK));
    unpacker.end();
    collector.finish();
  } catch (error) {
    if (!(error instanceof DamagedArchive) && !(error instanceof UnusableArchive)) throw error;
  }
};

describe('what reading an archive takes grows as its bytes, whatever they are', () => {
  it.each(Object.keys(HOSTILE))('%s', (name) => {
    const [one, again, two, four] = [1, 1, 2, 4].map((factor) => {
      const bytes = hostileArchive(name, SIZE * factor);
      const packed = gzipSync(bytes);
      workSince();
      read(packed);
      return workSince() / bytes.length;
    }) as [number, number, number, number];
    // The same bytes cost about the same: it is counted, not timed.
    expect(again / one).toBeGreaterThan(0.8);
    expect(Math.max(one, two, four)).toBeLessThan(MOST);
    expect(two).toBeLessThan(one * 1.3);
    expect(four).toBeLessThan(two * 1.3);
  });
});
