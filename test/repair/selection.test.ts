import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/checkpoint/open.ts';
import type { RepairOptions } from '../../src/repair/options.ts';
import { type Planning, planRepair } from '../../src/repair/plan-repair.ts';
import { selectorProblem } from '../../src/repair/selection.ts';
import { HOME } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { DB, DB1, DB2, volumesWith, writing } from './trees.ts';

const bad = Buffer.from('01000000ff', 'hex');
const both = volumesWith(writing(`${DB1}/executor.info`, bad), writing(`${DB2}/executor.info`, bad));
const withoutPid = volumesWith({ op: 'remove', path: `${DB}/framework.pid` }, writing(`${DB2}/executor.info`, bad));

const plan = (
  tree: typeof both,
  only: readonly string[] | undefined,
  skip: readonly string[],
  salvage = false,
): Planning => {
  const options: RepairOptions = {
    bootId: bootIdOf('volumes'),
    only,
    skip,
    salvage,
  };
  return planRepair(openSource(tree, { workDir: HOME }), options);
};

const left = ({ blocked }: Planning): readonly string[] =>
  blocked.filter(({ isLeftOut }) => isLeftOut).map(({ finding }) => finding.path);

describe('--skip and --only', () => {
  it.each([
    ['a code', undefined, ['executor-info-damaged'], [`${DB1}/executor.info`, `${DB2}/executor.info`]],
    ['a path', undefined, [`${DB1}/executor.info`], [`${DB1}/executor.info`]],
    ['a folder', undefined, [DB2], [`${DB2}/executor.info`]],
    ['a name', undefined, ['*/executor.info'], [`${DB1}/executor.info`, `${DB2}/executor.info`]],
    ['all but a path', [`${DB1}/*`], [], [`${DB2}/executor.info`]],
    ['all but another code', ['task-info-damaged'], [], [`${DB1}/executor.info`, `${DB2}/executor.info`]],
  ] as const)('leaving out %s that a start needs is refused, and says what', (_what, only, skip, paths) => {
    const planning = plan(both, only, skip);
    expect(planning.plan).toBeUndefined();
    expect(left(planning)).toEqual(paths);
    expect(planning.after.strict.starts[0]?.messages[0]).toContain(paths[0]);
  });

  it('what a start does not need is left out', () => {
    const all = plan(withoutPid, undefined, [], true);
    expect(all.plan?.steps.map(({ mends }) => mends[0].code)).toEqual([
      'executor-info-damaged',
      'framework-pid-missing',
    ]);
    // Without its pid the executors of the framework are not read at all.
    expect(plan(withoutPid, undefined, ['framework-pid-missing'], true).plan?.steps).toEqual([]);
  });

  it('what is left out for nothing changes nothing', () => {
    expect(plan(both, undefined, ['task-info-damaged']).plan?.steps).toHaveLength(2);
    expect(plan(both, ['executor-info-damaged'], []).plan?.steps).toHaveLength(2);
  });
});

describe('what selects', () => {
  it.each(['executor-info-damaged', 'vanished', 'meta/slaves/x', '**/task.updates', '*.info'])('%s does', (text) => {
    expect(selectorProblem(text)).toBeUndefined();
  });

  it.each([
    ['', /empty/],
    ['executor-info', /did you mean .*executor-info-damaged/],
    ['nonsense', /no finding has that code/],
  ])('%j does not', (text, problem) => {
    expect(selectorProblem(text)).toMatch(problem);
  });
});
