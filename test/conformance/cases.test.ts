import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../src/recovery/versions.ts';
import { type Case, type Mode, readCases } from '../support/cases.ts';
import { compareCase } from '../support/compare.ts';
import { applyEdits, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD, isRebooted, loadCheckpoint, startsOf } from '../support/verify.ts';
import { outlineOf } from '../support/walk.ts';

const cases = readCases();
const rules = rulesOf(HEAD);

/**
 * Its tree, once edited, is byte for byte that of `marathon: intact`, which recovers because a tree without any sandbox
 * is not judged by them. The agent was asked about a host that had lost them all: `--sandboxes judge`.
 */
const isJudgedAnyway = ({ tree, name }: Case): boolean => tree === 'sandboxed' && name === 'all sandboxes gone';

const differences = (each: Case, mode: Mode, bootId: string): readonly string[] => {
  const checkpoint = loadCheckpoint(applyEdits(loadTree(each.tree), each.edits));
  const starts = startsOf(checkpoint, {
    strict: mode === 'strict',
    rebooted: isRebooted(checkpoint, each.rebooted ? 'another-boot' : bootId),
    judgeSandboxes: checkpoint.hasSandboxes || isJudgedAnyway(each),
  });
  return compareCase(each[mode], starts, rules).map(
    (line) => `${each.name}${each.rebooted ? ' (rebooted)' : ''}: ${line}`,
  );
};

describe.each<Mode>(['strict', 'nonStrict'])('%s', (mode) => {
  it.each(treeNames)('%s', (tree) => {
    const own = cases.filter((each) => each.tree === tree);
    const bootId = bootIdOf(tree);
    expect(own.length).toBeGreaterThan(0);
    expect(own.flatMap((each) => differences(each, mode, bootId))).toEqual([]);
  });
});

it('has one case that cannot be told from another, whose verdict is the opposite', () => {
  const judged = cases.filter(isJudgedAnyway);
  expect(judged).toHaveLength(1);
  for (const { edits } of judged) {
    expect(outlineOf(applyEdits(loadTree('sandboxed'), edits))).toEqual(outlineOf(loadTree('marathon')));
  }
  const intact = cases.find(({ tree, name }) => tree === 'marathon' && name === 'intact');
  expect([judged[0]?.strict.verdict, intact?.strict.verdict]).toEqual(['aborts', 'recovers']);
});

it('leaves no case out', () => {
  expect(cases.filter(({ tree }) => !treeNames.includes(tree))).toEqual([]);
  expect(cases).toHaveLength(1358);
});
