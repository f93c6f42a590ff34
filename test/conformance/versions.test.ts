import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../src/recovery/versions.ts';
import { expectationOf, type Mode, readVersionCases } from '../support/cases.ts';
import { compareVersion } from '../support/compare.ts';
import { applyEdits, loadTree } from '../support/trees.ts';
import { bootIdOf, isRebooted, loadCheckpoint, startsOf, version } from '../support/verify.ts';

const MODES: readonly Mode[] = ['strict', 'nonStrict'];
const VERSIONS = ['1.4.0', '1.4.3', '1.5.0', '1.5.3', '1.7.2', '1.7.3', '1.8.1', '1.9.0', '1.10.0', '1.11.0'];

const cases = readVersionCases();
const bootIds = new Map([...new Set(cases.map(({ tree }) => tree))].map((tree) => [tree, bootIdOf(tree)]));
const loaded = cases.map((each) => ({
  ...each,
  checkpoint: loadCheckpoint(applyEdits(loadTree(each.tree), each.edits)),
}));

describe.each(VERSIONS)('%s', (text) => {
  const rules = rulesOf(version(text));

  it.each(MODES)('%s', (mode) => {
    const differing = loaded.flatMap(({ name, tree, rebooted, versions, checkpoint }) => {
      const [start] = startsOf(checkpoint, {
        version: version(text),
        strict: mode === 'strict',
        rebooted: isRebooted(checkpoint, rebooted ? 'another-boot' : (bootIds.get(tree) ?? 'none')),
      });
      const lines = compareVersion(expectationOf(versions, text)[mode], start, rules);
      return lines.map((line) => `${tree}: ${name}${rebooted ? ' (rebooted)' : ''}: ${line}`);
    });
    expect(differing).toEqual([]);
  });
});

it('leaves no case and no version out', () => {
  expect(cases).toHaveLength(250);
  for (const { versions } of cases) expect(Object.keys(versions).sort()).toEqual([...VERSIONS].sort());
});
