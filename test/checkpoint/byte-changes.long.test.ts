import { describe, expect, it } from 'vitest';
import { Loader } from '../../src/checkpoint/load.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { startProblems } from '../support/problems.ts';
import { changeEach, MASKS, samplesByName } from '../support/samples.ts';
import { HOME } from '../support/trees.ts';
import { startsOf } from '../support/verify.ts';

/**
 * The budget: each byte of each file that any fixture has, with three changes that are loaded and simulated in either
 * mode. A random change of each byte is made in `random-damage.long.test.ts`.
 */
describe('every change of a byte of every file is read without a throw', () => {
  it.each(samplesByName)('%s (%i files)', (_name, _count, own) => {
    for (const sample of own) {
      const loader = new Loader(openSource(sample.source, { workDir: HOME }).tree);
      const count = changeEach(
        sample,
        () => MASKS,
        () => {
          const checkpoint = loader.checkpoint();
          return [true, false].flatMap((strict) => startProblems(startsOf(checkpoint, { strict }), sample.source));
        },
      );
      expect(count).toBe(sample.bytes.length * MASKS.length);
    }
  });
});
