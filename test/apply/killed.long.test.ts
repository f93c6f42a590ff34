import { expect, it } from 'vitest';
import { statesOf } from '../../src/apply/standing.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { countCalls, killedAt, quickly } from './calls.ts';
import {
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  forget,
  makeTree,
  outline,
  planned,
  resume,
  targetAt,
  undo,
} from './support.ts';

quickly();

/** What a tree looks like before the first step, and behind each. */
const stages = async (
  folder: string,
  steps: readonly PlannedChange[],
  processes: FakeProcesses,
): Promise<Set<string>> => {
  const seen = new Set([outline(folder).join('\n')]);
  const { place } = await apply(folder, steps, processes.start(), {
    onStep: () => seen.add(outline(folder).join('\n')),
  });
  await undo(place, processes.start());
  expect(seen.size).toBe(steps.length + 1);
  return seen;
};

/** The journal that was begun last, if any was. */
const newest = (folder: string) => statesOf(targetAt(folder)).findLast(({ record }) => record !== undefined);

it('while it applies, at any call: every tree is one between two steps, and can be gone on with, or back', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const before = fingerprint(folder);
  const between = await stages(folder, steps, processes);
  let after: string | undefined;
  const counted = await countCalls(async () => {
    const { place } = await apply(folder, steps, processes.start());
    after = outline(folder).join('\n');
    await undo(place, processes.start());
  });
  let killed = 0;
  for (let at = 0; at < counted.changing; at++) {
    const own = processes.start();
    const isKilled = await killedAt(at, () => apply(folder, steps, own));
    processes.kill(own.pid);
    if (isKilled) killed++;
    expect(between.has(outline(folder).join('\n')), `killed before call ${at}`).toBe(true);
    const found = newest(folder);
    if (found !== undefined && !['undone', 'rolled-back'].includes(found.standing.kind)) {
      if (at % 2 === 0) {
        expect(await resume(found.place, processes.start())).toMatchObject({ ending: 'applied' });
        expect(outline(folder).join('\n')).toBe(after);
      }
      await undo(found.place, processes.start());
    }
    expect(fingerprint(folder), `killed before call ${at}`).toEqual(before);
    forget(folder);
    if (!isKilled) break;
  }
  expect(killed).toBeGreaterThan(80);
});

it('while it takes back, at any call: the same', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const before = fingerprint(folder);
  const between = await stages(folder, steps, processes);
  let killed = 0;
  for (let at = 0; ; at++) {
    const { place } = await apply(folder, steps, processes.start());
    const own = processes.start();
    const isKilled = await killedAt(at, () => undo(place, own));
    processes.kill(own.pid);
    expect(between.has(outline(folder).join('\n')), `killed before call ${at}`).toBe(true);
    if (isKilled && at % 3 === 0) {
      expect(await resume(place, processes.start())).toMatchObject({ ending: 'applied' });
    }
    await undo(place, processes.start());
    expect(fingerprint(folder), `killed before call ${at}`).toEqual(before);
    forget(folder);
    if (!isKilled) break;
    killed++;
  }
  expect(killed).toBeGreaterThan(40);
});
