import { attributesEqual } from '../../src/agent/attributes.ts';
import { checkAdditions } from '../../src/agent/info/additions.ts';
import { agentInfoDifferences } from '../../src/agent/info/differences.ts';
import { validateResource } from '../../src/agent/resource-validation.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import type { Attribute, Resource, SlaveInfo } from '../../src/schema/index.ts';
import { HOME, unfittingResources } from '../support/hostile-trees.ts';
import { workSince } from '../support/work.ts';

/** A program that prints, for each kind of value that can be large, how many blocks of code a part of it costs: of one size, and doubled. */

const SIZE = 300;

const times = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

const info = (more: Partial<SlaveInfo>): SlaveInfo => ({ hostname: 'n1', resources: [], attributes: [], ...more });

const bothWays = (previous: SlaveInfo, current: SlaveInfo): void => {
  agentInfoDifferences(previous, current);
  checkAdditions(previous, current);
};

const attributes = (size: number, name: (i: number) => string): readonly Attribute[] =>
  times(size, (i) => ({ name: name(i), type: 'TEXT', text: { value: `v${i}` } }));
const rangesOf = (size: number): Resource => ({
  name: 'ports',
  type: 'RANGES',
  reservations: [],
  ranges: { range: times(size, (i) => ({ begin: BigInt(3 * i), end: BigInt(3 * i) })).toReversed() },
});
const scalarsOf = (size: number, value: number): readonly Resource[] =>
  times(size, (i) => ({ name: `r${i}`, type: 'SCALAR', scalar: { value }, reservations: [] }));
const labelled = (size: number, value: number): Resource => ({
  name: 'cpus',
  type: 'SCALAR',
  scalar: { value },
  reservations: [
    { type: 'DYNAMIC', role: 'r', labels: { labels: times(size, (i) => ({ key: `k${i % (size - 1)}`, value: 'v' })) } },
  ],
});

const CASES: Readonly<Record<string, (size: number) => void>> = {
  attributes: (size) => {
    const all = attributes(size, (i) => `a${i}`);
    bothWays(info({ attributes: all }), info({ attributes: all.toReversed() }));
  },
  'attributes of one name': (size) => {
    const all = attributes(size, () => 'a');
    attributesEqual(all, all.toReversed());
  },
  ranges: (size) => bothWays(info({ resources: [rangesOf(size)] }), info({ resources: [rangesOf(size)] })),
  'ranges that are not in order': (size) => {
    validateResource(rangesOf(size));
  },
  resources: (size) => bothWays(info({ resources: scalarsOf(size, 1) }), info({ resources: scalarsOf(size, 2) })),
  'labels of which two are the same': (size) =>
    bothWays(info({ resources: [labelled(size, 1)] }), info({ resources: [labelled(size, 2)] })),
  'checkpointed resources of which the last does not fit': (size) => {
    planRepair(openSource(unfittingResources(size), { workDir: HOME }), { salvage: true });
  },
};

const costs = (name: string): readonly number[] => {
  const run = CASES[name];
  if (run === undefined) return [];
  // What is done once in a process is done by then.
  run(SIZE);
  return [1, 2, 4].map((factor) => {
    workSince('count-values');
    run(SIZE * factor);
    return workSince('count-values') / (SIZE * factor);
  });
};

process.stdout.write(JSON.stringify(Object.fromEntries(Object.keys(CASES).map((name) => [name, costs(name)]))));
