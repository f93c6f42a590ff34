import { describe, expect, it } from 'vitest';
import { checks } from '../../../src/verify/checks/index.ts';
import { type Visitor, walk } from '../../../src/verify/checks/walk.ts';
import { applyEdits, loadTree, treeNames } from '../../support/trees.ts';
import { loadCheckpoint } from '../../support/verify.ts';
import { filesOf } from '../../support/walk.ts';
import { remove } from '../predict.ts';
import { brief, checked } from './run-check.ts';

/** The paths of the files that a walk shows and that are there. */
const filesSeen = (tree: string): readonly string[] => {
  const seen: string[] = [];
  walk(loadCheckpoint(loadTree(tree)), { file: (path, file) => file.kind !== 'absent' && seen.push(path) });
  return seen;
};

/** Files that only have to be there: nothing is read of them. */
const isMarker = (path: string): boolean => /\/(executor\.sentinel|http\.marker)$/.test(path);

describe('walk', () => {
  it.each(treeNames.filter((tree) => tree !== 'ids'))('shows every file of %s once', (tree) => {
    const there = [...filesOf(loadTree(tree)).keys()].filter((path) => path.startsWith('meta/') && !isMarker(path));
    expect([...filesSeen(tree)].sort()).toEqual(there.sort());
  });

  it('shows what holds something before what it holds', () => {
    const seen: string[] = [];
    const visitor: Visitor = {
      agent: ({ id }) => seen.push(`agent ${id}`),
      framework: ({ id }) => seen.push(`framework ${id}`),
      executor: ({ id }) => seen.push(`executor ${id}`),
      run: ({ id }) => seen.push(`run ${id}`),
      task: ({ id }) => seen.push(`task ${id}`),
    };
    walk(loadCheckpoint(loadTree('volumes')), visitor);
    expect(seen.map((line) => line.split('-').slice(-2).join('-'))).toEqual([
      expect.stringMatching(/-S7$/),
      expect.stringMatching(/-0002$/),
      'executor db-docker.1',
      expect.stringMatching(/5e21$/),
      'task db-docker.1',
      'executor db-docker.2',
      expect.stringMatching(/5e22$/),
      'task db-docker.2',
    ]);
  });

  it('shows what holds it with each', () => {
    const seen: string[] = [];
    walk(loadCheckpoint(loadTree('pods')), {
      task: (task, run, executor, framework, agent) => {
        for (const [inner, outer] of [
          [task, run],
          [run, executor],
          [executor, framework],
          [framework, agent],
        ] as const) {
          expect(inner.path.startsWith(`${outer.path}/`)).toBe(true);
        }
        seen.push(task.id);
      },
    });
    expect(seen).toHaveLength(4);
  });

  it('shows the links, those of runs too', () => {
    const seen: string[] = [];
    walk(loadCheckpoint(loadTree('volumes')), { latest: (path) => seen.push(path) });
    expect(seen).toEqual([
      'meta/slaves/latest',
      expect.stringMatching(/db-docker\.1\/runs\/latest$/),
      expect.stringMatching(/db-docker\.2\/runs\/latest$/),
    ]);
  });

  it('ends where nothing names the agent', () => {
    const seen: string[] = [];
    const source = applyEdits(loadTree('volumes'), [remove('meta/slaves/latest')]);
    walk(loadCheckpoint(source), { agent: ({ id }) => seen.push(id), file: (path) => seen.push(path) });
    expect(seen.filter((path) => path.startsWith('meta/slaves'))).toEqual([]);
  });
});

describe('the checks', () => {
  it('are each there once', () => {
    expect(new Set(checks).size).toBe(checks.length);
  });

  it.each(treeNames.filter((tree) => !['ids', 'update-with-bad-uuid', 'update-without-uuid'].includes(tree)))(
    'find nothing in %s',
    (tree) => {
      expect(checks.flatMap((check) => brief(checked(check, tree)))).toEqual([]);
    },
  );
});
