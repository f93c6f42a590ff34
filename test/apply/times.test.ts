import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { meeting, quickly } from './calls.ts';
import {
  AGENT,
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  forget,
  makeTree,
  outline,
  planned,
  undo,
} from './support.ts';

quickly();

/** What the kernel says to who is neither root nor the owner of a folder. */
const denied = (call: string): Error => Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: call, errno: -1 });

it('folders of others keep their new times, and that is said: all else is taken back', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const before = outline(folder);
  const { place } = await apply(folder, planned(folder, CHANGES), processes.start());
  const { ending, notes } = await meeting(
    (name) => {
      if (name === 'futimesSync') throw denied(name);
    },
    () => undo(place, processes.start()),
  );
  expect(ending).toBe('undone');
  expect(notes).toEqual([
    '1 of the folders did not get back the time at which they were modified: only their owner, or root, may give it',
  ]);
  expect(outline(folder)).toEqual(before);
});

it('one folder of another does not keep the others from their times', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const before = fingerprint(folder);
  const steps = planned(folder, [
    { kind: 'set-aside', path: `${AGENT}/bad.info` },
    { kind: 'set-aside', path: `${AGENT}/job [1]*\udcff/task` },
  ]);
  const { place } = await apply(folder, steps, processes.start());
  expect(fingerprint(folder)).toHaveLength(before.length - 2);
  let calls = 0;
  await meeting(
    (name) => {
      if (name === 'futimesSync' && ++calls === 1) throw denied(name);
    },
    () => undo(place, processes.start()),
  );
  const changed = fingerprint(folder).filter((line) => !before.includes(line));
  expect(changed).toHaveLength(1);
  expect(changed[0]).toMatch(/^\/meta\/slaves\/S1 /);
});

it('a work_dir of another is changed all the same, and what was done is taken back where it fails', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const before = outline(folder);
  const steps = planned(folder, CHANGES.slice(2, 4));
  await meeting(
    (name) => {
      if (name === 'futimesSync') throw denied(name);
    },
    async () => {
      const { place } = await apply(folder, steps, processes.start());
      await undo(place, processes.start());
      let renames = 0;
      await expect(
        meeting(
          (name) => {
            // Those of the lock and of the record, the first step, and the one that fails.
            if (name === 'renameSync' && ++renames === 4) throw denied(name);
          },
          () => apply(folder, steps, processes.start()),
        ),
      ).rejects.toThrow(/operation not permitted .*: what was done has been taken back/);
    },
  );
  expect(outline(folder)).toEqual(before);
});

it.each([
  ['before 1970', -5_500_000_001n],
  ['that a file system clamps to its last', 15_032_385_535_000_000_000n],
])('a time %s is carried in the record', async (_, modified) => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, [{ kind: 'set-aside', path: `${AGENT}/bad.info` }]);
  const { lstatSync, fstatSync } = fs;
  const late = <T>(stat: (...args: never[]) => T) =>
    ((...args: never[]) => {
      const found = stat(...args);
      const big = found as { size?: unknown; mtimeNs?: bigint } | undefined;
      if (typeof big?.mtimeNs === 'bigint' && big.size === 0n) big.mtimeNs = modified;
      return found;
    }) as never;
  const given = steps.map((step) => ({ ...step, before: { ...step.before, modified: `${modified}` } as never }));
  const { default: mutable } = await import('node:fs');
  const { syncBuiltinESMExports } = await import('node:module');
  Object.assign(mutable, { lstatSync: late(lstatSync as never), fstatSync: late(fstatSync as never) });
  syncBuiltinESMExports();
  try {
    const { place, ending } = await apply(folder, given, processes.start());
    expect(ending).toBe('applied');
    expect((await undo(place, processes.start())).ending).toBe('undone');
  } finally {
    Object.assign(mutable, { lstatSync, fstatSync });
    syncBuiltinESMExports();
  }
  forget(folder);
});
