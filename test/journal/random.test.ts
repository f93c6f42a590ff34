import * as fs from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { damageTree, faults } from '../support/damage.ts';
import { randomly, seed } from '../support/random.ts';
import { loadTree, treeNames, writeTree } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { quickly } from './calls.ts';
import { mendOrRefuse } from './mended.ts';
import { FakeProcesses } from './support.ts';

quickly();

const RUNS = 120;

it(randomly('random damages are mended on disk, and given back to the byte', RUNS), async () => {
  const processes = new FakeProcesses();
  let mended = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...treeNames), faults, async (name, all) => {
      const { source, edits } = damageTree(loadTree(name), all);
      // A link to nothing at all can be in an archive, but not on a disk.
      fc.pre(!edits.some((edit) => edit.op === 'symlink' && edit.target === ''));
      const folder = writeTree(source);
      const done = await mendOrRefuse(folder, { version: HEAD, bootId: bootIdOf(name) }, processes);
      if (done.kind === 'mended') mended++;
      fs.rmSync(folder, { recursive: true });
      expect(done.problems).toEqual([]);
    }),
    { numRuns: RUNS, seed },
  );
  expect(mended).toBeGreaterThan(RUNS / 10);
});
