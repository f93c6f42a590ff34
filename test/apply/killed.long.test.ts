import { describe, expect, it } from 'vitest';
import { isTakenBack } from '../../src/apply/journal-actions.ts';
import { findJournal, type JournalPlace } from '../../src/apply/journals.ts';
import { statesOf } from '../../src/apply/standing.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { temporaryFolder } from '../support/trees.ts';
import { killedAt, quickly } from './calls.ts';
import { asOwnMount } from './own-mount.ts';
import {
  apply,
  CHANGES,
  FakeProcesses,
  fingerprint,
  forget,
  goOn,
  makeTree,
  modifiedOf,
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

/** The journals of which something is to be taken back. */
const undoable = (folder: string) => statesOf(targetAt(folder)).filter((state) => !isTakenBack(state));

describe.each<readonly [string, boolean, (() => string) | undefined]>([
  ['beside meta', false, undefined],
  ['in a meta of its own mount', true, undefined],
  ['elsewhere', false, () => `${temporaryFolder()}/a journal\n`],
])('killed at any call while it applies, with a journal %s', (_, isMounted, makeFolder) => {
  /** Kills an apply at each of its calls, and hands over what that leaves. */
  const atEach = async (
    then: (tree: {
      readonly folder: string;
      readonly where: string;
      readonly processes: FakeProcesses;
      readonly after: string;
      /** Applies once more, with the journal in the same place, or in another. */
      readonly again: (journal: 'same' | 'another') => Promise<JournalPlace>;
    }) => Promise<void>,
  ): Promise<void> => {
    const folder = makeTree();
    if (isMounted) asOwnMount(`${folder}/meta`);
    const processes = new FakeProcesses();
    const steps = planned(folder, CHANGES);
    const before = fingerprint(folder);
    const modified = modifiedOf(folder);
    const between = await stages(folder, steps, processes);
    const optionsOf = (journal: string | undefined) => (journal === undefined ? {} : { journal });
    const first = await apply(folder, steps, processes.start(), optionsOf(makeFolder?.()));
    const after = outline(folder).join('\n');
    await undo(first.place, processes.start());
    forget(folder);
    let killed = 0;
    for (let at = 0; ; at++) {
      const own = processes.start();
      const journal = makeFolder?.();
      const isKilled = await killedAt(at, () => apply(folder, steps, own, optionsOf(journal)));
      processes.kill(own.pid);
      if (!isKilled) break;
      killed++;
      const where = `killed before call ${at}`;
      expect(between.has(outline(folder).join('\n')), where).toBe(true);
      const again = async (place: 'same' | 'another'): Promise<JournalPlace> => {
        const options = optionsOf(place === 'same' ? journal : makeFolder?.());
        return (await apply(folder, steps, processes.start(), options)).place;
      };
      await then({ folder, where, processes, after, again });
      expect(undoable(folder), where).toEqual([]);
      expect(fingerprint(folder), where).toEqual(before);
      expect(modifiedOf(folder), where).toBe(modified);
      forget(folder);
    }
    expect(killed).toBeGreaterThan(80);
  };

  it('the next one goes on, with the journal in the same place', () =>
    atEach(async ({ folder, where, processes, after, again }) => {
      await goOn(folder, processes.start());
      if (undoable(folder).length === 0) await again('same');
      expect(outline(folder).join('\n'), where).toBe(after);
      expect(undoable(folder), where).toHaveLength(1);
      for (const { place } of undoable(folder)) await undo(place, processes.start());
    }));

  it('it can be taken back, and applied again', () =>
    atEach(async ({ folder, where, processes, after, again }) => {
      for (const { place } of undoable(folder)) await undo(findJournal(place.path), processes.start());
      await goOn(folder, processes.start());
      const place = await again('another');
      expect(outline(folder).join('\n'), where).toBe(after);
      await undo(place, processes.start());
    }));
});

it('while it takes back, at any call: the same', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const before = fingerprint(folder);
  const modified = modifiedOf(folder);
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
    expect(modifiedOf(folder), `killed before call ${at}`).toBe(modified);
    forget(folder);
    if (!isKilled) break;
    killed++;
  }
  expect(killed).toBeGreaterThan(40);
});
