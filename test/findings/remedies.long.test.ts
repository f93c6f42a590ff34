import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { entryOf } from '../../src/findings/entry-of.ts';
import { readCases } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { levelsThatMend, levelsThatSalvage, prunesIn, saysNothingHelps, waysOf } from './remedies.ts';

const cases = readCases();

describe('the remedies of what is found in every conformance case', () => {
  it.each(treeNames)('never contradict what prune can do: %s', (tree) => {
    const problems = cases
      .filter((each) => each.tree === tree)
      .flatMap(({ name, edits, rebooted }) => {
        const opened = openSource(applyEdits(loadTree(tree), edits), { workDir: HOME });
        const ways = waysOf(opened, { version: HEAD, bootId: rebooted ? 'another-boot' : bootIdOf(tree) }, []);
        return ways.before.findings.flatMap(({ code, path }) => {
          const { remedy } = entryOf(code);
          const isMended = levelsThatMend(ways, code, path).length > 0;
          const isUnnamed = levelsThatSalvage(ways, code).length > 0 && prunesIn(remedy).length === 0;
          return [
            ...(saysNothingHelps(remedy) && isMended ? [`${name}: ${code}: says that nothing helps`] : []),
            ...(isUnnamed ? [`${name}: ${code}: does not name the prune that keeps more`] : []),
          ];
        });
      });
    expect(problems).toEqual([]);
  });
});
