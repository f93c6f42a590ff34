import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccessDenied } from '../../src/source/source.ts';
import type { Edit } from '../support/cases.ts';
import { damageTree, type Fault, faults } from '../support/damage.ts';
import { verificationProblems } from '../support/problems.ts';
import { check, randomly, seed } from '../support/random.ts';
import { changeEach, MASKS, samplesByName } from '../support/samples.ts';
import { loadTree, treeNames } from '../support/trees.ts';
import { loadCheckpoint, VERSIONS, version } from '../support/verify.ts';

const RUNS = 1500;

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

describe('several faults at once', () => {
  const options = fc.record({
    version: fc.constantFrom(...VERSIONS).map(version),
    rebooted: fc.boolean(),
    sandboxes: fc.constantFrom('auto', 'judge', 'ignore'),
    launcher: fc.constantFrom('posix', 'linux'),
  });

  it(randomly('are verified without a throw', RUNS), () => {
    const made = new Set<Edit['op']>();
    check(
      RUNS,
      fc.property(fc.constantFrom(...treeNames), faults, options, (name, some: readonly Fault[], how) => {
        const { source, edits } = damageTree(loadTree(name), some);
        for (const { op } of edits) made.add(op);
        try {
          expect(verificationProblems(source, how)).toEqual([]);
        } catch (error) {
          // A folder that is a link out of the tree is not foretold, and that is said.
          if (!(error instanceof AccessDenied)) throw error;
          expect(error.message).toContain('out of the tree');
          return;
        }
        // What is shown of it is read by another way.
        expect(loadCheckpoint(source, 'whole').hasMeta && source.kindOf('meta') === undefined).toBe(false);
      }),
    );
    expect([...made].sort()).toEqual(['append', 'flip', 'mkdir', 'remove', 'rename', 'symlink', 'truncate', 'write']);
  });
});
