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

/** Test files among which the damages are divided, so that they run at the same time. */
export const PARTS = 8;
const RUNS = 2000 / PARTS;

/** A share of 2,000 random damages, each with several faults, that are mended on disk and taken back. */
export const mendRandomly = (part: number): void => {
  quickly();
  it(
    randomly(`random damages are mended on disk, and given back to the byte, part ${part} of ${PARTS}`, RUNS),
    async () => {
      const processes = new FakeProcesses();
      const kinds = { fine: 0, mended: 0, 'no-plan': 0, linked: 0 };
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...treeNames), faults, async (name, all) => {
          const { source, edits } = damageTree(loadTree(name), all);
          // A link to nothing at all can be in an archive, but not on a disk.
          fc.pre(!edits.some((edit) => edit.op === 'symlink' && edit.target === ''));
          const folder = writeTree(source);
          const { kind, problems } = await mendOrRefuse(folder, { version: HEAD, bootId: bootIdOf(name) }, processes);
          kinds[kind]++;
          fs.rmSync(folder, { recursive: true });
          expect(problems).toEqual([]);
        }),
        // Each part has damages of its own.
        { numRuns: RUNS, seed: seed + part },
      );
      expect(kinds.mended).toBeGreaterThan(RUNS / 10);
      // Only what links out of the tree is not even looked at.
      expect(kinds.linked).toBeLessThan(RUNS / 10);
    },
  );
};
