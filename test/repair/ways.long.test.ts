import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { WaysOptions } from '../../src/repair/ways/compare.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly, runsOf } from '../support/random.ts';
import { HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, VERSIONS, version } from '../support/verify.ts';
import { waysProblems } from './ways-problems.ts';

/** In parts, of which each can be run again alone: `-t 'part 3'`. */
const PARTS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const RUNS = Math.ceil(runsOf(2000) / PARTS.length);

/** A tree, up to six faults, and how the start on it is made; sometimes with a copy from before the faults. */
const damaged = fc.tuple(
  fc.constantFrom(...treeNames),
  faults,
  fc.constantFrom(...VERSIONS),
  fc.record({ isRebooted: fc.boolean(), isLinux: fc.boolean(), hasCopy: fc.boolean() }),
);

const copyOf = (name: string): WaysOptions['sources'] => ({
  copies: [openSource(loadTree(name), { workDir: HOME }).tree],
});

/** A folder that is a link out of the tree is not predicted, and that is said. */
const problemsUnlessLinkedOut = (source: MemorySource, options: WaysOptions): readonly string[] => {
  try {
    return waysProblems(source, options);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return error.message.includes('out of the tree') ? [] : [error.message];
  }
};

describe(randomly('the ways out of several faults at once', RUNS), () => {
  it.each(PARTS)('keep what the comparison says, and leave nothing for a second plan: part %i', (part) => {
    check(
      RUNS,
      fc.property(damaged, ([name, all, starting, { isRebooted, isLinux, hasCopy }]) => {
        const { source } = damageTree(loadTree(name), all);
        const options: WaysOptions = {
          version: version(starting),
          bootId: isRebooted ? 'another-boot' : bootIdOf(name),
          launcher: isLinux ? 'linux' : 'posix',
          sources: hasCopy ? copyOf(name) : undefined,
        };
        expect(problemsUnlessLinkedOut(source, options)).toEqual([]);
      }),
      part,
    );
  });
});
