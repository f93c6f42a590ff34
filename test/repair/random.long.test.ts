import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { RepairOptions } from '../../src/repair/options.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { damageTree, faults } from '../support/damage.ts';
import { check, randomly } from '../support/random.ts';
import { HOME, loadTree, treeNames } from '../support/trees.ts';
import { bootIdOf, VERSIONS, version } from '../support/verify.ts';
import { planningProblems, salvageProblems } from './problems.ts';

const RUNS = 2000;
const SALVAGE_RUNS = 300;

/** A tree, up to six faults, and how the start on it is made: short, so that a counterexample can be read. */
const damaged = fc.tuple(
  fc.constantFrom(...treeNames),
  faults,
  fc.constantFrom(...VERSIONS),
  fc.record({ isRebooted: fc.boolean(), isLinux: fc.boolean() }),
);

/** Looks for problems in damaged trees; how many of them were planned for. */
const look = (
  runs: number,
  problemsOf: (
    tree: { name: string; source: MemorySource; options: RepairOptions },
    onPlan: () => void,
  ) => readonly string[],
): number => {
  let planned = 0;
  check(
    runs,
    fc.property(damaged, ([name, all, starting, { isRebooted, isLinux }]) => {
      const { source } = damageTree(loadTree(name), all);
      const options: RepairOptions = {
        version: version(starting),
        bootId: isRebooted ? 'another-boot' : bootIdOf(name),
        launcher: isLinux ? 'linux' : 'posix',
      };
      try {
        expect(problemsOf({ name, source, options }, () => planned++)).toEqual([]);
      } catch (error) {
        // A folder that is a link out of the tree is not predicted, and that is said.
        if (!(error instanceof AccessDenied)) throw error;
        expect(error.message).toContain('out of the tree');
      }
    }),
  );
  return planned;
};

describe('several faults at once', () => {
  it(randomly('are mended, and no more than needed', RUNS), () => {
    expect(look(RUNS, ({ source, options }, onPlan) => planningProblems(source, options, onPlan))).toBeGreaterThan(
      RUNS / 4,
    );
  });

  it('are mended where two runs of one pid have one file of it, by a link', () => {
    const none = { at: 0, to: 0, offset: 0, bytes: Uint8Array.of(0) };
    const { source } = damageTree(loadTree('lone-state-target'), [
      { ...none, kind: 'link to its like', at: 69254072 },
      { ...none, kind: 'copy of a folder', at: 1490540892 },
      { ...none, kind: 'change bytes' },
    ]);
    const options = { version: version('1.4.0'), bootId: bootIdOf('lone-state-target'), launcher: 'posix' } as const;
    expect(planningProblems(source, options)).toEqual([]);
  });

  it('are salvaged by no file that only counts as an executor where it lies, by a link', () => {
    const none = { at: 0, to: 0, offset: 0, bytes: Uint8Array.of(0) };
    const tree = loadTree('acks-out-of-order');
    const { source } = damageTree(tree, [{ ...none, kind: 'link to a folder', at: 327958739, to: 1316000901 }]);
    const options = { version: version('1.4.0'), bootId: bootIdOf('acks-out-of-order'), launcher: 'posix' } as const;
    const salvage = { copies: [openSource(tree, { workDir: HOME }).tree], allowSuspect: true };
    expect(salvageProblems(source, { ...options, salvage })).toEqual([]);
  });

  it('are salvaged beside a framework in which nothing mends what its copy brings back', () => {
    const none = { at: 0, to: 0, offset: 0, bytes: Uint8Array.of(0) };
    const tree = loadTree('acks-out-of-order');
    const { source } = damageTree(tree, [
      { ...none, kind: 'other name', at: 1313939156 },
      { ...none, kind: 'folder', at: 708763721 },
      { ...none, kind: 'link to a folder', at: 15 },
    ]);
    const options = { version: version('1.4.0'), bootId: bootIdOf('acks-out-of-order'), launcher: 'posix' } as const;
    const salvage = { copies: [openSource(tree, { workDir: HOME }).tree], allowSuspect: true };
    expect(salvageProblems(source, { ...options, salvage })).toEqual([]);
  });

  it('are refused with the link that leads out of meta, where what is damaged lies', () => {
    const none = { at: 0, to: 0, offset: 0, bytes: Uint8Array.of(0) };
    const { source } = damageTree(loadTree('acks-out-of-order'), [
      { ...none, kind: 'copy of a folder' },
      { ...none, kind: 'link to its like', at: 1005322786, to: 842668399 },
      { ...none, kind: 'change bytes', at: 971693324, bytes: Uint8Array.of(1) },
      { ...none, kind: 'change bytes' },
    ]);
    const options = { version: version('1.4.0'), bootId: bootIdOf('acks-out-of-order'), launcher: 'posix' } as const;
    expect(planningProblems(source, options)).toEqual([]);
    const { blocked } = planRepair(openSource(source, { workDir: HOME }), options);
    expect(blocked.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^the link meta\/.*\/runs leads out of meta, where nothing is changed: take it away/),
    ]);
  });

  it(randomly('are salvaged, and only where that keeps more', SALVAGE_RUNS), () => {
    const planned = look(SALVAGE_RUNS, ({ name, source, options }, onPlan) => {
      const copies = [openSource(loadTree(name), { workDir: HOME }).tree];
      return salvageProblems(source, { ...options, salvage: { copies, allowSuspect: true } }, onPlan);
    });
    expect(planned).toBeGreaterThan(SALVAGE_RUNS / 4);
  });
});
