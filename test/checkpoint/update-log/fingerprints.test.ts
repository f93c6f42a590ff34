import { describe, expect, it } from 'vitest';
import { Fingerprints } from '../../../src/checkpoint/update-log/fingerprints.ts';

const COUNT = 300_000;
const SIZE = 16;

/** Uuids of which `fill` writes what differs; the rest of each is the same. */
const uuids = (fill: (bytes: Buffer, at: number, number: number) => void): Buffer => {
  const bytes = Buffer.alloc(COUNT * SIZE, 0x41);
  for (let number = 0; number < COUNT; number++) fill(bytes, number * SIZE, number);
  return bytes;
};

const ALL: readonly [string, Buffer][] = [
  [
    'a random number',
    uuids((bytes, at, number) => bytes.writeBigUInt64LE((BigInt(number) * 0x9e3779b97f4a7c15n) % 2n ** 64n, at)),
  ],
  ['a time of version 1', uuids((bytes, at, number) => bytes.writeUInt32BE((0x3c1d0000 + number * 10_007) >>> 0, at))],
  ['a count in the last bytes', uuids((bytes, at, number) => bytes.writeUInt32BE(number, at + 12))],
  ['a count in the second word', uuids((bytes, at, number) => bytes.writeUInt32LE(number, at + 4))],
];

const printsOf = (bytes: Buffer): Fingerprints => {
  const prints = new Fingerprints();
  for (let at = 0; at < bytes.length; at += SIZE) prints.add(bytes, at);
  return prints;
};

describe('fingerprints', () => {
  it('of no uuids have no twins', () => {
    expect(new Fingerprints().hasTwins()).toBe(false);
  });

  it.each(ALL)('tell uuids apart that differ in %s', (_, bytes) => {
    expect(printsOf(bytes).hasTwins()).toBe(false);
  });

  it.each(ALL)('notice one that comes twice among those that differ in %s', (_, bytes) => {
    for (const number of [0, 1023, 1024, COUNT - 1]) {
      const prints = printsOf(bytes);
      prints.add(bytes, number * SIZE);
      expect(prints.hasTwins(), `uuid ${number}`).toBe(true);
    }
  });
});
