import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verificationProblems } from '../support/problems.ts';
import { seed } from '../support/random.ts';
import { changeEach, MASKS, samplesByName } from '../support/samples.ts';

/** A change for each byte of a file, other than those of `MASKS`; the same for the same seed. */
const randomMasks = (count: number): readonly number[] =>
  fc.sample(
    fc.integer({ min: 1, max: 254 }).filter((mask) => !MASKS.includes(mask)),
    { seed, numRuns: count },
  );

/** The budget: each byte of each file that any fixture has, once. */
describe(`a random change of every byte of every file is verified without a throw (seed ${seed})`, () => {
  it.each(samplesByName)('%s (%i files)', (_name, _count, own) => {
    for (const sample of own) {
      const masks = randomMasks(sample.bytes.length);
      const count = changeEach(
        sample,
        (at) => masks.slice(at, at + 1),
        () => verificationProblems(sample.source),
      );
      expect(count).toBe(sample.bytes.length);
    }
  });
});
