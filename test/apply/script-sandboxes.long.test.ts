import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyPlan } from '../../src/apply/apply-plan.ts';
import { planScript } from '../../src/apply/script/script.ts';
import { openPath } from '../../src/checkpoint/open.ts';
import { ownBootId } from '../../src/host/own-boot-id.ts';
import type { Plan } from '../../src/repair/plan/plan.ts';
import { planRepair } from '../../src/repair/plan-repair.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME, materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { fileOf, runScript, scriptFile, scriptHosts } from './script-support.ts';
import { planned } from './support.ts';

const [host] = scriptHosts();
if (host === undefined) throw new Error('no shell is here');

const TREE = 'sandboxed';
const INFO = pathIn(TREE, /\/executor\.info$/);
const STEP = { kind: 'set-aside', path: INFO } as const;

/** The sandboxes of a tree: the folders of its runs beside `meta`. */
const sandboxesIn = (folder: string): readonly string[] =>
  fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((each) => /^slaves\/[^/]+\/frameworks\/[^/]+\/executors\/[^/]+\/runs\/[^/]+$/.test(each))
    .filter((each) => fs.lstatSync(`${folder}/${each}`).isDirectory())
    .sort();

/** A host's work_dir, and a script for it of a plan that knows of its sandboxes. */
const madeHost = () => {
  const folder = materialise(TREE);
  fs.writeFileSync(`${folder}/meta/boot_id`, ownBootId() ?? '');
  const sandboxes = sandboxesIn(folder);
  const script = scriptFile(folder, planned(folder, [STEP]), { sandboxes });
  return { folder, sandboxes, run: (...args: readonly string[]) => runScript(host, script, args) };
};

describe('a script on the host that it is for', () => {
  it('changes nothing where the sandbox of a live run is missing, and names it', () => {
    const { folder, sandboxes, run } = madeHost();
    const lost = sandboxes[0] ?? '';
    fs.rmSync(`${folder}/${lost}`, { recursive: true });
    for (const command of ['check', 'apply']) {
      const { code, err } = run(command);
      expect(code).toBe(3);
      expect(err).toContain(`the sandbox ${lost} is not there`);
      expect(err).toContain(`over 1 of ${sandboxes.length} live runs without a sandbox. Nothing was changed.`);
    }
    expect(fs.existsSync(`${folder}/${INFO}`)).toBe(true);
    expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
  });

  it('changes nothing where all of them are gone with their disk', () => {
    const { folder, run } = madeHost();
    fs.rmSync(`${folder}/slaves`, { recursive: true });
    expect(run()).toMatchObject({ code: 3, out: '' });
    expect(fs.existsSync(`${folder}/${INFO}`)).toBe(true);
  });

  it('says that they are there, and with --force ends with 2 where one is not', () => {
    const { folder, sandboxes, run } = madeHost();
    const done = run();
    expect(done).toMatchObject({ code: 0, err: '' });
    expect(done.out).toContain('a strict start comes up after it. The sandbox of each live run is there.');
    // The command that takes it back is a line of its own.
    expect(done.out).toMatch(/To take it back:\n {2}sh '.*' undo\n$/);
    expect(run('undo').code).toBe(0);
    fs.rmSync(`${folder}/${sandboxes[0]}`, { recursive: true });
    const forced = run('--force');
    expect(forced.code).toBe(2);
    expect(forced.out).toContain('But the agent would abort');
    // Nor does it begin to end with 0 when it is run again.
    expect(run().code).toBe(2);
  });
});

describe('a script on a copy', () => {
  it('says that sandboxes were not checked where the copy holds none', () => {
    const folder = materialise(TREE);
    fs.rmSync(`${folder}/slaves`, { recursive: true });
    const script = scriptFile(folder, planned(folder, [STEP]), { home: HOME, sandboxes: ['slaves/a'] });
    const { code, out } = runScript(host, script, ['check', folder]);
    expect(code).toBe(0);
    expect(out).toContain('Sandboxes were not checked: there is no folder slaves here.');
  });
});

/** What is packed of a host without Node, by the command of the runbook. */
const packed = (folder: string): string => {
  const runbook = fs.readFileSync('docs/runbook.md', 'utf8');
  const [, command = ''] = /^ssh node7 '(cd .*)' > node7\.tar\.gz$/m.exec(runbook) ?? [];
  const file = path.join(temporaryFolder(), 'node7.tar.gz');
  fs.writeFileSync(
    file,
    execFileSync('sh', ['-c', command.replace('/var/lib/mesos', folder)], { stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return file;
};

/** A work_dir with an executor.info that a strict start refuses. */
const damaged = (): string => {
  const folder = materialise(TREE);
  fs.truncateSync(`${folder}/${INFO}`, 3);
  // An archive has whole seconds.
  fs.utimesSync(`${folder}/${INFO}`, 1_700_000_000, 1_700_000_000);
  return folder;
};

describe('the copy that the runbook packs', () => {
  it('shows which sandboxes there are, and no file in them', () => {
    const folder = damaged();
    const sandboxes = sandboxesIn(folder);
    fs.writeFileSync(`${folder}/${sandboxes[0]}/stdout`, 'hello');
    const opened = openPath(packed(folder));
    expect(opened.tree.source.kindOf(`${sandboxes[0]}`)).toBe('folder');
    expect(opened.tree.source.kindOf(`${sandboxes[0]}/stdout`)).toBeUndefined();
    expect(verifyCheckpoint(opened).findings.map(({ code }) => code)).not.toContain('sandboxes-not-seen');
    fs.rmSync(`${folder}/${sandboxes.at(-1)}`, { recursive: true });
    expect(verifyCheckpoint(openPath(packed(folder))).findings.map(({ code }) => code)).toContain('sandbox-missing');
  });
});

describe('a plan of meta alone', () => {
  const planOfMeta = (folder: string) => {
    const file = path.join(temporaryFolder(), 'meta.tar');
    execFileSync('tar', ['-C', folder, '-cf', file, 'meta']);
    return planRepair(openPath(file, { workDir: HOME }), { salvage: true });
  };

  it('has a script that names the sandbox of each live run', () => {
    const folder = damaged();
    const text = planScript(planOfMeta(folder)) ?? '';
    const named = [...text.matchAll(/^ {2}path='?(slaves\/[^']*?)'? && "\$1"$/gm)].map(([, each]) => each);
    expect(named.length).toBeGreaterThan(0);
    expect(sandboxesIn(folder)).toEqual(expect.arrayContaining(named));
    // No more than those that the agent would miss.
    fs.rmSync(`${folder}/slaves`, { recursive: true });
    const { plan } = planRepair(openPath(folder, { workDir: HOME, inPlace: true }), { sandboxes: 'judge' });
    const made = plan?.steps
      .filter(({ mends: [{ code }] }) => code === 'sandbox-missing')
      .map(({ mends: [{ path }] }) => path);
    expect(made?.sort()).toEqual([...named].sort());
    const whole =
      planScript(planRepair(openPath(folder, { workDir: HOME, inPlace: true }), { sandboxes: 'judge' })) ?? '';
    // Those that the plan makes are not looked for.
    expect(whole).toMatch(/each_sandbox\(\) \{\n {2}:\n\}/);
    expect(runScript(host, fileOf(whole), ['check', '--force', folder]).code).toBe(0);
  });

  it('is refused on the host where one is missing', async () => {
    const folder = damaged();
    const { plan } = planOfMeta(folder);
    fs.rmSync(`${folder}/slaves`, { recursive: true });
    const opened = openPath(folder, { workDir: HOME, inPlace: true });
    await expect(applyPlan(opened, plan as Plan, { force: true })).rejects.toThrow(
      /the plan was made without the sandboxes, and here \d+ live runs have no sandbox \(slaves\/.*\): the agent would abort; make another plan here/,
    );
    // On a copy of meta nothing is missed.
    const copy = openPath(folder, { workDir: HOME });
    expect((await applyPlan(copy, plan as Plan, { force: true })).ending).toBe('applied');
  });
});
