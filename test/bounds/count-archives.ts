import { gzipSync } from 'node:zlib';
import { ARCHIVE_LAYOUT } from '../../src/checkpoint/archive.ts';
import { Collector, UnusableArchive } from '../../src/source/collect.ts';
import { DamagedArchive, Unpacker } from '../../src/source/unpack.ts';
import { HOSTILE, hostileArchive } from '../support/hostile-archives.ts';
import { workSince } from '../support/work.ts';

/** A program that prints, for each hostile archive, how many blocks of code a byte costs: of one size, again, doubled, and doubled again. */

// What names are told apart by is drawn by lot, and is the same each time here.
Math.random = () => 0.5;

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

const costs = (name: string): readonly number[] =>
  [1, 1, 2, 4].map((factor) => {
    const bytes = hostileArchive(name, SIZE * factor);
    const packed = gzipSync(bytes);
    workSince('count-archives');
    read(packed);
    return workSince('count-archives') / bytes.length;
  });

process.stdout.write(JSON.stringify(Object.fromEntries(Object.keys(HOSTILE).map((name) => [name, costs(name)]))));
