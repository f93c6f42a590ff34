import { describe, expect, it } from 'vitest';
import { Loader } from '../../src/checkpoint/load.ts';
import { openSource } from '../../src/checkpoint/open.ts';
import { framesOf } from '../../src/format/frames.ts';
import { comesUp } from '../../src/recovery/simulate.ts';
import type { RepairOptions } from '../../src/repair/options.ts';
import { changesOf } from '../../src/repair/plan/plan.ts';
import { withChanges } from '../../src/repair/plan/with-changes.ts';
import { type Planning, planRepair } from '../../src/repair/plan-repair.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { applyEdits, HOME, loadTree } from '../support/trees.ts';
import { bootIdOf } from '../support/verify.ts';
import { AGENT, bytesOf, DB, DB1, DB2, logOf, runOf, volumesWith, writing } from './trees.ts';

const volumes = loadTree('volumes');
const bootId = bootIdOf('volumes');

interface Asked {
  readonly copies?: readonly MemorySource[];
  readonly allowSuspect?: boolean;
}

const plan = (tree: MemorySource, options: RepairOptions = {}): Planning =>
  planRepair(openSource(tree, { workDir: HOME }), { bootId, ...options });

const salvage = (tree: MemorySource, { copies = [], allowSuspect = false }: Asked = {}): Planning =>
  plan(tree, {
    salvage: { copies: copies.map((copy) => openSource(copy, { workDir: HOME }).tree), allowSuspect },
  });

/** The steps of a plan in short: what each mends, and how certain it is. */
const stepsIn = ({ plan: planned }: Planning): readonly string[] | undefined =>
  planned?.steps.map(({ mends, certainty }) => `${mends[0].code} ${certainty}`);

const liveIn = ({ after }: Planning): number => after.strict.impact.tasks.live.length;

/** The bytes that a path has with a plan carried out. */
const bytesAfter = (tree: MemorySource, { plan: planned }: Planning, path: string): Buffer | undefined => {
  if (planned === undefined) return undefined;
  const file = withChanges(tree, changesOf(planned)).open(path);
  if ('code' in file) return undefined;
  const bytes = Buffer.alloc(file.size());
  file.read(bytes, 0, bytes.length, 0);
  return bytes;
};

const LIVE = liveIn(plan(volumes));

describe('a folder in the place of boot_id, over which the agent aborts when it has recovered', () => {
  const tree = volumesWith({ op: 'remove', path: 'meta/boot_id' }, { op: 'mkdir', path: 'meta/boot_id' });

  it('is left alone, because nothing ends the recovery', () => {
    expect(plan(tree).plan?.steps).toEqual([]);
  });

  it('is set aside where more is to be kept', () => {
    const planning = salvage(tree);
    expect(planning.plan?.steps).toMatchObject([
      { beyond: true, changes: [{ kind: 'set-aside', path: 'meta/boot_id' }], loses: '' },
    ]);
    expect(planning.after.strict.starts.map(comesUp)).toEqual([true]);
  });
});

describe('what comes up already', () => {
  it('is left alone where nothing more can be kept', () => {
    expect(LIVE).toBeGreaterThan(0);
    expect(stepsIn(salvage(volumes, { copies: [volumes], allowSuspect: true }))).toEqual([]);
  });

  it('is changed by --salvage alone', () => {
    const tree = volumesWith({ op: 'remove', path: `${DB}/framework.pid` });
    expect(stepsIn(plan(tree))).toEqual([]);
    expect(stepsIn(salvage(tree))).toEqual(['framework-pid-missing exact']);
  });
});

describe('resources_and_operations.state', () => {
  const path = 'meta/resources/resources_and_operations.state';
  const kept = plan(volumes).after.strict.impact;

  it.each([
    ['full of zeros', 'resource-state-zero-filled', Buffer.alloc(bytesOf(volumes, path).length)],
    ['empty', 'resource-state-empty', Buffer.alloc(0)],
  ])('%s is set aside beside an intact resources.info', (_what, code, bytes) => {
    const tree = volumesWith(writing(path, bytes));
    const planning = salvage(tree);
    expect(stepsIn(planning)).toEqual([`${code} exact`]);
    expect(planning.after.strict.impact.volumes.kept).toEqual(kept.volumes.kept);
    expect(kept.volumes.kept.length).toBeGreaterThan(0);
  });

  it('stays where resources.info holds nothing either', () => {
    const tree = volumesWith(
      writing(path, Buffer.alloc(40)),
      writing('meta/resources/resources.info', Buffer.alloc(0)),
    );
    expect(stepsIn(salvage(tree))).toEqual([]);
  });
});

describe('a log with a bad record in the middle', () => {
  const path = logOf(
    loadTree('marathon'),
    `${AGENT}/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000/executors/shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002`,
  );
  const marathon = loadTree('marathon');
  const bytes = bytesOf(marathon, path);
  const records = framesOf(bytes).records.map(({ offset, end }) => ({ offset, length: end - offset }));
  const [, second = { offset: 0, length: 0 }] = records;
  const changed = (change: (copy: Buffer) => void): MemorySource => {
    const copy = Buffer.from(bytes);
    change(copy);
    return applyEdits(marathon, [writing(path, copy)]);
  };
  const salvaged = (tree: MemorySource, allowSuspect = false): Planning =>
    planRepair(openSource(tree, { workDir: HOME }), {
      bootId: bootIdOf('marathon'),
      salvage: { allowSuspect },
    });

  it('has several records', () => {
    expect(records.length).toBeGreaterThan(3);
  });

  it('loses just that record', () => {
    const tree = changed((copy) => copy.fill(0xff, second.offset + 4, second.offset + 12));
    const planning = salvaged(tree);
    expect(stepsIn(planning)).toEqual(['task-updates-bad-record exact']);
    expect(bytesAfter(tree, planning, path)).toEqual(
      Buffer.concat([bytes.subarray(0, second.offset), bytes.subarray(second.offset + second.length)]),
    );
  });

  it('is read on at the next whole record where a length is false', () => {
    const tree = changed((copy) => copy.writeUInt32LE(second.length - 4 - 1, second.offset));
    const planning = salvaged(tree);
    expect(stepsIn(planning)).toEqual(['task-updates-bad-record suspect']);
    expect(bytesAfter(tree, planning, path)).toEqual(
      Buffer.concat([bytes.subarray(0, second.offset), bytes.subarray(second.offset + second.length)]),
    );
  });

  it('is read on where the agent would take it for a torn one, without an error: as it comes up, in words alone', () => {
    const tree = changed((copy) => copy.writeUInt32LE(0x00ffffff, second.offset));
    expect(stepsIn(salvaged(tree, true))).toEqual(['task-updates-torn suspect']);
    expect(stepsIn(salvaged(tree))).toEqual([]);
  });

  it('keeps no record of another task', () => {
    const other = bytesOf(volumes, logOf(volumes, DB1));
    const tree = applyEdits(marathon, [
      writing(path, Buffer.concat([bytes.subarray(0, second.offset), Buffer.from('01000000ff', 'hex'), other])),
    ]);
    const planning = salvaged(tree);
    expect(bytesAfter(tree, planning, path)).toEqual(bytes.subarray(0, second.offset));
  });
});

describe('texts', () => {
  it.each([
    ['forked.pid', `${runOf(volumes, DB1)}/pids/forked.pid`],
    ['executor_generated_for_command_task', `${DB1}/executor_generated_for_command_task`],
  ])('%s that is a number but for blanks is that number', (_what, path) => {
    const tree = volumesWith(writing(path, ` \t${bytesOf(volumes, path)}\n`));
    const planning = salvage(tree);
    expect(planning.plan?.steps[0]?.changes[0].kind).toBe('cut');
    expect(bytesAfter(tree, planning, path)).toEqual(bytesOf(volumes, path));
    expect(liveIn(planning)).toBe(LIVE);
  });

  it.each([
    ['missing', { op: 'remove', path: `${DB}/framework.pid` } as const],
    ['empty', writing(`${DB}/framework.pid`, '')],
  ])('a framework.pid that is %s becomes the empty pid', (_what, edit) => {
    const tree = volumesWith(edit);
    expect(liveIn(plan(tree))).toBe(0);
    const planning = salvage(tree);
    expect(bytesAfter(tree, planning, `${DB}/framework.pid`)?.toString()).toBe('@0.0.0.0:0');
    expect(liveIn(planning)).toBe(LIVE);
  });
});

describe('links', () => {
  const latest = `${DB1}/runs/latest`;

  it.each([
    ['missing', []],
    ['dangling', [{ op: 'symlink', path: latest, target: '/var/lib/mesos/nothing' } as const]],
    ['a file', [writing(latest, 'x')]],
  ])('runs/latest that is %s leads to the run that has not ended', (_what, edits) => {
    const tree = volumesWith({ op: 'remove', path: latest }, ...edits);
    const planning = salvage(tree);
    expect(planning.plan?.steps).toHaveLength(1);
    expect(liveIn(planning)).toBe(LIVE);
  });

  it('is not guessed where two runs have not ended', () => {
    const other = `${DB1}/runs/8f1c9a51-0c1e-4b6f-8f5e-1a2b3c4d5eff`;
    const tree = volumesWith({ op: 'remove', path: latest }, { op: 'mkdir', path: other });
    expect(stepsIn(salvage(tree))).toEqual([]);
  });

  it.each([
    ['missing', [], 'agent-latest-missing suspect'],
    [
      'dangling',
      [{ op: 'symlink', path: 'meta/slaves/latest', target: '/var/lib/mesos/meta/slaves/none' } as const],
      'agent-latest-dangling exact',
    ],
  ])('slaves/latest that is %s leads to the agent with a whole slave.info', (_what, edits, step) => {
    const tree = volumesWith(
      { op: 'remove', path: 'meta/slaves/latest' },
      { op: 'mkdir', path: 'meta/slaves/another-S1' },
      ...edits,
    );
    const planning = salvage(tree);
    expect(stepsIn(planning)).toEqual([step]);
    expect(liveIn(planning)).toBe(LIVE);
  });

  it('is not guessed where two agents have one', () => {
    const tree = volumesWith(
      { op: 'remove', path: 'meta/slaves/latest' },
      writing('meta/slaves/another-S1/slave.info', bytesOf(volumes, `${AGENT}/slave.info`)),
    );
    expect(stepsIn(salvage(tree))).toEqual([]);
  });
});

describe('copies', () => {
  const run = runOf(volumes, DB1);
  const log = logOf(volumes, DB1);

  it.each([
    ['slave.info', `${AGENT}/slave.info`],
    ['framework.info', `${DB}/framework.info`],
    ['framework.pid', `${DB}/framework.pid`],
    ['executor.info', `${DB1}/executor.info`],
    ['forked.pid', `${run}/pids/forked.pid`],
    ['task.info', log.replace('task.updates', 'task.info')],
    ['task.updates', log],
  ])('%s that is damaged here is taken from one in which it is whole', (name, path) => {
    const edits = name.endsWith('.pid')
      ? [{ op: 'remove', path } as const, { op: 'mkdir', path } as const]
      : [writing(path, '\x01\0\0\0\xff')];
    const tree = volumesWith(...edits);
    const planning = salvage(tree, { copies: [volumes] });
    expect(bytesAfter(tree, planning, path)).toEqual(bytesOf(volumes, path));
    expect(planning.plan?.steps).toHaveLength(1);
    expect(planning.plan?.steps[0]?.certainty).toBe('exact');
    expect(liveIn(planning)).toBe(LIVE);
  });

  it('are not taken from where the file is damaged too, or of another', () => {
    const path = `${DB1}/executor.info`;
    const tree = volumesWith(writing(path, '\x01\0\0\0\xff'));
    const others = [tree, volumesWith(writing(path, bytesOf(volumes, `${DB2}/executor.info`)))];
    expect(salvage(tree, { copies: others }).plan?.steps.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual(
      [['set-aside']],
    );
  });

  it('of a framework.info may be those of any agent', () => {
    const path = `${DB}/framework.info`;
    const tree = volumesWith(writing(path, '\x01\0\0\0\xff'));
    const elsewhere = applyEdits(volumes, [{ op: 'rename', path: AGENT, to: 'meta/slaves/another-S1' }]);
    const planning = salvage(tree, { copies: [elsewhere] });
    expect(bytesAfter(tree, planning, path)).toEqual(bytesOf(volumes, path));
    const executor = `${DB1}/executor.info`;
    const damaged = volumesWith(writing(executor, '\x01\0\0\0\xff'));
    expect(bytesAfter(damaged, salvage(damaged, { copies: [elsewhere] }), executor)).toBeUndefined();
  });
});

describe('a framework.info that nothing is left of', () => {
  const path = `${DB}/framework.info`;
  const tree = volumesWith(writing(path, '\x01\0\0\0\xff'));

  it('is made only where that is allowed', () => {
    expect(stepsIn(salvage(tree))).toEqual(['framework-info-damaged exact']);
    expect(liveIn(salvage(tree))).toBe(0);
  });

  it('is made of what its executors say', () => {
    const planning = salvage(tree, { allowSuspect: true });
    expect(stepsIn(planning)).toEqual(['framework-info-damaged suspect']);
    expect(liveIn(planning)).toBe(LIVE);
    const { agent } = new Loader({
      source: withChanges(tree, changesOf(planning.plan ?? { steps: [] })),
      home: HOME,
    }).checkpoint();
    const { info } = agent?.frameworks.find((each) => each.path === DB) ?? {};
    expect(info?.kind === 'whole' ? info.value : info).toMatchObject({
      id: { value: DB.slice(DB.lastIndexOf('/') + 1) },
      checkpoint: true,
      role: 'db',
    });
  });
});

it('leaves a file in the place of meta/slaves as it is: no recovery ends on it', () => {
  const tree = applyEdits(volumes, [
    { op: 'remove', path: 'meta/slaves' },
    { op: 'write', path: 'meta/slaves', hex: '78' },
  ]);
  expect(stepsIn(salvage(tree))).toEqual([]);
});
