import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { undoJournal } from '../../src/apply/journal-actions.ts';
import type { JournalPlace } from '../../src/apply/journals.ts';
import { statesOf } from '../../src/apply/standing.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { seed } from '../support/random.ts';
import { temporaryFolder } from '../support/trees.ts';
import { killedAt, mustRun, runOnCopy, type ScriptHost, scriptFile, scriptHosts } from './script-support.ts';
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

const hosts = scriptHosts();

/** What a tree looks like before the first step, and behind each: a run that is killed leaves one of these. */
const stages = async (folder: string, steps: readonly PlannedChange[]): Promise<ReadonlySet<string>> => {
  const processes = new FakeProcesses();
  const seen = new Set([outline(folder).join('\n')]);
  const { place } = await apply(folder, steps, processes.start(), {
    onStep: () => seen.add(outline(folder).join('\n')),
  });
  await undo(place, processes.start());
  forget(folder);
  return seen;
};

/** Every call at which a run may be killed, or some of them: dash is fast enough for all. */
const callsOf = ({ name }: ScriptHost, isElsewhere = false): { readonly first: number; readonly step: number } =>
  name === 'dash' && !isElsewhere ? { first: 1, step: 1 } : { first: 1 + (seed % 13), step: 13 };

/** Takes a killed run back, by the script or by mesos-ckpt. */
const takeBack = async (host: ScriptHost, file: string, folder: string, byScript: boolean): Promise<void> => {
  const state = statesOf(targetAt(folder)).findLast(({ record }) => record !== undefined);
  if (byScript || state === undefined) mustRun(host, file, 'undo', folder);
  else await undoJournal(state.place.path, { force: true });
};

describe.each(hosts)(`killed under $name (seed ${seed})`, (host) => {
  it.each([
    ['beside meta', false],
    ['elsewhere', true],
  ])(
    'while it applies, at any command that changes something: it goes on, or back, with its journal %s',
    { timeout: 900_000 },
    async (_, isElsewhere) => {
      const folder = makeTree();
      const steps = planned(folder, CHANGES);
      const before = fingerprint(folder);
      const between = await stages(folder, steps);
      const after = [...between].at(-1);
      const journal = isElsewhere ? `${temporaryFolder()}/a journal` : undefined;
      const file = scriptFile(folder, steps, { journal });
      const { first, step } = callsOf(host, isElsewhere);
      let killed = 0;
      for (let at = first; ; at += step) {
        const { code } = runOnCopy(host, killedAt(file, at), 'apply', folder);
        expect(between.has(outline(folder).join('\n')), `killed before call ${at}`).toBe(true);
        if (code === 0) break;
        expect(code, `killed before call ${at}`).toBe(null);
        killed++;
        if (at % 3 === 1) {
          mustRun(host, file, 'apply', folder);
          expect(outline(folder).join('\n'), `gone on after call ${at}`).toBe(after);
        }
        await takeBack(host, file, folder, at % 2 === 0);
        expect(fingerprint(folder), `taken back after call ${at}`).toEqual(before);
        forget(folder);
        if (journal !== undefined) fs.rmSync(journal, { recursive: true, force: true });
      }
      expect(killed).toBeGreaterThan(25 / step);
    },
  );

  it('while it takes back, at any such command: the same', { timeout: 900_000 }, async () => {
    const folder = makeTree();
    const steps = planned(folder, CHANGES);
    const before = fingerprint(folder);
    const between = await stages(folder, steps);
    const after = [...between].at(-1);
    const file = scriptFile(folder, steps);
    const { first, step } = callsOf(host);
    mustRun(host, file, 'apply', folder);
    const place = statesOf(targetAt(folder))[0]?.place as JournalPlace;
    const processes = new FakeProcesses();
    let killed = 0;
    for (let at = first; ; at += step) {
      const { code } = runOnCopy(host, killedAt(file, at), 'undo', folder);
      expect(between.has(outline(folder).join('\n')), `killed before call ${at}`).toBe(true);
      if (code === 0) break;
      expect(code, `killed before call ${at}`).toBe(null);
      killed++;
      if (at % 3 === 0) {
        mustRun(host, file, 'apply', folder);
        expect(outline(folder).join('\n'), `gone on after call ${at}`).toBe(after);
      }
      await takeBack(host, file, folder, at % 2 === 0);
      expect(fingerprint(folder), `taken back after call ${at}`).toEqual(before);
      // What the script has made is put in again as the script does it, and sooner.
      await resume(place, processes.start());
      expect(outline(folder).join('\n')).toBe(after);
    }
    expect(killed).toBeGreaterThan(10 / step);
  });
});
