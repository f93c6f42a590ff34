import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccessDenied } from '../../src/source/source.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly } from '../support/random.ts';
import { loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { planningProblems } from './problems.ts';

const RUNS = Number(process.env['RUNS'] ?? 2000);

const VERSIONS = ['1.4.0', '1.4.3', '1.5.0', '1.7.2', '1.7.3', '1.8.1', '1.9.0', '1.10.0', '1.11.0', '1.12.0'];

describe('several faults at once', () => {
  it(randomly('are mended, and no more than needed', RUNS), () => {
    let planned = 0;
    check(
      RUNS,
      fc.property(
        fc.constantFrom(...treeNames),
        faults,
        fc.constantFrom(...VERSIONS),
        fc.boolean(),
        fc.boolean(),
        (name, all, starting, isRebooted, isLinux) => {
          const { source } = damageTree(loadTree(name), all);
          const options = {
            version: version(starting),
            bootId: isRebooted ? 'another-boot' : bootIdOf(name),
            launcher: isLinux ? ('linux' as const) : ('posix' as const),
          };
          try {
            expect(planningProblems(source, options, () => planned++)).toEqual([]);
          } catch (error) {
            // A folder that is a link out of the tree is not foretold, and that is said.
            if (!(error instanceof AccessDenied)) throw error;
          }
        },
      ),
    );
    expect(planned).toBeGreaterThan(RUNS / 20);
  });
});
