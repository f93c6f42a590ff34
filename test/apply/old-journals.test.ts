import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { listJournals, openPath, resumeJournal, undoJournal } from '../../src/index.ts';
import { temporaryFolder } from '../support/trees.ts';
import { quickly } from './calls.ts';
import { FakeProcesses } from './support.ts';

quickly();

/** Journals of one plan, as mesos-ckpt 0.1.0 wrote them: it sets a file aside, and cuts another. */
const JOURNALS = fileURLToPath(new URL('journals-0.1.0/', import.meta.url));

interface Step {
  readonly change: { readonly path: string };
  readonly before: { readonly sha256: string; readonly modified: string };
  readonly made?: { readonly sha256: string };
}

/** A tree with a journal of that version, and the steps of it. */
const treeWith = (name: 'applied' | 'stopped') => {
  const folder = fs.realpathSync(temporaryFolder());
  const journal = `${folder}/mesos-ckpt/2026-11-26T08-00-24Z`;
  fs.cpSync(`${JOURNALS}${name}`, journal, { recursive: true });
  for (const each of ['kept', 'new']) fs.mkdirSync(`${journal}/${each}`, { recursive: true });
  const lines = fs.readFileSync(`${journal}/journal.jsonl`, 'utf8').split('\n');
  const steps = lines.slice(1, 3).map((line) => JSON.parse(line) as Step);
  for (const { change } of steps) fs.mkdirSync(path.dirname(`${folder}/${change.path}`), { recursive: true });
  const cut = steps[1] as Step;
  const at = `${folder}/${cut.change.path}`;
  // What stands in the tree is in the journal that did the other step.
  fs.copyFileSync(`${JOURNALS}${name === 'applied' ? 'stopped/new/2' : 'applied/kept/2'}`, at);
  const seconds = Number(BigInt(cut.before.modified) / 1_000_000_000n);
  fs.utimesSync(at, seconds, seconds);
  const digests = () => steps.map(({ change }) => digestAt(`${folder}/${change.path}`));
  return { folder, journal, steps, digests, host: { processes: new FakeProcesses().folder } };
};

const digestAt = (file: string): string | undefined =>
  fs.existsSync(file) ? createHash('sha256').update(fs.readFileSync(file)).digest('hex') : undefined;

describe('a journal that mesos-ckpt 0.1.0 wrote', () => {
  it('is read, and taken back', async () => {
    const { folder, journal, steps, digests, host } = treeWith('applied');
    expect(digests()).toEqual([undefined, steps[1]?.made?.sha256]);
    expect(listJournals(openPath(folder))).toMatchObject([{ path: journal, standing: { kind: 'applied' } }]);
    expect(await undoJournal(journal, host)).toMatchObject({ ending: 'undone', done: 0, of: 2 });
    expect(digests()).toEqual(steps.map(({ before }) => before.sha256));
  });

  it('is gone on with, and taken back', async () => {
    const { folder, journal, steps, digests, host } = treeWith('stopped');
    expect(digests()).toEqual([undefined, steps[1]?.before.sha256]);
    expect(listJournals(openPath(folder))).toMatchObject([
      { standing: { kind: 'unfinished', direction: 'apply', done: 1 }, problem: undefined },
    ]);
    expect(await resumeJournal(journal, host)).toMatchObject({ ending: 'applied', done: 2 });
    expect(digests()).toEqual([undefined, steps[1]?.made?.sha256]);
    expect(await undoJournal(journal, host)).toMatchObject({ ending: 'undone', done: 0 });
    expect(digests()).toEqual(steps.map(({ before }) => before.sha256));
  });
});
