import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import { inspect } from '../../src/inspect/inspect.ts';
import { type Selection, select } from '../../src/inspect/select.ts';
import { countsOf, executorsIn, tasksIn } from '../../src/inspect/walk.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, loadTree } from '../support/trees.ts';
import { DAMAGES } from './trees.ts';

const ALL: Selection = { framework: [], executor: [], task: [], damaged: false };

const read = (name: string, edits: readonly Edit[] = []) =>
  inspect(openSource(applyEdits(loadTree(name), edits)), rulesOf([1, 11, 0]), 'facts');

const executors = (name: string, selection: Partial<Selection>): readonly string[] =>
  executorsIn(select(read(name), { ...ALL, ...selection })).map(({ executor }) => executor.id);

describe('select', () => {
  it('takes all where nothing is asked for', () => {
    expect(select(read('marathon'), ALL)).toEqual(read('marathon'));
  });

  it.each([
    ['*', 7],
    ['job[1]', 1],
    ['web.*', 2],
    ['what?', 1],
    ['gr??e*', 1],
    ['{job,web}*', 3],
    ['back\\\\slash', 1],
    ['back\\slash', 1],
    ['nobody', 0],
    ['!job*', 0],
  ])('matches executors by %s', (pattern, count) => {
    expect(executors('ids', { executor: [pattern] })).toHaveLength(count);
  });

  it('takes what matches one of several patterns', () => {
    expect(executors('ids', { executor: ['web.2', 'job*'] })).toEqual(['job[1]', 'web.2']);
  });

  it('keeps what holds a task, and nothing else', () => {
    const selected = select(read('marathon'), { ...ALL, task: ['shop_web*'] });
    expect(countsOf(selected)).toEqual({ frameworks: 1, executors: 1, runs: 2, tasks: 2, damaged: 0 });
    expect(executors('marathon', { framework: ['2b1a*'], executor: ['nobody'] })).toEqual([]);
    expect(countsOf(select(read('marathon'), { ...ALL, executor: ['nobody'] })).frameworks).toBe(0);
  });

  it('knows frameworks and tasks by their names too', () => {
    expect(executors('marathon', { framework: ['marathon'] })).toHaveLength(4);
    const byName = select(read('marathon'), { ...ALL, task: ['task-shop_api*'] });
    expect(tasksIn(byName)).toHaveLength(1);
  });

  it('keeps what is damaged, and what holds it', () => {
    const selected = select(read('marathon', DAMAGES), { ...ALL, damaged: true });
    expect(countsOf(selected)).toEqual({ frameworks: 1, executors: 4, runs: 4, tasks: 2, damaged: 6 });
    expect(countsOf(select(read('marathon'), { ...ALL, damaged: true })).frameworks).toBe(0);
  });
});
