import { describe, expect, it } from 'vitest';
import type { Start } from '../../src/recovery/simulate.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import type { Edit } from '../support/cases.ts';
import { applyEdits, loadTree, treeNames } from '../support/trees.ts';
import { type Assumptions, loadCheckpoint, startsOf, version } from '../support/verify.ts';
import { filesOf, pathsOf } from '../support/walk.ts';

const tree = loadTree('marathon');
const size = (path: string): number => filesOf(tree).get(path)?.length ?? -1;
const endingIn = (name: string): readonly string[] => [...filesOf(tree).keys()].filter((path) => path.endsWith(name));

/** A record of five bytes that is no message: field number 0. */
const BAD_RECORD = '0500000000000000aa';
/** A length, and nothing behind it. */
const TORN_RECORD = '05000000';

const logs = endingIn('/task.updates').filter((path) => size(path) > 0);
const pids = endingIn('/forked.pid');
const append = (path: string, hex: string): Edit => ({ op: 'append', path, hex });

const starts = (edits: readonly Edit[], assumptions: Assumptions = {}): readonly Start[] =>
  startsOf(loadCheckpoint(applyEdits(tree, edits)), assumptions);

const outline = (all: readonly Start[]): readonly unknown[] =>
  all.map(({ verdict, effects }) => [verdict, ...effects.map((effect) => `${effect.kind} ${effect.path}`)]);

it('the tree has what these tests damage', () => {
  expect(logs.length).toBeGreaterThan(2);
  expect(pids.length).toBeGreaterThan(2);
});

describe('a log with a record that does not parse', () => {
  const [path = ''] = logs;
  const cut = { kind: 'truncate', path, from: size(path) + BAD_RECORD.length / 2, to: size(path) };

  it('makes a strict agent cut it, refuse, and start at its second try', () => {
    const [first, second, ...more] = starts([append(path, BAD_RECORD)]);
    expect(first).toMatchObject({ verdict: 'refuses', stage: 'state', effects: [cut] });
    expect(second).toMatchObject({ verdict: 'recovers', effects: [], recoveryErrors: 0 });
    expect(more).toEqual([]);
  });

  it('is cut by an agent that is not strict, and counted', () => {
    const all = starts([append(path, BAD_RECORD)], { strict: false });
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ verdict: 'recovers', effects: [cut], recoveryErrors: 1 });
  });

  it('ends a strict start each, where there are several', () => {
    const damaged = logs.slice(0, 3);
    const all = starts(damaged.map((each) => append(each, BAD_RECORD)));
    expect(outline(all)).toEqual([...damaged.map((each) => ['refuses', `truncate ${each}`]), ['recovers']]);
    // The order of a listing decides which one is first.
    expect(all[0]?.messages).toHaveLength(3);
    expect(all.at(-2)?.messages).toHaveLength(1);
  });

  it('is cut in one start, where there are several and the agent is not strict', () => {
    const all = starts(
      logs.map((each) => append(each, BAD_RECORD)),
      { strict: false },
    );
    expect(outline(all)).toEqual([['recovers', ...logs.map((each) => `truncate ${each}`)]]);
    expect(all[0]?.recoveryErrors).toBe(logs.length);
  });
});

describe('a log with a torn end', () => {
  it.each([true, false])('is cut without a word (strict: %s)', (strict) => {
    const all = starts(
      logs.map((each) => append(each, TORN_RECORD)),
      { strict },
    );
    expect(outline(all)).toEqual([['recovers', ...logs.map((each) => `truncate ${each}`)]]);
    expect(all[0]?.recoveryErrors).toBe(0);
  });

  it('is cut before the start ends over another file', () => {
    const [log = ''] = logs;
    const [pid = ''] = pids;
    const all = starts([append(log, TORN_RECORD), { op: 'write', path: pid, hex: '78' }], { strict: false });
    expect(outline(all)).toEqual([['refuses', `truncate ${log}`], ['refuses']]);
  });
});

describe('a host that was rebooted', () => {
  it('has its forked pids removed', () => {
    const all = starts([], { rebooted: true });
    expect(outline(all)).toEqual([['recovers', ...pids.map((each) => `remove ${each}`)]]);
  });

  it('has them read by versions that did not remove them', () => {
    expect(outline(starts([], { rebooted: true, version: version('1.5.1') }))).toEqual([['recovers']]);
  });

  it('does not have them removed twice', () => {
    // An executor's marker is read after its runs.
    const [marker = ''] = endingIn('/executor_generated_for_command_task').slice(-1);
    const all = starts([{ op: 'write', path: marker, hex: '' }], { rebooted: true });
    expect(all.map(({ verdict }) => verdict)).toEqual(['refuses', 'refuses']);
    expect(all[1]?.effects).toEqual([]);
    expect(all[0]?.effects.length).toBeGreaterThan(0);
  });
});

describe('a target that takes the place of a link', () => {
  const [info, target] = ['meta/resources/resources.info', 'meta/resources/resources.target'];
  const legacy = loadTree('lone-legacy-target');
  const latest = [...pathsOf(legacy)].find((path) => path.endsWith('/runs/latest')) ?? '';

  it('is a file of its own at the next start, as it was cut', () => {
    const made = applyEdits(legacy, [
      { op: 'remove', path: info },
      { op: 'symlink', path: info, target: '/var/lib/mesos/meta' },
      { op: 'flip', path: target, offset: 0, mask: 1 },
      // The start cuts the target, commits it, and then ends over a run.
      { op: 'remove', path: latest },
      { op: 'mkdir', path: latest },
    ]);
    const all = startsOf(loadCheckpoint(made), { strict: false, version: version('1.4.0') });
    expect(outline(all)).toEqual([['aborts', `truncate ${target}`], ['aborts']]);
  });
});

describe('starts', () => {
  it('end where one repeats the one before it', () => {
    const [pid = ''] = pids;
    const all = starts([{ op: 'write', path: pid, hex: '78' }]);
    expect(all.map(({ verdict }) => verdict)).toEqual(['refuses', 'refuses']);
    expect(all[0]?.messages).toEqual(all[1]?.messages);
  });

  it.each(treeNames)('of %s change nothing in what was read', (name) => {
    const source: MemorySource = loadTree(name);
    const checkpoint = loadCheckpoint(source);
    for (const strict of [true, false]) {
      for (const rebooted of [true, false]) {
        const first = startsOf(checkpoint, { strict, rebooted });
        expect(startsOf(checkpoint, { strict, rebooted })).toEqual(first);
      }
    }
  });
});
