import { describe, expect, it } from 'vitest';
import { readCases } from '../support/cases.ts';
import { applyEdits, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { planningProblems } from './problems.ts';

const cases = readCases();

describe('every conformance case', () => {
  it.each(treeNames)('%s', (tree) => {
    const bootId = bootIdOf(tree);
    const problems = cases
      .filter((each) => each.tree === tree)
      .flatMap(({ name, edits, rebooted }) => {
        const source = applyEdits(loadTree(tree), edits);
        const options = { version: HEAD, bootId: rebooted ? 'another-boot' : bootId };
        return planningProblems(source, options).map((problem) => `${name}: ${problem}`);
      });
    expect(problems).toEqual([]);
  });
});
