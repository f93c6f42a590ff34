import { expect, it } from 'vitest';
import type { Process } from '../../src/host/process.ts';
import { descendantsOf } from '../../src/preflight/lives/judged-process.ts';

const processOf = (pid: number, parent: number): Process => ({
  pid,
  parent,
  name: 'x',
  state: 'S',
  started: undefined,
  command: ['x'],
  cgroups: [],
  unitGroup: undefined,
  environment: { known: true, value: new Map() },
  folder: undefined,
  pids: undefined,
});

const all = (...pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, Process> =>
  new Map(pairs.map(([pid, parent]) => [pid, processOf(pid, parent)]));

const pidsBelow = (owner: number, processes: ReadonlyMap<number, Process>): readonly number[] =>
  descendantsOf(processes.get(owner) as Process, processes).map(({ pid }) => pid);

it('the processes below another are found at any depth, the nearest first', () => {
  const processes = all([1, 0], [40, 1], [9, 41], [41, 40], [42, 40], [7, 42], [50, 1]);
  expect(pidsBelow(40, processes)).toEqual([41, 42, 9, 7]);
  expect(pidsBelow(50, processes)).toEqual([]);
  expect(pidsBelow(1, processes)).toEqual([40, 50, 41, 42, 9, 7]);
});

it('processes that say that they are below each other are found once', () => {
  expect(pidsBelow(1, all([1, 3], [2, 1], [3, 2], [4, 4]))).toEqual([2, 3]);
});

it('of a hundred thousand processes, each is looked at once', () => {
  let asked = 0;
  const processes = new Map<number, Process>();
  for (let pid = 1; pid <= 100_000; pid++) {
    const found = processOf(pid, pid - 1);
    processes.set(pid, {
      ...found,
      get parent() {
        asked++;
        return pid - 1;
      },
    });
  }
  for (let pid = 99_000; pid <= 100_000; pid++) pidsBelow(pid, processes);
  expect(asked).toBe(100_000);
});
