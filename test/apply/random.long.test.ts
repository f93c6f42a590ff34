import * as fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RepairOptions } from '../../src/repair/options.ts';
import { LEVELS } from '../../src/repair/ways/way.ts';
import { damageTree, faults } from '../support/damage.ts';
import { checkAsync, randomly, seed } from '../support/random.ts';
import { loadTree, treeNames, writeTree } from '../support/trees.ts';
import { bootIdOf, HEAD, loadCheckpoint } from '../support/verify.ts';
import { quickly } from './calls.ts';
import { mendOrRefuse, PLANNERS } from './mended.ts';
import { FakeProcesses } from './support.ts';

/** The damages are divided, so that a part that fails can be run again alone. */
const PARTS = [1, 2, 3, 4, 5, 6, 7, 8] as const;
const RUNS = 2000 / PARTS.length;

const LEVELS_ALL = [...LEVELS, 'adopt'] as const;

/** What is known of an agent whose attributes and resources are others than those of a tree. */
const changedInfo = (name: string): Pick<RepairOptions, 'agentInfo' | 'adopt'> => {
  const info = loadCheckpoint(loadTree(name)).agent?.info;
  if (info?.kind !== 'whole') return {};
  const attributes = [{ name: 'row', type: 'TEXT' as const, text: { value: '3' } }];
  const resources = info.value.resources.map((each) =>
    each.name === 'mem' && each.scalar !== undefined ? { ...each, scalar: { value: each.scalar.value - 1 } } : each,
  );
  return {
    agentInfo: { info: { ...info.value, attributes, resources }, policy: 'equal' },
    adopt: { facts: { hasPolicy: true, agentState: 'unreachable', masterVersion: HEAD, isolators: [] } },
  };
};

quickly();

describe(
  randomly('random damages, each of several faults, are mended on disk, and given back to the byte', RUNS),
  () => {
    it.each(PARTS)('part %i', async (part) => {
      const processes = new FakeProcesses();
      const kinds = { fine: 0, mended: 0, 'no-plan': 0, linked: 0 };
      const levels = { 'as-non-strict': 0, salvage: 0, 'salvage-suspect': 0, adopt: 0 };
      await checkAsync(
        RUNS,
        fc.asyncProperty(
          fc.constantFrom(...treeNames),
          faults,
          fc.constantFrom(...LEVELS_ALL),
          async (name, all, level) => {
            const { source, edits } = damageTree(loadTree(name), all);
            // A link to nothing at all can be in an archive, but not on a disk.
            fc.pre(!edits.some((edit) => edit.op === 'symlink' && edit.target === ''));
            const folder = writeTree(source);
            const options = { version: HEAD, bootId: bootIdOf(name), ...(level === 'adopt' ? changedInfo(name) : {}) };
            const { kind, problems } = await mendOrRefuse(folder, options, processes, PLANNERS[level]);
            kinds[kind]++;
            if (kind === 'mended') levels[level]++;
            fs.rmSync(folder, { recursive: true });
            expect(problems).toEqual([]);
          },
        ),
        // Each part has damages of its own.
        seed + part,
      );
      expect(kinds.mended).toBeGreaterThan(RUNS / 10);
      for (const mended of Object.values(levels)) expect(mended).toBeGreaterThan(RUNS / 100);
      // Only what links out of the tree is not even looked at.
      expect(kinds.linked).toBeLessThan(RUNS / 10);
    });
  },
);
