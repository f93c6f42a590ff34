import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileWith, tar } from '../support/archives.ts';
import { readCases } from '../support/cases.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { applyEdits, HOME, loadTree, materialise, pathIn, temporaryFolder, treeNames } from '../support/trees.ts';
import { ackRecord, bytes, record, sub, updateRecord, uuid } from '../support/wire.ts';

interface Diff {
  readonly differences: readonly { readonly path: string; readonly read: boolean; readonly what: string }[];
  readonly same: boolean;
  readonly counts: Record<string, { came: number; went: number; changed: number }>;
}

const diffOf = async (a: string, b: string): Promise<Diff & { readonly exitCode: number }> => {
  const { out, exitCode } = await run(['diff', a, b, '--json']);
  const json = JSON.parse(out);
  expect(complaintsOf('diff', json)).toEqual([]);
  expect(exitCode).toBe(json.same ? 0 : 1);
  return { ...json, exitCode };
};

const LOG = pathIn('marathon', /task\.updates$/);

/** The folders of all runs of a framework. */
const runsIn = (framework: string): readonly string[] =>
  fs
    .readdirSync(framework, { recursive: true, encoding: 'utf8' })
    .filter((each) => /\/runs\/(?!latest)[^/]+$/.test(each))
    .map((each) => path.join(framework, each));

describe('diff', () => {
  it('says that two are the same, whatever they are in', async () => {
    const folder = materialise('marathon');
    const archive = fileWith(tar(['-C', folder, '-zcf', '-', '.']));
    const { out, exitCode } = await run(['diff', archive, folder]);
    expect(exitCode).toBe(0);
    expect(out).toContain('\nThe two are the same to every agent.\n');
    expect((await diffOf(folder, path.join(folder, 'meta'))).differences).toEqual([]);
  });

  it('compares no folder that has no checkpoint, and says which', async () => {
    const empty = temporaryFolder();
    const tree = materialise('marathon');
    for (const [a, b] of [
      [empty, empty],
      [empty, tree],
      [tree, empty],
    ] as const) {
      const said = await run(['diff', a, b]);
      expect([said.exitCode, said.out]).toEqual([3, '']);
      expect(said.err).toBe(
        `mesos-ckpt: ${empty}: no checkpoint there: expected a folder 'meta' in the agent's work_dir\n`,
      );
      const json = JSON.parse((await run(['diff', a, b, '--json'])).out) as { readonly path: string };
      expect(json.path).toBe(empty);
    }
  });

  it('tells what became of a task in the terms of the field', async () => {
    const [a, b] = [materialise('marathon'), materialise('marathon')];
    const [one, two] = [updateRecord(uuid(1), { state: 1 }), updateRecord(uuid(2), { state: 3 })];
    fs.writeFileSync(path.join(a, LOG), one);
    fs.writeFileSync(path.join(b, LOG), Buffer.concat([one, ackRecord(uuid(1)), two, ackRecord(uuid(2))]));
    const { out, exitCode } = await run(['diff', a, b]);
    expect(exitCode).toBe(1);
    expect(out).toContain('TASK_RUNNING to TASK_FAILED, 1 update and 2');
    expect(out.replaceAll(/\n */g, ' ')).toContain('1 update and 2 acknowledgements added');
    expect((await run(['diff', a, b, '--only', 'executor,run'])).exitCode).toBe(0);
    expect((await run(['diff', a, b, '--only', 'task', '--stat'])).out).toMatch(/\ntask +0 +0 +1\n/);
  });

  it('shows messages line by line, secrets and hostile texts as ever', async () => {
    const [a, b] = [materialise('marathon'), materialise('marathon')];
    const info = pathIn('marathon', /executor\.info$/);
    const executor = (value: string): Buffer =>
      record(
        Buffer.concat([
          sub(1, bytes(1, 'e')),
          sub(7, sub(2, sub(1, bytes(1, 'TOKEN'), bytes(2, 'hunter2'))), bytes(3, value)),
        ]),
      );
    fs.writeFileSync(path.join(a, info), executor('sleep 1'));
    fs.writeFileSync(path.join(b, info), executor('sleep 2\u001b[31m'));
    const { out } = await run(['diff', a, b]);
    expect(out).toContain('    -  value: "sleep 1"\n    +  value: "sleep 2\\033[31m"\n');
    expect(out).not.toContain('hunter2');
    expect(out).not.toContain('\u001b');
    expect((await run(['diff', a, b, '--json'])).out).not.toContain('hunter2');
    fs.writeFileSync(
      path.join(b, info),
      Buffer.from(executor('sleep 1').toString('latin1').replace('hunter2', 'hunter3'), 'latin1'),
    );
    expect((await run(['diff', a, b])).out).toContain('    only secret values, or how it is encoded, differ\n');
    expect((await run(['diff', a, b, '--show-secrets'])).out).toMatch(/-.*hunter2"\n +\+.*hunter3"/);
  });

  it('says what came and went with all that is in it, and what that means for a start', async () => {
    const [a, b] = [materialise('marathon'), materialise('marathon')];
    const executor = path.dirname(pathIn('marathon', /executor\.info$/));
    fs.rmSync(path.join(b, executor), { recursive: true });
    const { out } = await run(['diff', a, b]);
    expect(out).toMatch(
      /^A {2}.*\n {5}4 executors, 3 running and 1 finished task\n {5}strict: recovers.*\n {5}non-strict: .*\nB {2}.*\n {5}3 executors, 3 tasks\n {5}strict: /,
    );
    expect(out).toMatch(/\nexecutor \S+\n {2}- removed: 1 run, 1 finished task\n/);
    expect(Object.keys((await diffOf(b, a)).counts)).toContain('executor');
  });

  it('counts running and finished tasks apart, of both trees and below what came or went', async () => {
    const [a, b] = [materialise('marathon'), materialise('marathon')];
    const framework = /^.*\/frameworks\/[^/]+/.exec(LOG)?.[0] ?? '';
    fs.rmSync(path.join(b, framework), { recursive: true });
    const { out } = await run(['diff', a, b]);
    expect(out).toContain('\n     4 executors, 3 running and 1 finished task\n');
    expect(out).toContain('\n     nothing runs\n');
    // The fifth run has ended, and its task with it.
    expect(out).toContain('  - removed: 4 executors, 5 runs, 3 running and 2 finished tasks\n');
    const { out: other } = await run(['diff', b, a, '--json']);
    const json = JSON.parse(other);
    expect(complaintsOf('diff', json)).toEqual([]);
    expect([json.a.living, json.b.living]).toEqual([
      { executors: 0, tasks: 0, finished: 0 },
      { executors: 4, tasks: 3, finished: 1 },
    ]);
    expect(json.differences[0].text).toBe('added: 4 executors, 5 runs, 3 running and 2 finished tasks');
    for (const completed of runsIn(path.join(a, framework))) {
      fs.writeFileSync(path.join(completed, 'executor.sentinel'), '');
    }
    expect((await run(['diff', a, b])).out).toContain('  - removed: 4 executors, 5 runs, 5 finished tasks\n');
  });

  it('knows reservations and volumes', async () => {
    const [a, b] = [materialise('volumes'), materialise('volumes')];
    fs.writeFileSync(path.join(b, 'meta/resources/resources_and_operations.state'), record(Buffer.alloc(0)));
    const { out } = await run(['diff', a, b]);
    expect(out).toMatch(/\nresources\n {2}~ resources/);
    expect(out).toMatch(/ {4}- (reservation|volume) /);
  });

  it('tells apart what no agent reads', async () => {
    const [a, b] = [materialise('marathon'), materialise('marathon')];
    fs.writeFileSync(path.join(b, 'meta/slaves/notes.txt'), 'x');
    fs.appendFileSync(path.join(b, pathIn('marathon', /slave\.info$/)), 'behind');
    const { out, exitCode } = await run(['diff', a, b]);
    expect(exitCode).toBe(0);
    expect(out).toContain('2 differences that no agent reads are left out above:\n');
    expect(out).toContain('  added: meta/slaves/notes.txt\n');
  });

  it('compares a tree before and after a plan was applied', async () => {
    const folder = materialise('marathon');
    const pristine = materialise('marathon');
    for (const each of [folder, pristine]) fs.truncateSync(path.join(each, pathIn('marathon', /task\.info$/)), 20);
    const applied = await run(['prune', folder, '--as-non-strict', '--apply', '--work-dir', HOME]);
    const journal = /^journal: (.*)$/m.exec(applied.out)?.[1] ?? '';
    const beside = await run(['diff', journal, path.dirname(path.dirname(journal))]);
    expect(beside).toMatchObject({
      out: '',
      err: `mesos-ckpt: ${journal}: a journal, which is compared alone\n`,
      exitCode: 3,
    });
    const { out, exitCode } = await run(['diff', journal]);
    expect(exitCode).toBe(1);
    const body = (text: string): string => text.slice(text.indexOf('\n\n'));
    expect(body(out)).toBe(body((await run(['diff', pristine, folder])).out));
    const kept = path.join(journal, 'kept', '1');
    const bytes = fs.readFileSync(kept);
    fs.writeFileSync(kept, 'x');
    expect(await run(['diff', journal])).toMatchObject({
      out: '',
      err: expect.stringMatching(/: what the journal kept of meta\/.*\/task\.info is not what was taken, so what was /),
      exitCode: 3,
    });
    fs.writeFileSync(kept, bytes);
    await run(['undo', journal]);
    expect((await run(['diff', journal])).err).toContain('its plan is not applied (undone)');
  });

  it.each([
    [['/nowhere', '/nowhere'], '/nowhere: no such folder'],
    [['-', '-'], 'A and B are not both -'],
    [['/tmp'], 'journal'],
    [['', '/tmp'], 'a PATH is empty'],
    [['/tmp', '/tmp', '--stat', '--json'], '--stat cannot be used with --json'],
    [['/tmp', '/tmp', '--only', 'tsk'], 'It is one of checkpoint, resources,'],
  ])('says what is wrong with %j', async (argv, message) => {
    const { err, exitCode } = await run(['diff', ...argv]);
    expect(err).toContain(message);
    expect(exitCode).toBe(3);
  });

  it.each(treeNames)('finds every edit of every tenth case of %s, and only what was edited', async (tree) => {
    const { compareTrees } = await import('../../src/compare/compare.ts');
    const cases = readCases().filter((each) => each.tree === tree);
    for (const each of cases.filter((_, i) => i % 10 === 0)) {
      const a = { source: loadTree(tree), home: HOME };
      const b = { source: applyEdits(loadTree(tree), each.edits), home: HOME };
      const found = [...compareTrees(a, b)];
      const edited = each.edits.flatMap((edit) => (edit.op === 'rename' ? [edit.path, edit.to] : [edit.path]));
      for (const { path: at } of found) {
        const isEdited = edited.some((one) => one === at || one.startsWith(`${at}/`) || at.startsWith(`${one}/`));
        expect(isEdited, `${each.name}: ${at}`).toBe(true);
      }
      const back = [...compareTrees(b, a)];
      const turned = { came: 'went', went: 'came', changed: 'changed' } as const;
      expect(back.map(({ path: at, what }) => `${turned[what]} ${at}`).sort()).toEqual(
        found.map(({ path: at, what }) => `${what} ${at}`).sort(),
      );
    }
  });
});
