import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { verifyJson } from '../../src/report/json/verify.ts';
import { verifyScreen } from '../../src/report/verify/screen.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import type { VerifyOptions } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { type Edit, readCases, readVersionCases } from '../support/cases.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, version } from '../support/verify.ts';
import { filesOf, pathsOf } from '../support/walk.ts';

/** What is told of a tree, in JSON and on the screen. */
const told = (source: MemorySource, options: VerifyOptions): unknown => {
  const verification = verifyCheckpoint(openSource(source, { workDir: HOME }), options);
  return (['strict', 'nonStrict'] as const).map((mode) => ({
    json: verifyJson('tree', verification, { mode, withState: false }),
    screen: verifyScreen(verification, { mode, width: 80, colour: false, title: undefined }),
    exitCode: verification[mode].exitCode,
  }));
};

/** How many executors were told of in brief. */
const briefly = (source: MemorySource, options: VerifyOptions): number => {
  const { agent } = verifyCheckpoint(openSource(source, { workDir: HOME }), options).checkpoint;
  return agent?.frameworks.reduce((sum, { ordinary }) => sum + ordinary.length, 0) ?? 0;
};

const compare = (source: MemorySource, options: VerifyOptions): void => {
  expect(told(source, { ...options, brief: true })).toEqual(told(source, options));
};

/** Random damage is in `damages.long.test.ts`. */
describe('what is told in brief is what is told of the whole', () => {
  it.each(treeNames)('%s', (tree) => {
    const source = loadTree(tree);
    for (const bootId of [bootIdOf(tree), 'another']) {
      for (const sandboxes of ['auto', 'judge', 'ignore'] as const) {
        for (const text of ['1.4.0', '1.4.3', '1.7.2', '1.11.0', '1.12.0']) {
          compare(source, { bootId, sandboxes, version: version(text) });
        }
      }
    }
  });

  it('over all conformance cases', () => {
    for (const { tree, edits, rebooted } of readCases()) {
      compare(applyEdits(loadTree(tree), edits), { bootId: rebooted ? 'another' : bootIdOf(tree) });
    }
  });

  it('over all conformance cases of other versions', () => {
    for (const { tree, edits, rebooted, versions } of readVersionCases()) {
      const source = applyEdits(loadTree(tree), edits);
      const bootId = rebooted ? 'another' : bootIdOf(tree);
      for (const text of Object.keys(versions)) compare(source, { bootId, version: version(text) });
    }
  });

  const tree = 'marathon';
  const folder = pathsOf(loadTree(tree)).find((path) => /\/tasks\/[^/]+$/.test(path)) as string;
  const log = `${folder}/task.updates`;
  const run = folder.replace(/\/tasks\/[^/]+$/, '');
  const executor = run.replace(/\/runs\/[^/]+$/, '');
  const record = filesOf(loadTree(tree)).get(log) as Buffer;
  const oddities: readonly (readonly [string, readonly Edit[]])[] = [
    ['a log that is cut short', [{ op: 'truncate', path: log, size: record.length - 1 }]],
    ['a log without a whole record', [{ op: 'truncate', path: log, size: 3 }]],
    ['a log that ends in zeros', [{ op: 'append', path: log, hex: '000000' }]],
    ['an empty log', [{ op: 'truncate', path: log, size: 0 }]],
    ['no log', [{ op: 'remove', path: log }]],
    ['no marker', [{ op: 'remove', path: `${executor}/executor_generated_for_command_task` }]],
    ['bytes behind a task.info', [{ op: 'append', path: `${folder}/task.info`, hex: '00' }]],
    ['bytes behind an executor.info', [{ op: 'append', path: `${executor}/executor.info`, hex: '00' }]],
    [
      'what no agent writes or sees',
      [
        { op: 'write', path: `${folder}/Ab12Cd`, hex: '00' },
        { op: 'write', path: `${run}/pids/.x`, hex: '' },
        { op: 'mkdir', path: `${run}/tasks/.hidden` },
        { op: 'mkdir', path: `${executor}/runs/.hidden` },
        { op: 'write', path: `${executor}/other`, hex: '' },
      ],
    ],
  ];

  it.each(oddities)('of an executor with %s too, which stays in brief', (_, edits) => {
    const source = applyEdits(loadTree(tree), edits);
    for (const bootId of [bootIdOf(tree), 'another']) {
      const options = { bootId };
      expect(verifyCheckpoint(openSource(source, { workDir: HOME }), options).findings).not.toEqual(
        verifyCheckpoint(openSource(loadTree(tree), { workDir: HOME }), options).findings,
      );
      expect(briefly(source, { ...options, brief: true })).toBe(briefly(loadTree(tree), { ...options, brief: true }));
      compare(source, options);
    }
  });

  it('and much is told in brief', () => {
    const counts = treeNames.map((tree) => briefly(loadTree(tree), { bootId: bootIdOf(tree), brief: true }));
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(treeNames.length / 2);
    expect(briefly(loadTree('marathon'), { bootId: bootIdOf('marathon') })).toBe(0);
  });
});
