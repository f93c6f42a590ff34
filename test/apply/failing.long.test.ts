import { expect, it } from 'vitest';
import { Refusal, Unfinished } from '../../src/apply/refusal.ts';
import { statesOf } from '../../src/apply/standing.ts';
import { countCalls, failingAt, quickly } from './calls.ts';
import { apply, CHANGES, FakeProcesses, fingerprint, forget, makeTree, planned, targetAt, undo } from './support.ts';

quickly();

const ERRNOS = ['ENOSPC', 'EROFS', 'EACCES', 'EIO'] as const;

/** What a failure may be: our own words, or the errno that was injected; never a fault of the program. */
const isExplained = (error: unknown, code: string): boolean =>
  error instanceof Refusal || error instanceof Unfinished || (error as NodeJS.ErrnoException).code === code;

it('leaves the tree as it was, whichever call of an apply fails, or goes on as if it had not', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const before = fingerprint(folder);
  const { all } = await countCalls(async () => {
    const { place } = await apply(folder, steps, processes.start());
    await undo(place, processes.start());
  });
  const outcomes = { applied: 0, back: 0, unfinished: 0 };
  for (let at = 0; at < all; at++) {
    const code = ERRNOS[at % ERRNOS.length] ?? 'EIO';
    const own = processes.start();
    const { hasFailed, name, error } = await failingAt(at, code, () => apply(folder, steps, own));
    processes.kill(own.pid);
    const where = `call ${at}, ${name}, ${code}: ${String((error as Error)?.stack)}`;
    const newest = statesOf(targetAt(folder)).at(-1);
    if (error === undefined) {
      outcomes.applied++;
      expect(newest?.standing.kind, where).toBe('applied');
    } else {
      expect(isExplained(error, code), where).toBe(true);
      if (!(error instanceof Unfinished)) {
        const isBack =
          newest === undefined || ['rolled-back', 'unused', 'undone', 'applied'].includes(newest.standing.kind);
        expect(isBack, where).toBe(true);
      }
    }
    if (newest?.standing.kind === 'applied' || newest?.standing.kind === 'unfinished') {
      if (newest.standing.kind === 'unfinished') outcomes.unfinished++;
      await undo(newest.place, processes.start());
    } else outcomes.back++;
    expect(fingerprint(folder), where).toEqual(before);
    forget(folder);
    if (!hasFailed) break;
  }
  expect(outcomes.back).toBeGreaterThan(200);
  expect(outcomes.unfinished).toBe(0);
});

it('can be taken back at the second try, whichever call of an undo fails', async () => {
  const folder = makeTree();
  const processes = new FakeProcesses();
  const steps = planned(folder, CHANGES);
  const before = fingerprint(folder);
  let failures = 0;
  for (let at = 0; ; at++) {
    const code = ERRNOS[at % ERRNOS.length] ?? 'EIO';
    const { place } = await apply(folder, steps, processes.start());
    const own = processes.start();
    const { hasFailed, name, error } = await failingAt(at, code, () => undo(place, own));
    processes.kill(own.pid);
    const where = `call ${at}, ${name}, ${code}: ${String((error as Error)?.stack)}`;
    if (error !== undefined) {
      failures++;
      expect(isExplained(error, code), where).toBe(true);
    }
    await undo(place, processes.start());
    expect(fingerprint(folder), where).toEqual(before);
    forget(folder);
    if (!hasFailed) break;
  }
  expect(failures).toBeGreaterThan(100);
});
