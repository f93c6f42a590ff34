import { afterEach, describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { traceTo } from '../../src/program/trace.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import { compareWays } from '../../src/repair/ways/compare.ts';
import type { Ways } from '../../src/repair/ways/way.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { planningProblems } from '../repair/problems.ts';
import { HOME, HOSTILE_TREES } from '../support/hostile-trees.ts';

const open = (source: MemorySource) => openSource(source, { workDir: HOME });

interface Searched {
  readonly ways: Ways;
  /** How many rounds of search they took in all. */
  readonly rounds: number;
  /** How many times less was tried than what had been found. */
  readonly trials: number;
}

/** The ways out of a tree, and what it took to find them. */
const searched = (source: MemorySource): Searched => {
  const count = { round: 0, without: 0 };
  traceTo((what) => {
    if (what === 'round' || what === 'without') count[what]++;
  });
  const ways = compareWays(open(source));
  traceTo();
  return { ways, rounds: count.round, trials: count.without };
};

const hostile = (name: string, size: number): MemorySource => {
  const make = HOSTILE_TREES[name];
  if (make === undefined) throw new Error(`there is no ${name}`);
  return make(size);
};

/** The executors that each way keeps. */
const kept = ({ ways }: Ways): Readonly<Record<string, number>> =>
  Object.fromEntries(ways.map(({ way, executors }) => [way, executors.kept]));

afterEach(() => traceTo());

describe('planning takes as many rounds of search, and as many trials, however much of one kind there is', () => {
  it.each(Object.keys(HOSTILE_TREES))('%s', (name) => {
    const few = searched(hostile(name, 45));
    const many = searched(hostile(name, 90));
    expect(many.rounds).toBe(few.rounds);
    expect(few.rounds).toBeLessThan(20);
    expect(many.trials).toBe(few.trials);
    expect(few.trials).toBeLessThan(20);
    expect(planningProblems(hostile(name, 12))).toEqual([]);
  });
});

it('nothing is looked for where nothing could be kept', () => {
  expect(searched(hostile('hidden names where executors belong', 12)).rounds).toBe(0);
});

describe('a link that shows a framework under a second name', () => {
  it.each([
    ['links to one framework', 1, 12],
    ['links to one framework, of names before it', 1, 12],
    ['links to a framework with an executor that is damaged', 1, 12],
    // The others lead nowhere then.
    ['links to frameworks in a chain', 1, 1],
    ['a link to each framework', 12, 12],
  ])('goes, and the framework is kept: %s', (name, executors, steps) => {
    const source = hostile(name, 12);
    expect(kept(compareWays(open(source)))['as-non-strict']).toBe(executors);
    const { plan } = planRepair(open(source));
    for (const { what, loses, changes } of plan?.steps ?? []) {
      expect(what).toMatch(/^set aside the link (a-)?link-\d+: what it leads to stays, under its own name$/);
      expect(loses).toBe('');
      expect(changes).toHaveLength(1);
    }
    expect(plan?.steps).toHaveLength(steps);
  });

  it('goes once what it leads to is rebuilt by its own name', () => {
    const { ways } = searched(hostile('links to a framework that is damaged', 12));
    expect(kept(ways)).toMatchObject({ 'as-non-strict': 0, 'salvage-suspect': 1 });
  });
});

it('of frameworks that hold the ids of each other in a circle every second one stays', () => {
  expect(planRepair(open(hostile('frameworks with the info of the next one', 12))).plan?.steps).toHaveLength(6);
});

it('a torn log is looked through once for what is behind its end, and not again by the next level', () => {
  const source = hostile('executors with a torn log', 12);
  const opened: string[] = [];
  const openFile = source.open.bind(source);
  source.open = (path) => {
    if (path.endsWith('/task.updates')) opened.push(path);
    return openFile(path);
  };
  compareWays(open(source));
  const times = [...new Set(opened)].map((path) => opened.filter((each) => each === path).length);
  // To read it, to see where its records end, and for what is behind them.
  expect(times).toEqual(Array(12).fill(3));
});
