import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type AppliedPlan,
  applyPlan,
  listJournals,
  openPath,
  pack,
  parseVersion,
  planJson,
  planRepair,
  Refusal,
  readPlan,
  resumeJournal,
  TreeChanged,
  takeSnapshot,
  undoJournal,
  verifyCheckpoint,
  writeWhole,
} from '../../src/index.ts';
import { jsonLine } from '../../src/text/escape.ts';
import type { Edit } from '../support/cases.ts';
import { HOME, materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { quickly } from './calls.ts';
import { FakeProcesses, fingerprint, settle } from './support.ts';

quickly();

const pathTo = (end: RegExp): string => pathIn('marathon', end);
const EXECUTOR = pathTo(/shop_cache.*executor\.info$/);
const EDITS: readonly Edit[] = [
  { op: 'append', path: pathTo(/shop_web.*forked\.pid$/), hex: '0a' },
  { op: 'truncate', path: EXECUTOR, size: 3 },
];

/** A damaged tree, the plan that mends it, and a host without agents. */
const planned = () => {
  const folder = fs.realpathSync(materialise('marathon', EDITS));
  settle(folder);
  const open = () => openPath(folder, { workDir: HOME });
  const { plan } = planRepair(open(), { version: parseVersion('1.11.0') });
  if (plan === undefined) throw new Error('no plan');
  return { folder, open, plan, before: fingerprint(folder), host: { processes: new FakeProcesses().folder } };
};

const journalOf = ({ run }: AppliedPlan): string => run?.journal ?? '';

/** Stops a run behind its first step. */
const stoppingAfterOne = () => {
  const stop = new AbortController();
  return { signal: stop.signal, onStep: () => stop.abort() };
};

describe('the library', () => {
  it('plans, applies, lists and takes back', async () => {
    const { folder, open, plan, before, host } = planned();
    const seen: string[] = [];
    const onStep = (done: number, of: number): void => void seen.push(`${done} of ${of}`);
    const read = readPlan(jsonLine(planJson(plan)));
    const applied = await applyPlan(open(), read, { ...host, onStep, by: 'a test' });
    const journal = journalOf(applied);
    expect(applied).toMatchObject({ ending: 'applied', run: { done: 2, of: 2 }, resumed: [] });
    expect(journal).toContain(folder);
    expect(applied.verified?.strict.starts.map(({ verdict }) => verdict)).toEqual(['recovers']);
    expect(applied.differences).toEqual([]);
    expect(seen).toEqual(['1 of 2', '2 of 2']);
    expect(verifyCheckpoint(open()).strict.starts.map(({ verdict }) => verdict)).toEqual(['recovers']);
    expect(listJournals(open())).toMatchObject([
      { path: journal, standing: { kind: 'applied' }, changes: [{}, {}], problem: undefined },
    ]);
    expect(await undoJournal(journal, host)).toMatchObject({ ending: 'undone', done: 0, of: 2 });
    expect(fingerprint(folder)).toEqual(before);
    expect(await undoJournal(journal, host)).toMatchObject({ ending: 'undone', done: 0, of: 2 });
    expect(listJournals(open())).toMatchObject([{ standing: { kind: 'undone' }, problem: undefined }]);
  });

  it('goes on, or back, where it was stopped; and does nothing else before', async () => {
    const { folder, open, plan, before, host } = planned();
    const stopped = await applyPlan(open(), plan, { ...host, ...stoppingAfterOne() });
    const journal = journalOf(stopped);
    expect(stopped).toMatchObject({ ending: 'stopped', run: { done: 1, of: 2 }, verified: undefined });
    await expect(applyPlan(open(), plan, host)).rejects.toThrow(
      /ended too early: go on with it, or take it back, first/,
    );
    expect(await resumeJournal(journal, host)).toMatchObject({ ending: 'applied', done: 2 });
    await expect(resumeJournal(journal, host)).rejects.toThrow(/there is nothing to go on with/);
    expect(await undoJournal(journal, { ...host, ...stoppingAfterOne() })).toMatchObject({
      ending: 'stopped',
      done: 1,
    });
    expect(await resumeJournal(journal, host)).toMatchObject({ ending: 'undone', done: 0 });
    expect(fingerprint(folder)).toEqual(before);
  });

  it('refuses as the commands do', async () => {
    const { folder, open, plan, before, host } = planned();
    const agent = new FakeProcesses().folder;
    fs.mkdirSync(`${agent}/7/fd`, { recursive: true });
    fs.writeFileSync(`${agent}/7/cmdline`, `mesos-agent\0--work_dir=${folder}\0`);
    fs.writeFileSync(`${agent}/7/comm`, 'mesos-agent\n');
    await expect(applyPlan(open(), plan, { processes: agent })).rejects.toThrow(/^process 7 .* runs on /);
    const archive = `${temporaryFolder()}/n1.tar`;
    await writeWhole(archive, pack(takeSnapshot(open(), SNAPSHOT)), { force: false });
    await expect(applyPlan(openPath(archive), plan, host)).rejects.toThrow(/an archive; unpack it/);
    expect(() => listJournals(openPath(`${folder}/${EXECUTOR}/..`))).toThrow(/the folder of one executor/);
    await expect(undoJournal(folder, host)).rejects.toThrow(Refusal);
    expect(fingerprint(folder)).toEqual(before);
    fs.appendFileSync(`${folder}/${EXECUTOR}`, 'x');
    await expect(applyPlan(open(), plan, host)).rejects.toThrow(TreeChanged);
    expect(await applyPlan(open(), (tree) => planRepair(tree), { processes: agent, force: true })).toMatchObject({
      ending: 'applied',
      run: { done: 2 },
    });
    expect(await applyPlan(open(), (tree) => planRepair(tree), host)).toMatchObject({ ending: 'nothing-to-do' });
  });

  it('takes a snapshot, and writes it as a whole', async () => {
    const { open } = planned();
    const file = `${temporaryFolder()}/n1.tar.gz`;
    const size = await writeWhole(file, pack(takeSnapshot(open(), SNAPSHOT)), { force: false });
    expect(fs.statSync(file).size).toBe(size);
    const [tree, copy] = [verifyCheckpoint(open()), verifyCheckpoint(openPath(file))];
    expect(copy.strict.starts.map(({ messages }) => messages)).toEqual(
      tree.strict.starts.map(({ messages }) => messages),
    );
  });
});

const SNAPSHOT = { path: 'x', host: { name: 'here', bootId: undefined }, now: () => 0 } as const;
