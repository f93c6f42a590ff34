import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, it } from 'vitest';
import { apply, CHANGES, FakeProcesses, makeTree, planned, undo } from './support.ts';

/** A call, with the places that it is about: names in open folders are told by where the folder is now. */
type Call = readonly [name: string, ...places: readonly string[]];

const place = (of: unknown): string => {
  const text = Buffer.isBuffer(of) ? of.toString('latin1') : String(of);
  const [, descriptor, rest = ''] = /^\/proc\/self\/fd\/(\d+)(\/.*)?$/s.exec(text) ?? [];
  return descriptor === undefined ? text : `${fs.readlinkSync(`/proc/self/fd/${descriptor}`)}${rest}`;
};

/** What is called while something is done. */
const recording = async (use: () => Promise<unknown>): Promise<readonly Call[]> => {
  const calls: Call[] = [];
  const own = fs as unknown as Record<string, (...args: unknown[]) => unknown>;
  const restore: (() => void)[] = [];
  const wrap = (name: string, placesOf: (args: readonly unknown[]) => readonly string[]): void => {
    const original = own[name];
    if (original === undefined) throw new Error(name);
    own[name] = (...args) => {
      calls.push([name, ...placesOf(args)]);
      return original(...args);
    };
    restore.push(() => {
      own[name] = original;
    });
  };
  for (const name of ['renameSync', 'linkSync']) wrap(name, ([from, to]) => [place(from), place(to)]);
  for (const name of ['fsyncSync', 'fdatasyncSync', 'writeSync', 'fchmodSync']) {
    wrap(name, ([descriptor]) => [place(`/proc/self/fd/${descriptor}`)]);
  }
  syncBuiltinESMExports();
  try {
    await use();
  } finally {
    for (const each of restore) each();
    syncBuiltinESMExports();
  }
  return calls;
};

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** What is not on the disk when it has to be. */
const problemsOf = (calls: readonly Call[]): readonly string[] => {
  const problems: string[] = [];
  let isLogged = false;
  /** Written, and not yet synced. */
  const dirty = new Set<string>();
  for (const [i, [name, ...places]] of calls.entries()) {
    const [from = '', to = ''] = places;
    if (name === 'writeSync' || name === 'fchmodSync') dirty.add(from);
    if (name === 'fsyncSync' || name === 'fdatasyncSync') {
      dirty.delete(from);
      if (from.endsWith('/journal.jsonl')) isLogged = true;
    }
    if (name !== 'renameSync' || from.includes('lock-')) continue;
    if (dirty.has(from)) problems.push(`${from} is renamed before it is synced`);
    // The folder of journals, and the journal itself, are of no step.
    if (from.endsWith('.jsonl.new') || to.endsWith('/mesos-ckpt')) continue;
    if (!isLogged) problems.push(`${from} is renamed before the step is in the journal`);
    isLogged = false;
    const next = calls.slice(i + 1, i + 3).map(([call, at]) => `${call} ${at}`);
    for (const folder of [folderOf(from), folderOf(to)]) {
      if (!next.includes(`fsyncSync ${folder}`)) problems.push(`${folder} is not synced behind the rename of ${from}`);
    }
  }
  return problems;
};

it('what a step needs is on the disk before it, and what it did behind it', async () => {
  const folder = makeTree();
  const own = new FakeProcesses().start();
  let applied: Awaited<ReturnType<typeof apply>> | undefined;
  const forward = await recording(async () => {
    applied = await apply(folder, planned(folder, CHANGES), own);
  });
  const steps = (calls: readonly Call[]): number =>
    calls.filter(([name, from = '']) => name === 'renameSync' && !/lock-|jsonl|\.mesos-ckpt-/.test(from)).length;
  expect(steps(forward)).toBe(CHANGES.length);
  expect(problemsOf(forward)).toEqual([]);
  const backward = await recording(async () => applied && undo(applied.place, own));
  expect(steps(backward)).toBe(CHANGES.length);
  expect(problemsOf(backward)).toEqual([]);
});

it('would be noticed', async () => {
  const folder = makeTree();
  const own = new FakeProcesses().start();
  const calls = await recording(() => apply(folder, planned(folder, CHANGES), own));
  const without = (call: string, of: RegExp): readonly string[] =>
    problemsOf(calls.filter(([name, at = '']) => name !== call || !of.test(at)));
  expect(without('fdatasyncSync', /journal/).length).toBeGreaterThan(5);
  expect(without('fsyncSync', /kept$/)).toHaveLength(3);
  expect(without('fsyncSync', /new\/1$/)).toHaveLength(1);
});
