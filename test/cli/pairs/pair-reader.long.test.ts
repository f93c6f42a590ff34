import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadExecutors } from '../../../src/checkpoint/load.ts';
import { openSource } from '../../../src/checkpoint/open.ts';
import { PairReader } from '../../../src/cli/pairs/pair-reader.ts';
import { PairedReaders, type ReadPairs } from '../../../src/cli/pairs/paired-readers.ts';
import { pairToSend, receivedPair } from '../../../src/cli/pairs/sent-pair.ts';
import { compareTrees, type Difference } from '../../../src/compare/compare.ts';
import { rulesOf } from '../../../src/recovery/versions.ts';
import type { Tree } from '../../../src/source/links.ts';
import type { MemorySource } from '../../../src/source/memory.ts';
import { AccessDenied, join } from '../../../src/source/source.ts';
import type { Verification } from '../../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../../src/verify/verify.ts';
import { damageTree, faults } from '../../support/damage.ts';
import { check, randomly } from '../../support/random.ts';
import { applyEdits, HOME, loadTree, treeNames } from '../../support/trees.ts';
import { VERSIONS, version } from '../../support/verify.ts';

const RUNS = 1500;

const pairs = fc.record({
  tree: fc.constantFrom(...treeNames),
  // Damage of both, and what differs.
  common: fc.option(faults),
  differing: fc.option(faults),
  lacksSandboxes: fc.constantFrom('neither', 'neither', 'neither', 'a', 'b'),
  otherHome: fc.constantFrom(HOME, HOME, HOME, '/elsewhere'),
  version: fc.constantFrom(...VERSIONS),
});

type Answer = Pick<Verification, 'findings' | 'boot'> & { readonly modes: unknown };

/** All that is told of a tree, or why nothing is. */
const verified = ({ source, home }: Tree, named: string, readExecutors?: ReadExecutors): Answer | string => {
  try {
    const options = { version: named, brief: true, readExecutors };
    const { findings, boot, strict, nonStrict, checkpoint } = verifyCheckpoint(
      openSource(source, { workDir: home }),
      options,
    );
    const modes = [strict, nonStrict].map(({ starts, ...rest }) => ({
      ...rest,
      starts: starts.map(({ state, started, ...start }) => start),
    }));
    return { findings, boot, modes: { modes, checkpoint } };
  } catch (error) {
    if (error instanceof AccessDenied) return error.message;
    throw error;
  }
};

/** Reads pairs as threads do: the answers are messages. */
const inMessages = (
  a: Tree,
  b: Tree,
  named: string,
  met: { alike: number; unlike: number; told: number; held: number },
): ReadPairs => {
  const rules = rulesOf(version(named));
  return ({ of, ids, path, entries, inBoth }) => {
    const reader = of === 'a' ? new PairReader(a, b, rules) : new PairReader(b, a, rules);
    return entries.map(({ name, kind }) => {
      if (kind !== 'folder') return { own: undefined, others: undefined, unlike: undefined };
      const pair = reader.read({ ...ids, executor: name }, join(path, name), inBoth.has(name));
      if (pair.own !== undefined && pair.own === pair.others) met.alike++;
      if ((pair.unlike?.length ?? 0) > 0) met.unlike++;
      if (pair.unlike?.some(({ sides }) => sides !== undefined) === true) met.told++;
      if (pair.holds !== undefined) met.held++;
      return receivedPair(structuredClone(pairToSend(pair)));
    });
  };
};

/** Where two trees differ, and what each comes to: with executors read one by one, or in pairs. */
const compared = (
  a: Tree,
  b: Tree,
  named: string,
  readers?: PairedReaders,
): readonly (Answer | string | readonly Difference[])[] => [
  verified(a, named, readers?.a),
  verified(b, named, readers?.b),
  [...compareTrees(a, b, readers?.known)],
];

const withoutSandboxes = (source: MemorySource): MemorySource =>
  source.kindOf('slaves') === undefined ? source : applyEdits(source, [{ op: 'remove', path: 'slaves' }]);

describe('two trees whose executors are read in pairs', { timeout: 300_000 }, () => {
  it(randomly('are told and compared as one by one', RUNS), () => {
    const met = { alike: 0, unlike: 0, told: 0, held: 0 };
    let same = 0;
    check(
      RUNS,
      fc.property(pairs, ({ tree, common, differing, lacksSandboxes, otherHome, version: named }) => {
        const first = common === null ? loadTree(tree) : damageTree(loadTree(tree), common).source;
        const second = differing === null ? first : damageTree(first, differing).source;
        const a = { source: lacksSandboxes === 'a' ? withoutSandboxes(first) : first, home: HOME };
        const b = { source: lacksSandboxes === 'b' ? withoutSandboxes(second) : second, home: otherHome };
        const plain = compared(a, b, named);
        const paired = compared(a, b, named, new PairedReaders(b.source, inMessages(a, b, named, met)));
        // The comparison of `expect` takes long, and tells more.
        if (!isDeepStrictEqual(paired, plain)) expect(paired).toEqual(plain);
        if ((plain[2] as readonly Difference[]).length === 0) same++;
      }),
    );
    expect(met.alike).toBeGreaterThan(RUNS / 3);
    expect(met.unlike).toBeGreaterThan(RUNS / 20);
    expect(Math.min(met.told, met.held)).toBeGreaterThan(RUNS / 100);
    expect(same).toBeGreaterThan(RUNS / 20);
  });
});
