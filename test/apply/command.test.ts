import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Edit } from '../support/cases.ts';
import { complaintsOf } from '../support/schemas.ts';
import * as session from '../support/session.ts';
import { HOME, materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { quickly } from './calls.ts';
import { FakeProcesses, fingerprint, outline, settle } from './support.ts';

quickly();

/** Runs a command line, on a host with these processes. */
const run = async (
  argv: readonly string[],
  processes = new FakeProcesses().folder,
  isTerminal = false,
  onOutput = (): void => undefined,
  onError = (_: string): void => undefined,
) => {
  let out = '';
  let err = '';
  const exitCode = await main(argv, {
    out: (text) => {
      out += text;
      onOutput();
    },
    err: (text) => {
      err += text;
      onError(text);
    },
    columns: 80,
    colour: false,
    processes,
    ...(isTerminal ? { terminal: { columns: 80 } } : {}),
  });
  // What each command prints with --json is what its schema says.
  if (argv.includes('--json')) expect(complaintsOf(argv[0] ?? '', JSON.parse(out))).toEqual([]);
  return { out, err, exitCode, json: argv.includes('--json') ? JSON.parse(out) : undefined };
};

/** A plan file, as far as these tests edit one. */
interface EditedPlan {
  readonly steps: { readonly changes: object[] }[];
  readonly touched: object[];
  readonly rehearsed: { verdict: string; exitCode: number; tasks: number };
}

/** A clock that leaps on at each look, so that progress is shown behind every step. */
const leaping = () => {
  let now = Date.now();
  return vi.spyOn(Date, 'now').mockImplementation(() => {
    now += 2000;
    return now;
  });
};

const pathTo = (end: RegExp): string => pathIn('marathon', end);

const EXECUTOR = pathTo(/shop_cache.*executor\.info$/);
const EDITS: readonly Edit[] = [
  { op: 'append', path: pathTo(/shop_web.*forked\.pid$/), hex: '0a' },
  { op: 'truncate', path: EXECUTOR, size: 3 },
];

const damaged = (): string => {
  const folder = fs.realpathSync(materialise('marathon', EDITS));
  settle(folder);
  return folder;
};

const HERE = ['--work-dir', HOME];
const journalOf = (folder: string): string => {
  const name = fs.readdirSync(`${folder}/mesos-ckpt`).find((each) => /Z$/.test(each));
  return `${folder}/mesos-ckpt/${name}`;
};

describe('prune --apply', () => {
  it('applies, verifies, and says how to take it back', async () => {
    const folder = damaged();
    const before = fingerprint(folder);
    const { out, err, exitCode } = await run(['prune', folder, '--apply', ...HERE]);
    const journal = journalOf(folder);
    expect(err).toBe('');
    expect(exitCode).toBe(0);
    expect(out).toContain('\nApplied: 2 steps. Verified again, strict: recovers, 1 executor and 1 task lost\n');
    expect(out).toContain(`\nTo take it back:\n  mesos-ckpt undo ${journal}\n`);
    expect(out).not.toContain('Nothing was written');
    const again = await run(['prune', folder, '--apply', ...HERE]);
    expect(again.out).toMatch(/^Nothing to do\. strict: recovers/);
    const undone = await run(['undo', journal]);
    expect(undone).toMatchObject({ exitCode: 0, err: '' });
    expect(undone.out.replaceAll('\n', ' ')).toContain(`Taken back: in ${folder} all that`);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('does not let an agent be started that would forget what runs here', async () => {
    const folder = damaged();
    const agents = `${folder}/meta/slaves`;
    const [agent = ''] = fs.readdirSync(agents).filter((name) => name !== 'latest');
    fs.cpSync(`${agents}/${agent}`, `${agents}/another`, { recursive: true, verbatimSymlinks: true });
    fs.rmSync(`${agents}/latest`);
    const { out, exitCode } = await run(['prune', folder, '--apply', ...HERE]);
    expect(out).toMatch(/^strict: comes up as a new agent, and forgets /);
    expect(exitCode).toBe(2);
  });

  it('prints one line of JSON', async () => {
    const folder = damaged();
    const { json, exitCode } = await run(['prune', folder, '--apply', '--json', ...HERE]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      command: 'prune',
      outcome: 'applied',
      exitCode: 0,
      applied: {
        journal: journalOf(folder),
        ending: 'applied',
        done: 2,
        of: 2,
        asRehearsed: true,
        verified: { exitCode: 1, starts: [{ verdict: 'recovers' }] },
      },
      resumed: [],
    });
  });

  it('prints as JSON what there was to do, what was gone on with, and where it was stopped', async () => {
    const folder = damaged();
    const clock = leaping();
    const interrupt = { now: 0 };
    const stop = (text: string): void => {
      if (text.includes('applying: 1 of 2') && ++interrupt.now === 1) process.emit('SIGINT');
    };
    // Signals are heard between two steps: this one when the first is done.
    const stopped = await run(['prune', folder, '--apply', '--json', ...HERE], undefined, true, undefined, stop);
    clock.mockRestore();
    expect(stopped.exitCode).toBe(130);
    expect(stopped.json).toMatchObject({ outcome: 'stopped', exitCode: 130 });
    expect(stopped.json.applied).toMatchObject({ ending: 'stopped', done: 1, of: 2, verified: null });
    const again = await run(['prune', folder, '--apply', '--json', ...HERE]);
    expect(again.json).toMatchObject({ outcome: 'nothing-to-do', applied: null });
    expect(again.json.resumed).toEqual([{ journal: journalOf(folder), ending: 'applied' }]);
    const plain = await run(['prune', folder, '--json', ...HERE]);
    expect(plain.json).not.toHaveProperty('applied');
    expect(plain.json).not.toHaveProperty('resumed');
  });

  it('prints as JSON that it was stopped while it went on with an earlier run', async () => {
    const folder = damaged();
    const clock = leaping();
    const interrupt = { now: 0 };
    const stop = (text: string): void => {
      if (text.includes('applying: 1 of 2') && ++interrupt.now === 1) process.emit('SIGTERM');
    };
    await run(['prune', folder, '--apply', '--json', ...HERE], undefined, true, undefined, stop);
    clock.mockRestore();
    const kept = fs.readdirSync(`${journalOf(folder)}/kept`);
    expect(kept).toHaveLength(1);
    const listeners = process.listenerCount('SIGTERM');
    const signal = (): void => {
      if (process.listenerCount('SIGTERM') === listeners) setImmediate(signal);
      else process.emit('SIGTERM');
    };
    signal();
    const { json, exitCode, err } = await run(['prune', folder, '--apply', '--json', ...HERE]);
    expect([exitCode, err]).toEqual([143, '']);
    expect(json.error).toBe('stopped while going on with an earlier run; the next prune --apply goes on again');
    expect(fs.readdirSync(`${journalOf(folder)}/kept`)).toEqual(kept);
  });

  it('takes a plan that was made for a rebooted host where it was, or where that is said again', async () => {
    const folder = damaged();
    const file = `${temporaryFolder()}/plan.json`;
    const planned = await run(['prune', folder, '--rebooted', '--plan', file, ...HERE]);
    expect(planned.out).toContain(`prune ${folder} --apply ${file} --rebooted --work-dir ${HOME}\n`);
    const boot = fs.readFileSync(`${folder}/meta/boot_id`, 'utf8').trim();
    const refused = await run(['prune', folder, '--apply', file, '--boot-id', boot, ...HERE]);
    expect([refused.exitCode, refused.err]).toEqual([3, expect.stringContaining('by meta/boot_id this one was not')]);
    expect((await run(['prune', folder, '--apply', file, '--rebooted', ...HERE])).exitCode).toBe(0);
  });

  it('applies a plan from a file, once, and not where the tree has changed', async () => {
    const folder = damaged();
    const file = `${temporaryFolder()}/plan.json`;
    await run(['prune', folder, '--plan', file, ...HERE]);
    const { mtime } = fs.statSync(`${folder}/${EXECUTOR}`);
    fs.utimesSync(`${folder}/${EXECUTOR}`, mtime, new Date());
    const changed = await run(['prune', folder, '--apply', file, ...HERE]);
    expect(changed.exitCode).toBe(3);
    expect(changed.err).toMatch(/the tree has changed since the plan was made: .*executor\.info was written again/);
    expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
    fs.utimesSync(`${folder}/${EXECUTOR}`, mtime, mtime);
    settle(folder);
    fs.rmSync(file);
    await run(['prune', folder, '--plan', file, ...HERE]);
    expect((await run(['prune', folder, '--apply', file, ...HERE])).exitCode).toBe(0);
    const again = await run(['prune', folder, '--apply', file, ...HERE]);
    expect(again.exitCode).toBe(3);
    expect(again.err).toMatch(/the tree has changed since the plan was made/);
  });

  it('looks for agents again when all is planned: one that ends at once is started again and again', async () => {
    const folder = damaged();
    const before = fingerprint(folder);
    const processes = new FakeProcesses().folder;
    let isStarted = false;
    const start = (): void => {
      isStarted = true;
      fs.mkdirSync(`${processes}/7/fd`, { recursive: true });
      fs.writeFileSync(`${processes}/7/cmdline`, `mesos-agent\0--work_dir=${folder}\0`);
      fs.writeFileSync(`${processes}/7/comm`, 'mesos-agent\n');
    };
    // What is planned is shown when the first look is over.
    const { exitCode, err, out } = await run(['prune', folder, '--apply', ...HERE], processes, false, start);
    expect(isStarted).toBe(true);
    expect(out).toMatch(/The plan: 2 steps/);
    expect(err).toMatch(/^mesos-ckpt: process 7 \(mesos-agent .* runs on /);
    expect(exitCode).toBe(3);
    expect(fingerprint(folder)).toEqual(before);
    expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
  });

  it('says of a journal that it cannot read, and goes on', async () => {
    const folder = damaged();
    await run(['prune', folder, '--apply', ...HERE]);
    const record = `${journalOf(folder)}/journal.jsonl`;
    const text = fs.readFileSync(record, 'utf8');
    for (const [damage, why] of [
      [text.slice(0, 500), /cannot be read, and is left alone: .*: lines are missing/],
      [undefined, /left alone: .*journal\.jsonl is gone, and what was taken lies in kept/],
    ] as const) {
      if (damage === undefined) fs.rmSync(record);
      else fs.writeFileSync(record, damage);
      const { err, out, exitCode } = await run(['prune', folder, '--apply', ...HERE]);
      expect(err).toMatch(why);
      expect(out).toMatch(/^Nothing to do/);
      expect(exitCode).toBe(0);
      expect((await run(['undo', journalOf(folder)])).exitCode).toBe(3);
      expect((await run(['undo', '--list', folder])).out).toMatch(/unreadable/);
      expect(fs.readdirSync(`${journalOf(folder)}/kept`)).toEqual(['1', '2']);
    }
  });

  it('has nothing to take back of a journal that was not begun', async () => {
    const folder = damaged();
    const journal = `${folder}/mesos-ckpt/2026-01-02T03-04-05Z`;
    for (const name of ['kept', 'new']) fs.mkdirSync(`${journal}/${name}`, { recursive: true });
    fs.writeFileSync(`${journal}/new/1`, 'half');
    const { json, exitCode } = await run(['undo', journal, '--json']);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ outcome: 'already-undone', done: 0, of: 0 });
    expect((await run(['undo', '--list', folder])).out).toMatch(/not begun +-/);
    expect((await run(['prune', folder, '--apply', ...HERE])).exitCode).toBe(0);
    expect(fs.existsSync(journal)).toBe(false);
  });

  it.each<readonly [string, (plan: EditedPlan) => void, RegExp]>([
    [
      'makes a file where no folder is',
      ({ steps, touched }) => {
        const path = `${EXECUTOR}/x`;
        steps[0]?.changes.push({ kind: 'create-file', path, bytes: '', like: EXECUTOR });
        touched.push({ path, before: { kind: 'absent' } });
      },
      /earlier step|folder that is set aside/,
    ],
    [
      'makes a file in what is not there',
      ({ steps, touched }) => {
        const path = 'meta/slaves/nowhere/x';
        steps[0]?.changes.push({ kind: 'create-file', path, bytes: '', like: EXECUTOR });
        touched.push({ path, before: { kind: 'absent' } });
      },
      /^mesos-ckpt: the plan does not fit the tree: meta\/slaves\/nowhere\/x: .* is not a folder$/m,
    ],
    [
      'promises another exit code',
      (plan) => {
        plan.rehearsed.exitCode = 0;
      },
      /and its exit code is another: the plan was edited, or the tree has changed; make another/,
    ],
    [
      'promises more tasks',
      (plan) => {
        plan.rehearsed.tasks += 1;
      },
      /the plan says that 3 executors and 3 tasks live, and by its rehearsal 3 executors and 2 tasks live: the plan was/,
    ],
    [
      'promises less',
      (plan) => {
        plan.rehearsed.verdict = 'new-agent';
      },
      /with this plan a strict start would not come up any more/,
    ],
  ])('does not take a plan file that %s', async (_, edit, message) => {
    const folder = damaged();
    const before = fingerprint(folder);
    const file = `${temporaryFolder()}/plan.json`;
    await run(['prune', folder, '--plan', file, ...HERE]);
    const plan = JSON.parse(fs.readFileSync(file, 'utf8'));
    edit(plan);
    fs.writeFileSync(file, JSON.stringify(plan));
    const { exitCode, err } = await run(['prune', folder, '--apply', file, ...HERE]);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/internal error/);
    expect(exitCode).toBe(3);
    expect(fingerprint(folder)).toEqual(before);
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    ['--journal without it', ['--journal', 'x'], /--journal needs --apply/],
    ['--force without it', ['--force'], /--force needs --apply/],
    ['--plan with it', ['--apply', '--plan', 'x'], /--plan and --apply cannot be used together/],
    ['a file that is not there', ['--apply', 'nothing.json'], /--apply: nothing.json cannot be read: no such file/],
    ['what a plan is made by', ['--apply', 'x', '--skip', 'slave-info-damaged'], /--skip is for planning/],
  ])('does not take %s', async (_, options, message) => {
    const folder = damaged();
    const { exitCode, err } = await run(['prune', folder, ...options, ...HERE]);
    expect(exitCode).toBe(3);
    expect(err).toMatch(message);
  });

  it('refuses while an agent runs, and names it; --force does not', async () => {
    const folder = damaged();
    const before = fingerprint(folder);
    const processes = new FakeProcesses().folder;
    fs.mkdirSync(`${processes}/7/fd`, { recursive: true });
    fs.writeFileSync(`${processes}/7/cmdline`, `/usr/sbin/mesos-agent\0--work_dir=${folder}\0--x=\u001b[31m\0`);
    fs.writeFileSync(`${processes}/7/comm`, 'mesos-agent\n');
    for (const argv of [
      ['prune', folder, '--apply', ...HERE],
      ['prune', folder, '--apply', '--json', ...HERE],
    ]) {
      const { exitCode, err, out } = await run(argv, processes);
      expect(exitCode).toBe(3);
      expect(err + out).toContain(`process 7 (/usr/sbin/mesos-agent --work_dir=${folder} --x=`);
      expect(err + out).not.toContain('\u001b');
      expect(fingerprint(folder)).toEqual(before);
      expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
    }
    expect((await run(['prune', folder, '--apply', '--force', ...HERE], processes)).exitCode).toBe(0);
    expect((await run(['undo', journalOf(folder)], processes)).exitCode).toBe(3);
    expect((await run(['undo', journalOf(folder), '--force'], processes)).exitCode).toBe(0);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('shows how far it is, on a terminal only', async () => {
    const folder = damaged();
    const clock = leaping();
    try {
      const shown = await run(['prune', folder, '--apply', ...HERE], undefined, true);
      const lines = stripVTControlCharacters(shown.err).split('\n');
      expect(lines.filter((line) => line.startsWith('applying: '))).toEqual([
        'applying: 0 of 2',
        expect.stringMatching(/^applying: 1 of 2, about \d+ seconds left$/),
        'applying: 2 of 2',
      ]);
      expect(lines).toContain('comparing the ways out: 1 of 5, trying changes: 1');
      // The last line is erased.
      expect(shown.err.slice(shown.err.lastIndexOf('applying: 2 of 2'))).toContain('\u{1b}[2K');
      expect((await run(['undo', journalOf(folder), '--quiet'], undefined, true)).err).toBe('');
      await run(['prune', folder, '--apply', ...HERE]);
      expect((await run(['undo', journalOf(folder)], undefined, false)).err).toBe('');
    } finally {
      clock.mockRestore();
    }
  });

  it.each(['relative', 'absolute'])(
    'changes what a %s link of folders leads to, where that really is',
    async (kind) => {
      const folder = damaged();
      const executors = path.dirname(path.dirname(`${folder}/${EXECUTOR}`));
      fs.mkdirSync(`${folder}/meta/elsewhere`);
      fs.renameSync(executors, `${folder}/meta/elsewhere/executors`);
      fs.symlinkSync(
        kind === 'absolute' ? `${folder}/meta/elsewhere/executors` : '../../../../elsewhere/executors',
        executors,
      );
      const before = fingerprint(folder);
      const file = `${temporaryFolder()}/plan.json`;
      // Where the tree is taken to live here, its latest links lead out of it, and are made again.
      const at = kind === 'absolute' ? ['--work-dir', folder] : HERE;
      expect((await run(['prune', folder, '--plan', file, ...at])).exitCode).toBe(1);
      const { err, json } = await run(['prune', folder, '--apply', file, '--json', ...at]);
      expect(err).toBe('');
      expect(json.applied).toMatchObject({ ending: 'applied', asRehearsed: true });
      expect(json.steps.length).toBe(kind === 'absolute' ? 6 : 2);
      expect(fs.readlinkSync(executors)).toMatch(/elsewhere\/executors$/);
      expect((await run(['undo', journalOf(folder)])).exitCode).toBe(0);
      expect(fingerprint(folder)).toEqual(before);
    },
  );

  it('changes a copy of meta alone, under any name', async () => {
    const folder = damaged();
    fs.renameSync(`${folder}/meta`, `${folder}/copy`);
    const before = fingerprint(folder);
    expect((await run(['prune', `${folder}/copy`, '--apply', ...HERE])).exitCode).toBe(0);
    expect(fs.readFileSync(`${journalOf(folder)}/kept/1`)).toHaveLength(3);
    expect((await run(['undo', journalOf(folder)])).exitCode).toBe(0);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('does nothing to an archive', async () => {
    const file = `${temporaryFolder()}/n1.tar`;
    fs.copyFileSync(new URL('../../fixtures/conformance/trees/marathon.tar', import.meta.url), file);
    const { exitCode, err } = await run(['prune', file, '--apply']);
    expect(exitCode).toBe(3);
    expect(err).toMatch(/n1\.tar: an archive; unpack it/);
  });
});

describe('undo', () => {
  it('lists the journals of a tree, by its path, its meta or one of them', async () => {
    const folder = damaged();
    const none = await run(['undo', '--list', folder]);
    expect(none.out.replaceAll('\n', ' ')).toContain('nothing was applied to it');
    await run(['prune', folder, '--apply', ...HERE]);
    const journal = journalOf(folder);
    const list = await run(['undo', '--list', folder]);
    expect(list.out).toMatch(
      /JOURNAL +STEPS +CHANGES +STATE +UNDO\n\S+Z +2 +1 set aside, 1 cut +applied +yes\n\nTo take it back:\n {2}mesos-ckpt undo \S+Z\n$/,
    );
    for (const at of [`${folder}/meta`, `${folder}/mesos-ckpt`, journal]) {
      expect((await run(['undo', '--list', at])).out).toBe(list.out);
    }
    // Wide enough for a date too: for some hours of each day it is another one there.
    const there = { zone: 'Asia/Kathmandu', columns: 100 };
    expect((await session.run(['undo', '--list', folder], there)).out).toMatch(
      /JOURNAL +LOCAL TIME +STEPS .*\n\S+Z +(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\+05:45 +2 /,
    );
    expect((await session.run(['undo', '--list', folder, '--utc'], there)).out).toBe(list.out);
    const looked = await session.run(['undo', '--dry-run', journal], there);
    expect(looked.out.replaceAll('\n', ' ')).toMatch(
      /^This journal of \S+Z \((?:\S+ )?\S+\+05:45\) can be undone: 2 steps\. Nothing was changed\. $/,
    );
    fs.appendFileSync(`${folder}/${EXECUTOR}`, 'new');
    const { json } = await run(['undo', '--list', '--json', folder]);
    expect(json.journals).toMatchObject([
      { path: journal, standing: 'applied', done: 2, undoable: false, problem: expect.stringContaining('overwritten') },
    ]);
    const changed = await run(['undo', '--list', folder]);
    expect(changed.out).toMatch(/applied +no\n\n\S+Z: the tree has changed since the plan was applied:/);
  });

  it('looks, and changes nothing, with --dry-run', async () => {
    const folder = damaged();
    await run(['prune', folder, '--apply', ...HERE]);
    const journal = journalOf(folder);
    const applied = fingerprint(folder);
    expect((await run(['undo', journal, '--dry-run', '--json'])).json).toMatchObject({
      action: 'dry-run',
      outcome: 'can-be-undone',
      done: 2,
      exitCode: 0,
    });
    fs.writeFileSync(`${folder}/${EXECUTOR}`, 'new');
    const { json, exitCode } = await run(['undo', journal, '--dry-run', '--json']);
    expect(exitCode).toBe(3);
    expect(json).toMatchObject({ outcome: 'cannot-be-undone', problem: expect.stringContaining(EXECUTOR) });
    const refused = await run(['undo', journal]);
    expect(refused).toMatchObject({ exitCode: 3, out: '' });
    expect(refused.err).toMatch(/executor\.info is a file of 3 bytes, which would be overwritten/);
    fs.rmSync(`${folder}/${EXECUTOR}`);
    expect(fingerprint(folder).length).toBe(applied.length);
    expect((await run(['undo', journal, '--json'])).json).toMatchObject({ outcome: 'undone', exitCode: 0 });
    expect((await run(['undo', journal, '--json'])).json).toMatchObject({ outcome: 'already-undone', exitCode: 0 });
  });

  it.each<readonly [string, (folder: string) => readonly string[], RegExp]>([
    ['a work_dir without a journal', (folder) => [folder], /nothing to undo: there is no journal in .*\/mesos-ckpt/],
    ['a folder of something else', (folder) => [`${folder}/meta/slaves`, '--dry-run'], /nothing to undo/],
    ['what is not there', (folder) => [`${folder}/x`], /no such folder/],
    ['a file', (folder) => [`${folder}/meta/boot_id`], /not a directory/],
    ['a list that is to be forced', (folder) => [folder, '--list', '--force'], /--list changes nothing/],
    ['nothing', () => [''], /is a variable not set/],
  ])('does not take %s', async (_, argv, message) => {
    const { exitCode, err } = await run(['undo', ...argv(damaged())]);
    expect(exitCode).toBe(3);
    expect(err).toMatch(message);
  });

  it.each<readonly [string, (folder: string) => string, (typed: string) => string]>([
    ['ends in a blank', (folder) => `${folder}/journal `, (path) => `'${path}'`],
    ['holds quotes', (folder) => `${folder}/it's "here"`, (path) => `'${path.replace("'", "'\\''")}'`],
    ['begins with a dash', (folder) => `${folder}/-journal`, (path) => path],
    ['has a dot at its end', (folder) => `${folder}/journal/.`, (path) => path.slice(0, -2)],
    ['goes up', (folder) => `${folder}/../${path.basename(folder)}/journal`, (at) => path.normalize(at)],
    ['has slashes at its end', (folder) => `${folder}/journal//`, (path) => path.slice(0, -2)],
  ])('takes back by the command that was printed a journal whose path %s', async (_, makePath, typed) => {
    const folder = damaged();
    const before = fingerprint(folder);
    const journal = makePath(fs.realpathSync(temporaryFolder()));
    if (journal.endsWith('.')) fs.mkdirSync(path.dirname(journal));
    const applied = await run(['prune', folder, '--apply', '--journal', journal, ...HERE]);
    expect(applied.exitCode, applied.err).toBe(0);
    expect(applied.out).toContain(`To take it back:\n  mesos-ckpt undo ${typed(journal)}\n`);
    expect((await run(['undo', '--list', folder])).out).toContain(`mesos-ckpt undo ${typed(journal)}\n`);
    expect((await run(['undo', fs.realpathSync(journal)])).exitCode).toBe(0);
    expect(fingerprint(folder)).toEqual(before);
  });

  it('takes back, by where the tree lists it, a journal whose path no line can show', async () => {
    const folder = damaged();
    const before = fingerprint(folder);
    const journal = `${temporaryFolder()}/journal\n`;
    const { out } = await run(['prune', folder, '--apply', '--journal', journal, ...HERE]);
    expect(out).toContain(`To take it back:\n  mesos-ckpt undo ${journalOf(folder)}\n`);
    expect((await run(['undo', journalOf(folder)])).exitCode).toBe(0);
    expect(fingerprint(folder)).toEqual(before);
    expect(fs.readdirSync(journal)).toContain('journal.jsonl');
  });

  it('makes a journal in the empty folder that a link leads to, and none through one that leads nowhere', async () => {
    const folder = damaged();
    const [place, links] = [temporaryFolder(), temporaryFolder()];
    fs.symlinkSync(place, `${links}/link`);
    fs.symlinkSync('/nowhere', `${links}/dangling`);
    const refused = await run(['prune', folder, '--apply', '--journal', `${links}/dangling`, ...HERE]);
    expect(refused.exitCode).toBe(3);
    expect(refused.err).toMatch(/no journal can be made in .*dangling: no such file or directory/);
    await run(['prune', folder, '--apply', '--journal', `${links}/link`, ...HERE]);
    expect(fs.readdirSync(place)).toContain('journal.jsonl');
    expect((await run(['undo', `${links}/link`])).exitCode).toBe(0);
  });

  it('names the newest journal of a work_dir, and says where none can be taken back', async () => {
    const folder = damaged();
    await run(['prune', folder, '--apply', ...HERE]);
    const offered = await run(['undo', folder]);
    expect(offered.exitCode).toBe(3);
    expect(offered.err).toContain(`its newest journal is taken back with: mesos-ckpt undo ${journalOf(folder)}\n`);
    await run(['undo', journalOf(folder)]);
    expect((await run(['undo', folder])).err).toMatch(/nothing to undo: the one journal in .* cannot be taken back/);
  });

  it('names it of a work_dir that is given as a link, as its meta, or as the folder of journals', async () => {
    const folder = damaged();
    await run(['prune', folder, '--apply', ...HERE]);
    const link = `${temporaryFolder()}/link`;
    fs.symlinkSync(folder, link);
    for (const path of [link, `${folder}/meta`, `${folder}/mesos-ckpt`, `${folder}/`]) {
      const { err, exitCode } = await run(['undo', path]);
      expect(exitCode, path).toBe(3);
      expect(err, path).toContain(`taken back with: mesos-ckpt undo ${journalOf(folder)}\n`);
    }
  });

  it('names of several journals the newest that can be taken back, past one that was never begun', async () => {
    const folder = damaged();
    fs.mkdirSync(`${folder}/mesos-ckpt`);
    for (const id of ['2099-01-01T00-00-00Z', '2099-01-01T00-00-00Z-2']) fs.mkdirSync(`${folder}/mesos-ckpt/${id}`);
    expect((await run(['undo', folder])).err).toMatch(
      /nothing to undo: none of the 2 journals in .*mesos-ckpt or .*\/meta\/\.mesos-ckpt can be taken back/,
    );
    fs.mkdirSync(`${folder}/mesos-ckpt/2099-01-01T00-00-00Z/kept`);
    fs.writeFileSync(`${folder}/mesos-ckpt/2099-01-01T00-00-00Z/kept/1`, 'x');
    // What was never begun goes; what holds something, and cannot be read, stays.
    await run(['prune', folder, '--apply', ...HERE]);
    const [own] = fs.readdirSync(`${folder}/mesos-ckpt`).filter((name) => !name.startsWith('2099'));
    expect((await run(['undo', folder])).err).toContain(
      `taken back with: mesos-ckpt undo ${folder}/mesos-ckpt/${own}\n`,
    );
    expect(fs.readdirSync(`${folder}/mesos-ckpt`)).toEqual([own, '2099-01-01T00-00-00Z']);
  });

  it('says of a journal elsewhere that is gone where it should be', async () => {
    const folder = damaged();
    const journal = `${temporaryFolder()}/journal`;
    await run(['prune', folder, '--apply', '--journal', journal, ...HERE]);
    const listed = journalOf(folder);
    fs.renameSync(journal, `${journal}.away`);
    const { err, exitCode } = await run(['undo', listed]);
    expect(exitCode).toBe(3);
    expect(err).toContain(`the journal ${journal} cannot be read: no such file`);
    const list = await run(['undo', '--list', folder]);
    expect(list.exitCode).toBe(0);
    expect(list.out).toMatch(/unreadable/);
    fs.renameSync(`${journal}.away`, journal);
    expect((await run(['undo', listed])).exitCode).toBe(0);
  });

  it('shows for what it is a journal beside a snapshot that was put back', async () => {
    const folder = damaged();
    const before = outline(folder);
    const snapshot = `${temporaryFolder()}/n1.tar.gz`;
    await run(['snapshot', folder, '-o', snapshot]);
    await run(['prune', folder, '--apply', ...HERE]);
    const first = journalOf(folder);
    fs.rmSync(`${folder}/meta`, { recursive: true });
    execFileSync('tar', ['-xzpf', snapshot, '-C', folder, 'meta']);
    const list = await run(['undo', '--list', folder]);
    expect(list.out).toMatch(/1 set aside, 1 cut +not in the tree +-\n/);
    expect(list.out).not.toContain('To take it back');
    expect((await run(['undo', '--list', '--json', folder])).json.journals).toMatchObject([
      { standing: 'put-back', undoable: false, problem: null, done: 0 },
    ]);
    for (const dry of [['--dry-run'], []]) {
      const undone = await run(['undo', first, ...dry]);
      expect(undone.exitCode).toBe(0);
      expect(undone.out.replace(/\s+/g, ' ')).toMatch(/Nothing to take back: .* holds again what was there before/);
    }
    expect((await run(['undo', folder])).err).toMatch(/nothing to undo: the one journal in .* cannot be taken back/);
    expect(outline(folder)).toEqual(before);
    // The same plan again: what the first one would take back is the second one's by now.
    await run(['prune', folder, '--apply', ...HERE]);
    const [, second] = fs.readdirSync(`${folder}/mesos-ckpt`).map((name) => `${folder}/mesos-ckpt/${name}`);
    const early = await run(['undo', first]);
    expect(early.exitCode).toBe(3);
    expect(early.err).toMatch(/, which is newer, has changed meta\/.*: take that back first/);
    expect((await run(['undo', folder])).err).toContain(`taken back with: mesos-ckpt undo ${second}\n`);
    expect((await run(['undo', String(second)])).exitCode).toBe(0);
    expect(outline(folder)).toEqual(before);
    expect((await run(['undo', first])).out).toMatch(/^Nothing to take back/);
  });

  it('prints a failure as JSON too', async () => {
    const { json, exitCode } = await run(['undo', '--json', temporaryFolder()]);
    expect(exitCode).toBe(3);
    expect(json.error).toMatch(/no journal/);
  });
});
