import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ansibleIsHere } from './here.ts';
import { type HostPlan, PLAYBOOKS, Site } from './site.ts';

const README = fs.readFileSync(path.join(PLAYBOOKS, 'README.md'), 'utf8');

/** The code block of a text that has some words. */
const blockWith = (text: string, words: string): string => {
  const block = [...text.matchAll(/```\n([\s\S]*?)```/g)]
    .map(([, each = '']) => each)
    .find((each) => each.includes(words));
  if (block === undefined) throw new Error(`no code block has ${words}`);
  return block;
};

const [, CHECK = '', UPGRADE = ''] = blockWith(README, 'upgrade.yml').split('\n');
const [PREFLIGHT = ''] = blockWith(fs.readFileSync('docs/fleet.md', 'utf8'), 'preflight.yml').split('\n');

/** A playbook takes seconds for each task, and waits for others that use the cores. */
const MINUTES = 60_000;

/** What installs a version, where that is no single command. */
const INSTALL_TASKS = `---
- name: Install the package of the version
  ansible.builtin.command:
    argv: [apt-get, install, --yes, --allow-downgrades, "mesos={{ mesos_ckpt_install_version }}-2.0.1"]
  changed_when: true
`;

const makeSite = async (hosts: Readonly<Record<string, HostPlan>>): Promise<Site> => {
  const site = new Site();
  onTestFinished(() => site.end());
  await site.make(hosts);
  fs.writeFileSync(path.join(site.folder, 'upgrade-vars.yml'), blockWith(README, 'mesos_ckpt_install_command'));
  return site;
};

/** What is in a checkpoint: each path, with what it has. */
const checkpointOf = (site: Site, host: string): Readonly<Record<string, string>> => {
  const meta = site.at(host, 'work/meta');
  const all = fs.readdirSync(meta, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(all.map((name) => [name, contentOf(path.join(meta, name))]));
};

const contentOf = (file: string): string => {
  const { mode, mtimeMs } = fs.lstatSync(file);
  const kind = `${mode.toString(8)} ${Math.floor(mtimeMs / 1000)}`;
  if (fs.lstatSync(file).isSymbolicLink()) return `link ${fs.readlinkSync(file)}`;
  if (fs.lstatSync(file).isDirectory()) return kind;
  return `${kind} ${createHash('sha256').update(fs.readFileSync(file)).digest('hex')}`;
};

/** What a host says where it fails: the texts behind `fatal: [HOST]`. */
const failureOf = (out: string, host: string): string =>
  [...out.matchAll(/^fatal: \[(.*?)\]: FAILED! => (.*)$/gm)]
    .filter(([, name]) => name === host)
    .map(([, , text]) => text)
    .join('\n');

describe.runIf(ansibleIsHere)('preflight.yml', () => {
  it(
    'judges each host, fails those that fail, and shows all in one table',
    async () => {
      const site = await makeSite({ n1: {}, n2: { fixture: 'checkpoint' }, gone: { isReachable: false } });
      const before = checkpointOf(site, 'n1');
      const { code, out, recap } = site.type(PREFLIGHT);
      expect([code, out]).toEqual([2, out]);
      expect(recap['n1'], out).toMatchObject({ failed: 0 });
      expect(recap['n2']).toMatchObject({ failed: 1 });
      expect(recap['gone']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'n2')).toMatch(
        /"RESULT {2}FAIL: 0 of 3 running tasks survive the upgrade [^"]*", "NEXT {2}keeps [^"]* mesos-ckpt prune [^"]*", "ALL {2}.* preflight .*\/hosts\/n2\.tar\.gz --to 1\.11\.0"/,
      );
      expect(failureOf(out, 'gone')).toContain('Connection refused');

      const folder = path.join(site.folder, 'mesos-ckpt');
      const table = fs.readFileSync(path.join(folder, 'fleet.txt'), 'utf8');
      expect(table).toMatch(/^3 agents: 1 fails, 1 is unknown/);
      for (const row of [/^n2\.example .*refuses/m, /^gone .*unknown/m, /^n1\.example .*recovers/m]) {
        expect(table).toMatch(row);
      }
      expect(out).toContain('3 agents: 1 fails, 1 is unknown');
      expect(fs.readdirSync(path.join(folder, 'reports')).sort()).toEqual(['gone.json', 'n1.json', 'n2.json']);
      const report = JSON.parse(fs.readFileSync(path.join(folder, 'reports/n1.json'), 'utf8'));
      expect(report).toMatchObject({ host: 'n1.example', hostFrom: 'manifest', exitCode: 1 });
      expect(fs.statSync(path.join(folder, 'hosts/n1.tar.gz')).mode & 0o777).toBe(0o600);

      for (const host of ['n1', 'n2']) expect([site.done(host), site.runs(host)]).toEqual([[], '1.9.0']);
      expect(checkpointOf(site, 'n1')).toEqual(before);
      // Nothing is left on a host: the folder where modules would have been copied to is not even made.
      expect(fs.existsSync(site.at('n1', 'remote'))).toBe(false);
    },
    5 * MINUTES,
  );
});

describe.runIf(ansibleIsHere)('upgrade.yml', () => {
  it(
    'stops no agent in check mode, nor in a batch in which a host fails',
    async () => {
      const site = await makeSite({ n1: {}, n2: { fixture: 'checkpoint' }, n3: {} });
      const checked = site.type(CHECK, {}, ['--limit', 'n1']);
      expect([checked.code, checked.out]).toEqual([0, checked.out]);
      expect(checked.out).toContain('would be upgraded from 1.9.0 to 1.11.0');
      const { code, out, recap } = site.type(UPGRADE, { mesos_ckpt_serial: 2, mesos_ckpt_max_fail_percentage: 0 });
      expect([code, out]).toEqual([2, out]);
      expect(recap['n2']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'n1')).toContain('no agent of this batch is stopped, because others failed');
      // The second batch is not begun.
      expect(recap['n3']).toBeUndefined();
      for (const host of ['n1', 'n2', 'n3']) expect([site.done(host), site.runs(host)]).toEqual([[], '1.9.0']);
    },
    5 * MINUTES,
  );

  it(
    'upgrades, goes the way back where an agent refuses, and begins no batch after that',
    async () => {
      const site = await makeSite({
        n1: {},
        n2: { fixture: 'checkpoint' },
        refuses: { behaviour: { '1.11.0': 'refuses' } },
        loses: { behaviour: { '1.11.0': 'loses' } },
        gone: { isReachable: false },
        stuck: { behaviour: { '1.11.0': 'refuses' }, missing: ['1.9.0'] },
        waits: { behaviour: { '1.11.0': 'waits' } },
        unheard: { behaviour: { '1.11.0': 'is unheard' } },
        n3: {},
      });
      const before = checkpointOf(site, 'refuses');
      const unchanged = checkpointOf(site, 'waits');
      const { code, out, recap } = site.type(UPGRADE, {
        mesos_ckpt_serial: 8,
        mesos_ckpt_max_fail_percentage: 40,
      });
      expect([code, out]).toEqual([2, out]);
      const snapshots = fs.readdirSync(path.join(site.folder, 'mesos-ckpt/snapshots'));

      expect(recap['n1'], out).toMatchObject({ failed: 0 });
      expect(site.done('n1')).toEqual(['stop', 'install 1.11.0', 'start']);
      expect(site.runs('n1')).toBe('1.11.0');

      for (const host of ['n2', 'gone']) expect(recap[host]).toMatchObject({ failed: 1, rescued: 0 });
      expect([site.done('n2'), site.runs('n2')]).toEqual([[], '1.9.0']);

      expect(recap['refuses']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'refuses')).toContain('1.9.0 runs again, on the checkpoint of before');
      expect(site.done('refuses')).toEqual(['stop', 'install 1.11.0', 'start', 'install 1.9.0', 'start']);
      expect(site.runs('refuses')).toBe('1.9.0');
      expect(checkpointOf(site, 'refuses')).toEqual(before);
      // What the agent that refused has left is kept, here and there.
      expect(snapshots.filter((name) => name.startsWith('refuses-')).map((name) => name.slice(-13))).toEqual([
        '-after.tar.gz',
        'before.tar.gz',
      ]);
      expect(fs.readdirSync(site.at('refuses', 'work')).filter((name) => name.startsWith('meta'))).toEqual([
        'meta',
        expect.stringMatching(/^meta\.after-\d{8}T\d{6}Z$/),
      ]);

      expect(recap['loses']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'loses')).toContain('slave/recovery_errors is 2');
      expect(site.done('loses')).toEqual(['stop', 'install 1.11.0', 'start']);
      expect(site.runs('loses')).toBe('1.11.0');

      // The way back that fails says where, and what to look at.
      expect(recap['stuck']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'stuck')).toMatch(/the way back failed at ."Install by a command."/);
      expect(failureOf(out, 'stuck')).toContain('docs/runbook.md');
      expect([site.done('stuck'), site.runs('stuck')]).toEqual([['stop', 'install 1.11.0', 'start'], undefined]);
      expect(snapshots.filter((name) => name.startsWith('stuck-'))).toHaveLength(2);

      // One that has not recovered has changed nothing: nothing is put back.
      expect(recap['waits']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'waits')).toContain('RESULT  1.9.0 runs again"');
      expect(site.done('waits')).toEqual(['stop', 'install 1.11.0', 'start', 'stop', 'install 1.9.0', 'start']);
      expect(site.runs('waits')).toBe('1.9.0');
      expect(checkpointOf(site, 'waits')).toEqual(unchanged);

      // What one that had recovered has noted is kept.
      expect(failureOf(out, 'unheard')).toContain('RESULT  1.9.0 runs again"');
      expect(site.runs('unheard')).toBe('1.9.0');
      expect(fs.readdirSync(site.at('unheard', 'work'))).not.toContainEqual(expect.stringMatching(/^meta\./));

      expect(failureOf(out, 'n3')).toContain('no agent of this batch is stopped, because others failed');
      expect([site.done('n3'), site.runs('n3')]).toEqual([[], '1.9.0']);

      const again = site.type(UPGRADE, {}, ['--limit', 'n1']);
      expect([again.code, again.out]).toEqual([0, again.out]);
      expect(again.recap['n1']).toMatchObject({ changed: 0, failed: 0 });
      expect(again.out).toContain('runs 1.11.0 already');
      expect(site.done('n1')).toEqual(['stop', 'install 1.11.0', 'start']);
    },
    12 * MINUTES,
  );

  it(
    'installs by a file of tasks, on the way back too, and fails a host on which another agent runs afterwards',
    async () => {
      const site = await makeSite({
        refuses: { behaviour: { '1.11.0': 'refuses' } },
        another: { behaviour: { '1.11.0': 'is another' } },
      });
      const tasks = path.join(site.folder, 'install.yml');
      fs.writeFileSync(tasks, INSTALL_TASKS);
      const { code, out, recap } = site.type(UPGRADE, {
        mesos_ckpt_serial: 2,
        mesos_ckpt_install_command: [],
        mesos_ckpt_install_tasks: tasks,
      });
      expect([code, out]).toEqual([2, out]);

      expect(recap['refuses']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'refuses')).toContain('1.9.0 runs again, on the checkpoint of before');
      expect(site.done('refuses')).toEqual(['stop', 'install 1.11.0', 'start', 'install 1.9.0', 'start']);
      expect(site.runs('refuses')).toBe('1.9.0');

      expect(recap['another']).toMatchObject({ failed: 1 });
      expect(failureOf(out, 'another')).toMatch(
        /agent \S+-S9 runs in the place of agent \S+-S7, and knows none of its/,
      );
      expect(site.done('another')).toEqual(['stop', 'install 1.11.0', 'start']);
    },
    8 * MINUTES,
  );
});

describe.runIf(ansibleIsHere)('the role', () => {
  it(
    'has nothing that ansible-lint finds',
    () => {
      const words = ['--offline', '--nocolor', 'preflight.yml', 'upgrade.yml', 'roles/mesos_ckpt'];
      const { status, stdout, stderr } = spawnSync('ansible-lint', words, { cwd: PLAYBOOKS, encoding: 'utf8' });
      expect([status, stdout, stderr]).toEqual([
        0,
        '',
        expect.stringMatching(/Passed.*: 0 failure\(s\), 0 warning\(s\)/),
      ]);
    },
    5 * MINUTES,
  );
});
