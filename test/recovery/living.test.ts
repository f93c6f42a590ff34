import { describe, expect, it } from 'vitest';
import type { Executor } from '../../src/checkpoint/model.ts';
import { currentRun, isFinished, livingOn, runningRun, tasksText } from '../../src/recovery/living.ts';
import { AccessDenied } from '../../src/source/source.ts';
import type { Impact } from '../../src/verify/impact.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { readCases } from '../support/cases.ts';
import { treeNames } from '../support/trees.ts';
import { type Assumed, predict } from '../verify/predict.ts';

const executor = (latest: string | undefined, runs: readonly (readonly [id: string, completed: boolean])[]): Executor =>
  ({
    latest: latest === undefined ? { kind: 'absent', vanished: false } : { kind: 'found', name: latest },
    runs: runs.map(([id, completed]) => ({ id, completed })),
  }) as unknown as Executor;

describe('the current run', () => {
  const current = [
    [
      'is the one that latest names, though a later one has not ended',
      executor('a', [
        ['a', false],
        ['b', false],
      ]),
      'a',
    ],
    [
      'is the one that latest names, though that has ended, and an earlier one has not',
      executor('b', [
        ['a', false],
        ['b', true],
      ]),
      'b',
    ],
    [
      'is the last that has not ended where latest is not there',
      executor(undefined, [
        ['a', false],
        ['b', false],
        ['c', true],
      ]),
      'b',
    ],
    [
      'is the last that has not ended where latest names none',
      executor('gone', [
        ['a', false],
        ['b', true],
      ]),
      'a',
    ],
    ['is none where all have ended, and latest names none', executor('gone', [['a', true]]), undefined],
  ] as const;

  it.each(current)('%s', (_, of, id) => {
    expect(currentRun(of)?.id).toBe(id);
  });

  it('does not run where it has ended, whatever an earlier one does', () => {
    expect(
      runningRun(
        executor('b', [
          ['a', false],
          ['b', true],
        ]),
      ),
    ).toBeUndefined();
  });
});

it('tasks are told apart where both are there', () => {
  expect(tasksText({ tasks: 3, finished: 0 })).toBe('3 tasks');
  expect(tasksText({ tasks: 3, finished: 1 })).toBe('3 running and 1 finished task');
  expect(tasksText({ tasks: 0, finished: 2 })).toBe('2 finished tasks');
});

const countOf = ({ executors, tasks }: Impact): object => ({
  executors:
    executors.reconnected.length +
    executors.awaited.length +
    executors.killed.length +
    executors.forgotten.length +
    executors.gone.length +
    executors.atStake.length,
  tasks: tasks.live.length + tasks.killed.length + tasks.forgotten.length + tasks.gone.length + tasks.atStake.length,
  finished: tasks.finished.length,
});

/** What is wrong with the counts of a tree: nothing where every command counts alike. */
const compare = (tree: string, assumed: Assumed, edits: Parameters<typeof predict>[1] = []): void => {
  let whole: Verification;
  try {
    whole = predict(tree, edits, assumed);
  } catch (error) {
    if (error instanceof AccessDenied) return;
    throw error;
  }
  const living = livingOn(whole.checkpoint);
  expect(livingOn(predict(tree, edits, { ...assumed, brief: true }).checkpoint)).toEqual(living);
  for (const { impact, starts } of [whole.strict, whole.nonStrict]) {
    expect(countOf(impact)).toEqual(living);
    expect(impact.tasks.running).toBe(living.tasks);
    compareWithRecovery(whole, starts);
  }
};

/** A task is finished just where the agent finds that it has ended, if the agent has read it. */
const compareWithRecovery = ({ checkpoint }: Verification, starts: Verification['strict']['starts']): void => {
  const outcomes = new Map(
    starts.at(-1)?.started?.agent?.frameworks.flatMap(({ executors }) => executors.map((each) => [each.path, each])),
  );
  for (const found of checkpoint.agent?.frameworks.flatMap(({ executors }) => executors) ?? []) {
    const tasks = outcomes.get(found.path)?.tasks;
    for (const task of runningRun(found)?.tasks ?? []) {
      const outcome = tasks?.get(task.id);
      if (outcome === undefined || outcome === 'skipped') continue;
      expect([task.path, isFinished(task)]).toEqual([task.path, outcome !== 'launched']);
    }
  }
};

describe('verify, in either mode and whether or not it comes up, counts what runs', () => {
  it.each(treeNames)('in %s', (tree) => {
    compare(tree, {});
    compare(tree, { rebooted: true });
  });

  it('in damaged trees', () => {
    for (const { tree, edits, rebooted } of readCases().filter((_, i) => i % 20 === 3)) {
      compare(tree, rebooted ? { rebooted } : {}, edits);
    }
  });
});
