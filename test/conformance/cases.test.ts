import { expect, it } from 'vitest';
import { rulesOf } from '../../src/recovery/versions.ts';
import { type Case, type Mode, readCases } from '../support/cases.ts';
import { compareCase } from '../support/compare.ts';
import { applyEdits, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD, isRebooted, loadCheckpoint, startsOf } from '../support/verify.ts';

const cases = readCases();
const rules = rulesOf(HEAD);

const MODES: readonly Mode[] = ['strict', 'nonStrict'];

const differences = (each: Case, bootId: string): readonly string[] => {
  const checkpoint = loadCheckpoint(applyEdits(loadTree(each.tree), each.edits));
  const rebooted = isRebooted(checkpoint, each.rebooted ? 'another-boot' : bootId);
  return MODES.flatMap((mode) => {
    const starts = startsOf(checkpoint, {
      strict: mode === 'strict',
      rebooted,
      judgeSandboxes: checkpoint.hasSandboxes,
    });
    return compareCase(each[mode], starts, rules).map(
      (line) => `${each.name}, ${mode}${each.rebooted ? ' (rebooted)' : ''}: ${line}`,
    );
  });
};

it.each(treeNames)('%s', (tree) => {
  const own = cases.filter((each) => each.tree === tree);
  const bootId = bootIdOf(tree);
  expect(own.length).toBeGreaterThan(0);
  expect(own.flatMap((each) => differences(each, bootId))).toEqual([]);
});

it('leaves no case out', () => {
  expect(cases.filter(({ tree }) => !treeNames.includes(tree))).toEqual([]);
  expect(cases).toHaveLength(1381);
});
