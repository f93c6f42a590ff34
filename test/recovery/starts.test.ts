import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/checkpoint/model.ts';
import { Disk } from '../../src/recovery/disk.ts';
import {
  isRecovered,
  type SimulationOptions,
  type Start,
  simulateStart,
  simulateStarts,
} from '../../src/recovery/simulate.ts';
import { AccessDenied } from '../../src/source/source.ts';
import { damageTree, faults } from '../support/damage.ts';
import { HOSTILE_TREES } from '../support/hostile-trees.ts';
import { check, randomly, runsOf } from '../support/random.ts';
import { HOME, loadTree, treeNames } from '../support/trees.ts';
import { loadCheckpoint, VERSIONS } from '../support/verify.ts';

/** A checkpoint of which nothing is remembered. */
const fresh = (checkpoint: Checkpoint): Checkpoint => ({
  ...checkpoint,
  agent: checkpoint.agent && {
    ...checkpoint.agent,
    frameworks: checkpoint.agent.frameworks.map((framework) => ({
      ...framework,
      executors: framework.executors.map((executor) => ({ ...executor })),
    })),
  },
});

/** The same starts, each simulated from the beginning, and all of them told. */
const plainStarts = (checkpoint: Checkpoint, options: SimulationOptions): readonly Start[] => {
  const disk = new Disk(checkpoint.links);
  const starts: Start[] = [];
  for (;;) {
    const start = simulateStart(fresh(checkpoint), options, disk);
    const before = starts.at(-1);
    starts.push(start);
    if (isRecovered(start)) return starts;
    if (before !== undefined && start.effects.length === 0 && told(before) === told(start)) return starts;
  }
};

const told = ({ verdict, stage, messages }: Start): string => JSON.stringify([verdict, stage, messages]);

const outline = ({ state: _state, started: _started, ...rest }: Start) => rest;

const optionsOf = (checkpoint: Checkpoint, own: Partial<SimulationOptions> = {}): SimulationOptions => ({
  version: '1.11.0',
  strict: true,
  rebooted: false,
  home: HOME,
  launcher: 'linux',
  judgeSandboxes: checkpoint.hasSandboxes,
  ...own,
});

const compare = (checkpoint: Checkpoint, options: SimulationOptions): void => {
  const plain = plainStarts(checkpoint, options);
  const starts = simulateStarts(fresh(checkpoint), options);
  expect(starts.map(outline)).toEqual(plain.map((start, i) => outline(i < 10 ? start : withFewer(start))));
  for (const at of [0, -1]) expect(starts.at(at)?.state).toEqual(plain.at(at)?.state);
  expect(starts.at(-1)?.started).toEqual(plain.at(-1)?.started);
};

/** Of starts behind the tenth a hundred messages are kept. */
const withFewer = (start: Start): Start => ({ ...start, messages: start.messages.slice(0, 100) });

const RUNS = runsOf(300);

describe('starts one after the other, of which each remembers what the one before it met', () => {
  it(randomly('come to what each comes to alone, whatever is damaged', RUNS), () => {
    check(
      RUNS,
      fc.property(
        fc.constantFrom(...treeNames),
        faults,
        fc.constantFrom(...VERSIONS),
        fc.boolean(),
        fc.boolean(),
        (name, all, version, strict, rebooted) => {
          try {
            const checkpoint = loadCheckpoint(damageTree(loadTree(name), all).source);
            compare(checkpoint, optionsOf(checkpoint, { version, strict, rebooted }));
          } catch (error) {
            if (!(error instanceof AccessDenied)) throw error;
            expect(error.message).toContain('out of the tree');
          }
        },
      ),
    );
  });

  it.each(Object.keys(HOSTILE_TREES))('come to the same of many: %s', (name) => {
    const checkpoint = loadCheckpoint(HOSTILE_TREES[name]?.(14) ?? loadTree(''));
    for (const rebooted of [false, true]) compare(checkpoint, optionsOf(checkpoint, { rebooted }));
  });
});

it('end with what is there at every start, however many messages that has', () => {
  const checkpoint = loadCheckpoint(
    HOSTILE_TREES['executors of which one has a log that does not parse, and those behind it a torn task.info']?.(
      150,
    ) ?? loadTree(''),
  );
  const options = optionsOf(checkpoint);
  const plain = plainStarts(checkpoint, options);
  expect(plain.length).toBeGreaterThan(2);
  expect(plain.at(-1)?.messages.length).toBeGreaterThan(100);
  compare(checkpoint, options);
});

describe('more starts than are told one by one', () => {
  it.each(['executors with a log that does not parse', 'tasks of one run, each with a log that does not parse'])(
    'end as all of them do: %s',
    (name) => {
      const checkpoint = loadCheckpoint(HOSTILE_TREES[name]?.(230) ?? loadTree(''));
      const options = optionsOf(checkpoint);
      const plain = plainStarts(checkpoint, options);
      const starts = simulateStarts(fresh(checkpoint), options);
      expect(plain.length).toBeGreaterThan(201);
      expect(starts.length).toBe(201);
      expect(starts.map(({ andMore }) => andMore)).toEqual(starts.map((_, i) => (i === 199 ? true : undefined)));
      expect(told(starts[0] as Start)).toBe(told(plain[0] as Start));
      expect(starts[198]?.effects).toEqual(plain[198]?.effects);
      expect(starts[198]?.messages).toEqual(plain[198]?.messages.slice(0, 100));
      expect(starts.slice(199).flatMap(({ effects }) => effects)).toEqual(
        plain.slice(199).flatMap(({ effects }) => effects),
      );
      const [last, expected] = [starts.at(-1) as Start, plain.at(-1) as Start];
      expect(told(last)).toBe(told(expected));
      expect(last.state).toEqual(expected.state);
      expect(last.started).toEqual(expected.started);
    },
  );
});
