import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import { countsOf } from '../../src/inspect/walk.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import { inspectJson } from '../../src/report/inspect/json.ts';
import { inspectScreen } from '../../src/report/inspect/screen.ts';
import type { MemoryNode } from '../../src/source/memory.ts';
import { jsonLine } from '../../src/text/escape.ts';
import { displayWidth } from '../../src/text/width.ts';
import type { Edit } from '../support/cases.ts';
import { check } from '../support/random.ts';
import { complaintsOf } from '../support/schemas.ts';
import { applyEdits, loadTree } from '../support/trees.ts';

/** How many damaged trees are shown: a sample, of some seconds. */
const RUNS = 400;

const TREES = ['marathon', 'pods', 'operations', 'targets', 'legacy'] as const;

/** The paths and sizes of the files that are not empty. */
const filesIn = (node: MemoryNode, path = ''): readonly (readonly [path: string, size: number])[] => {
  if (node.kind === 'folder') {
    return [...node.children].flatMap(([name, child]) => filesIn(child, path === '' ? name : `${path}/${name}`));
  }
  return node.kind === 'file' && node.bytes.length > 0 ? [[path, node.bytes.length]] : [];
};

/** A byte that is changed, or all behind it that is gone. */
const edit = (files: readonly (readonly [string, number])[]): fc.Arbitrary<Edit> =>
  fc.constantFrom(...files).chain(([path, size]) =>
    fc.oneof(
      fc
        .record({ offset: fc.nat(size - 1), mask: fc.integer({ min: 1, max: 255 }) })
        .map((at) => ({ op: 'flip' as const, path, ...at })),
      fc.nat(size - 1).map((left) => ({ op: 'truncate' as const, path, size: left })),
    ),
  );

it.each(TREES)('shows %s whatever byte of it is wrong', (name) => {
  const tree = loadTree(name);
  check(
    RUNS / TREES.length,
    fc.property(fc.array(edit(filesIn(tree.root)), { minLength: 1, maxLength: 3 }), (edits) => {
      const opened = openSource(applyEdits(tree, shortenedLast(edits)));
      const inspected = inspect(opened, rulesOf([1, 12, 0]), 'whole');
      const about = {
        path: '.',
        workDir: opened.tree.home,
        inPlace: false,
        mesosVersion: '1.12.0',
        showSecrets: true,
        selection: { framework: [], executor: [], task: [], damaged: false },
        total: countsOf(inspected),
      };
      expect(complaintsOf('inspect', JSON.parse(jsonLine(inspectJson(inspected, about))))).toEqual([]);
      for (const form of [{ tree: false }, { tree: true }]) {
        const screen = inspectScreen(inspected, about, { width: 80, colour: false, ...form });
        for (const line of screen.split('\n')) expect(displayWidth(line), line).toBeLessThanOrEqual(80);
      }
    }),
  );
});

/** A byte can be changed only while it is there. */
const shortenedLast = (edits: readonly Edit[]): readonly Edit[] =>
  edits.toSorted((a, b) => Number(a.op === 'truncate') - Number(b.op === 'truncate'));
