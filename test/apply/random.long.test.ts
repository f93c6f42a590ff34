import * as fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { damageTree, faults } from '../support/damage.ts';
import { checkAsync, randomly, seed } from '../support/random.ts';
import { loadTree, treeNames, writeTree } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { quickly } from './calls.ts';
import { mendOrRefuse } from './mended.ts';
import { FakeProcesses } from './support.ts';

/** The damages are divided, so that a part that fails can be run again alone. */
const PARTS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const RUNS = 2000 / PARTS.length;

quickly();

describe(
  randomly('random damages, each of several faults, are mended on disk, and given back to the byte', RUNS),
  () => {
    it.each(PARTS)('part %i', async (part) => {
      const processes = new FakeProcesses();
      const kinds = { fine: 0, mended: 0, 'no-plan': 0, linked: 0 };
      await checkAsync(
        RUNS,
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
        seed + part,
      );
      expect(kinds.mended).toBeGreaterThan(RUNS / 10);
      // Only what links out of the tree is not even looked at.
      expect(kinds.linked).toBeLessThan(RUNS / 10);
    });
  },
);
