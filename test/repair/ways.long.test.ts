import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { changesOf } from '../../src/repair/plan/plan.ts';
import { withChanges } from '../../src/repair/plan/with-changes.ts';
import { compareKept, compareWays, type WaysOptions } from '../../src/repair/ways/compare.ts';
import type { Way } from '../../src/repair/ways/way.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly } from '../support/random.ts';
import { HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, VERSIONS, version } from '../support/verify.ts';

const RUNS = 400;

/** A tree, up to six faults, and how the start on it is made. */
const damaged = fc.tuple(
  fc.constantFrom(...treeNames),
  faults,
  fc.constantFrom(...VERSIONS),
  fc.record({ isRebooted: fc.boolean(), isLinux: fc.boolean() }),
);

const open = (source: Parameters<typeof openSource>[0]) => openSource(source, { workDir: HOME });

/** What is wrong with a comparison: of each way with what is there once its plan is made, and of the ways with each other. */
const problemsOf = (source: MemorySource, options: WaysOptions): readonly string[] => {
  const { ways, recommended } = compareWays(open(source), options);
  const problems: string[] = [];
  for (const way of ways) {
    const plan = way.planning?.plan;
    if (plan === undefined) continue;
    if (way.sure === 'exact' && (recommended === undefined || compareKept(way, recommended) > 0)) {
      problems.push(`${way.way} keeps more than what is recommended`);
    }
    const made = withChanges(source, changesOf(plan));
    const { impact } = verifyCheckpoint(open(made), options).strict;
    const live = impact.executors.reconnected.length + impact.executors.awaited.length + impact.executors.gone.length;
    if (impact.comesUp !== way.comesUp) problems.push(`${way.way} comes up: ${impact.comesUp}`);
    if (live !== way.executors.kept) problems.push(`${way.way} keeps ${live} of ${way.executors.kept} executors`);
    const again = compareWays(open(made), options);
    const more = again.ways.find((other) => isSafer(other, way) && compareKept(other, again.ways[0]) > 0);
    if (more !== undefined) problems.push(`after ${way.way}, ${more.way} keeps more`);
  }
  return problems;
};

const ORDER = ['as-is', 'as-non-strict', 'salvage', 'salvage-suspect', 'remove-latest'];

/** Whether a way does no more than another was allowed to. */
const isSafer = (other: Way, way: Way): boolean =>
  other.planning !== undefined && ORDER.indexOf(other.way) <= ORDER.indexOf(way.way);

describe('the ways out of several faults at once', () => {
  it(randomly('keep what the comparison says, and leave nothing for a second plan', RUNS), () => {
    check(
      RUNS,
      fc.property(damaged, ([name, all, starting, { isRebooted, isLinux }]) => {
        const { source } = damageTree(loadTree(name), all);
        const options: WaysOptions = {
          version: version(starting),
          bootId: isRebooted ? 'another-boot' : bootIdOf(name),
          launcher: isLinux ? 'linux' : 'posix',
        };
        try {
          expect(problemsOf(source, options)).toEqual([]);
        } catch (error) {
          // A folder that is a link out of the tree is not foretold, and that is said.
          if (!(error instanceof AccessDenied)) throw error;
          expect(error.message).toContain('out of the tree');
        }
      }),
    );
  });
});
