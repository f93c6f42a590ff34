import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { AT_STAKE } from '../../src/report/fleet/hosts.ts';
import { fileWith, tar } from '../support/archives.ts';
import { makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { readPrometheus } from '../support/prometheus.ts';
import { complaintsOf } from '../support/schemas.ts';
import { run } from '../support/session.ts';
import { materialise, pathIn, temporaryFolder } from '../support/trees.ts';
import { readXml } from '../support/xml.ts';

const broken = (): string =>
  materialise('marathon', [{ op: 'truncate', path: pathIn('marathon', /shop_cache.*executor\.info$/), size: 3 }]);

const archiveOf = (folder: string, file: string): void => {
  fs.writeFileSync(file, tar(['-C', folder, '-zcf', '-', '.']));
};

/** A folder of agents: an archive that is whole, one that is not, a folder of a checkpoint, and what is none of it. */
const backups = (): string => {
  const folder = temporaryFolder();
  archiveOf(materialise('marathon'), path.join(folder, 'n1.tar.gz'));
  archiveOf(broken(), path.join(folder, 'n2.tar.gz'));
  fs.writeFileSync(path.join(folder, 'n3.tgz'), 'not an archive');
  fs.cpSync(materialise('legacy'), path.join(folder, 'n4'), { recursive: true, verbatimSymlinks: true });
  fs.mkdirSync(path.join(folder, 'n5'));
  archiveOf(materialise('ids'), path.join(folder, 'n5/monday.tar.gz'));
  fs.writeFileSync(path.join(folder, 'README'), 'Backups.\n');
  return folder;
};

const NAMES = ['n1.tar.gz', 'n2.tar.gz', 'n3.tgz', 'n4', 'n5/monday.tar.gz'];

interface FindingLine {
  readonly severity: { readonly strict: string; readonly nonStrict: string };
  readonly message: string;
  readonly consequence: { readonly strict: string; readonly nonStrict: string };
  readonly remedy: string;
}

/** Three copies of one agent's checkpoint, in a folder each for the days on which they were taken, and one beside them. */
const copies = (): string => {
  const folder = temporaryFolder();
  for (const [day, tree] of [
    ['monday', materialise('marathon')],
    ['tuesday', broken()],
    ['wednesday', materialise('marathon')],
  ] as const) {
    fs.mkdirSync(path.join(folder, day));
    archiveOf(tree, path.join(folder, day, 'n1.tar.gz'));
  }
  archiveOf(materialise('ids'), path.join(folder, 'n2.tar.gz'));
  return folder;
};

const linesOf = (out: string): readonly Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('a folder of agents', () => {
  it.each(['verify', 'prune'])('stands for each of them, in the order of their names: %s', async (command) => {
    const folder = backups();
    const { out, err, exitCode } = await run([command, folder, '--json']);
    const lines = linesOf(out);
    expect(lines.map((line) => line['path'])).toEqual(NAMES.map((name) => path.join(folder, name)));
    expect(lines.flatMap((line) => complaintsOf(command, line))).toEqual([]);
    expect(lines.map((line) => 'error' in line)).toEqual([false, false, true, false, false]);
    expect(lines.map(({ host, hostFrom }) => [host, hostFrom])[2]).toEqual(['n3', 'path']);
    expect(lines.every((line) => typeof line['time'] === 'string')).toBe(true);
    expect(err).toBe(`mesos-ckpt: ${folder}: not read, because not called .tar or .tar.gz: README\n`);
    expect(exitCode).toBe(3);
  });

  it('tells copies of one agent apart by where they were read', async () => {
    const folder = copies();
    const { out } = await run(['verify', folder, '--summary'], { columns: 160 });
    const names = out
      .split('\n')
      .slice(2, 6)
      .map((line) => line.split(' ')[0]);
    expect(names.toSorted()).toEqual(
      [...['monday', 'tuesday', 'wednesday'].map((day) => `${day}/n1.tar.gz`), 'n2.tar.gz'].toSorted(),
    );
    expect(out).toMatch(/^tuesday\/n1\.tar\.gz .* refuses .* prune --as-non-strict$/m);
  });

  it('is one table at the end, with those first that do not come up', async () => {
    const folder = backups();
    const { out } = await run(['verify', folder], { columns: 160 });
    const [, table = ''] = out.split(/\n(?=5 agents: )/);
    expect(table).toMatch(/^5 agents: \d fails?, 1 is unknown, .*\nHOST +AGENT +STRICT +NON-STRICT +WORST FINDING/);
    expect(table.split('\n')[2]).toMatch(
      / refuses +losses +executor-info-\w+ +\d of \d +\d of \d +prune --as-non-strict/,
    );
    expect(table).toMatch(/^n3 +unknown/m);
    expect(table.endsWith(`\n${AT_STAKE}\n`)).toBe(true);
    const alone = await run(['verify', folder, '--summary'], { columns: 160 });
    expect(alone.out).toBe(table);
  });

  it('is summed up in one line of JSON', async () => {
    const { out, exitCode } = await run(['verify', backups(), '--summary', '--json']);
    const line = JSON.parse(out);
    expect(complaintsOf('summary', line)).toEqual([]);
    expect(complaintsOf('summary', { ...line, more: 1 })).not.toEqual([]);
    expect(line).toMatchObject({ command: 'summary', of: 'verify', exitCode, counts: { agents: 5, unknown: 1 } });
    expect(line.hosts[0]).toMatchObject({ exitCode: 2, strict: 'refuses', saves: 'prune --as-non-strict' });
    expect(line.hosts[1]).toMatchObject({ exitCode: 3 });
  });

  it.each([
    ['a plan that keeps all', 'star-reservation'],
    ['a plan that loses some', 'multi-role-unallocated'],
    ['nothing to be done', 'volumes'],
  ])('says the same of an agent as it is by verify and by prune: %s', async (_, name) => {
    const given = [materialise(name), '--summary', '--json'];
    const [verified, planned] = await Promise.all(['verify', 'prune'].map((command) => run([command, ...given])));
    const [one, other] = [verified, planned].map((each) => JSON.parse(each?.out ?? '').hosts[0]);
    expect(other).toEqual({ ...one, exitCode: other.exitCode });
    expect(one.cause === null).toBe(name === 'volumes');
  });

  it('is no checkpoint where it is one, or a part of one, or holds one alone', async () => {
    const root = materialise('marathon');
    fs.writeFileSync(path.join(root, 'old.tar.gz'), '');
    for (const given of [root, path.join(root, 'meta'), path.join(root, 'meta/slaves')]) {
      const { out } = await run(['verify', given, '--json']);
      expect(linesOf(out).map((line) => line['command'])).toEqual(['verify']);
    }
    const above = temporaryFolder();
    fs.cpSync(root, path.join(above, 'n1'), { recursive: true, verbatimSymlinks: true });
    const { out, err } = await run(['verify', above]);
    expect(err).toContain('reading the one below it');
    expect(out).not.toContain('HOST');
  });
});

describe('--from-list', () => {
  it.each([
    ['newlines', '\n'],
    ['CR and newlines', '\r\n'],
    ['NUL', '\0'],
  ])('takes names apart by %s', async (_, end) => {
    const odd = path.join(temporaryFolder(), end === '\0' ? 'a\nb' : 'a b');
    fs.cpSync(materialise('legacy'), odd, { recursive: true, verbatimSymlinks: true });
    const names = [materialise('marathon'), odd];
    const list = fileWith(Buffer.from(names.map((name) => `${name}${end}`).join('')));
    const { out } = await run(['verify', '--from-list', list, '--json']);
    expect(linesOf(out).map((line) => line['path'])).toEqual(names);
  });

  it('says what is wrong with a list', async () => {
    const missing = await run(['verify', '--from-list', '/nowhere']);
    expect([missing.exitCode, missing.err]).toEqual([
      3,
      expect.stringContaining('--from-list: /nowhere: No such file'),
    ]);
    const empty = await run(['prune', '--from-list', fileWith(Buffer.from('\n\n'))]);
    expect([empty.exitCode, empty.err]).toEqual([3, expect.stringContaining('it names no PATH')]);
    const twice = await run(['verify', '-', '--from-list', '-']);
    expect([twice.exitCode, twice.err]).toEqual([3, expect.stringContaining('standard input (-) is asked for more')]);
  });
});

describe('what goes with one PATH', () => {
  it.each([
    [['--apply'], '--apply'],
    [['--plan', 'plan.json'], '--plan'],
    [['--emit-sh', '-'], '--emit-sh'],
    [['--salvage', '--agent', 'x'], '--agent'],
  ])('is refused for several, and nothing is done: %j', async (words, option) => {
    const [one, other] = [broken(), broken()];
    const before = fs.readdirSync(one, { recursive: true }).length;
    const { out, err, exitCode } = await run(['prune', one, other, ...words]);
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 3 });
    expect(err).toBe(`mesos-ckpt: ${option} takes only one PATH: run the command for each PATH that needs it\n`);
    expect(fs.readdirSync(one, { recursive: true }).length).toBe(before);
  });
});

describe('preflight of several hosts', () => {
  it('prints a line for each, and a row of one that is none', async () => {
    const roots = ['plain', 'kill-mode'].map((name) => makeFixtureHost(readHostFixture(name)).root);
    const missing = '/nowhere/at-all';
    const { out, exitCode } = await run(['preflight', ...roots, missing, '--json', '--', '--strict']);
    const lines = linesOf(out);
    expect(lines.flatMap((line) => complaintsOf('preflight', line))).toEqual([]);
    expect(lines.map((line) => line['root'] ?? line['path'])).toEqual([...roots, missing]);
    expect(lines[2]).toMatchObject({ command: 'preflight', host: 'at-all', hostFrom: 'path' });
    expect(lines[0]).toMatchObject({ hostFrom: 'host' });
    expect(exitCode).toBe(3);
    const { out: table } = await run(['preflight', ...roots, '--summary'], { columns: 200 });
    expect(table).toMatch(/^2 agents: 1 fails/);
    expect(table.split('\n')[2]).toMatch(/ kill-mode /);
  });

  it('says of a file what is wrong with it', async () => {
    const empty = fileWith(Buffer.alloc(0), 'n1.tar');
    for (const argv of [[empty], ['--root', empty], [empty, '/nowhere']]) {
      const { err, exitCode } = await run(['preflight', ...argv]);
      expect([exitCode, err]).toEqual([3, expect.stringContaining(`${empty}: the file is empty, not an archive\n`)]);
    }
  });

  it('takes a folder of roots, and knows flags from PATHs by the --', async () => {
    const folder = temporaryFolder();
    for (const name of ['plain', 'docker']) {
      const { root } = makeFixtureHost(readHostFixture(name));
      fs.cpSync(root, path.join(folder, name), { recursive: true, verbatimSymlinks: true });
    }
    const { out } = await run(['preflight', folder, '--json']);
    expect(linesOf(out).map((line) => line['root'])).toEqual([path.join(folder, 'docker'), path.join(folder, 'plain')]);
    const wrong = await run(['preflight', folder, '--', 'work_dir=/x']);
    expect([wrong.exitCode, wrong.err]).toEqual([3, expect.stringContaining("'work_dir=/x' is not a flag")]);
    const both = await run(['preflight', folder, '--root', '/']);
    expect([both.exitCode, both.err]).toEqual([3, expect.stringContaining('--root and PATHs cannot be used together')]);
    const empty = await run(['preflight', '--root', '']);
    expect([empty.exitCode, empty.err]).toEqual([3, expect.stringContaining('--root is empty')]);
  });
});

describe('--format', () => {
  it.each(['nagios', 'prometheus', 'junit'])(
    '%s ends as the command does, also with a PATH that is none',
    async (format) => {
      const good = await run(['verify', materialise('volumes'), '--format', format]);
      expect([good.exitCode, good.err]).toEqual([0, '']);
      const bad = await run(['verify', broken(), '--format', format]);
      expect(bad.exitCode).toBe(2);
      const missing = await run(['preflight', '/nowhere', materialise('volumes'), '--format', format]);
      expect(missing.exitCode).toBe(3);
      expect(missing.out).toContain('nowhere');
    },
  );

  it.each(['strict', 'nonStrict'] as const)('junit tells what a finding does, and what to do: %s', async (mode) => {
    const given = [broken(), ...(mode === 'strict' ? [] : ['--no-strict'])];
    const [line] = linesOf((await run(['verify', ...given, '--json'])).out);
    const { findings } = line as unknown as { findings: readonly FindingLine[] };
    const bad = findings.filter(({ severity }) => severity[mode] !== 'note');
    const [suite] = readXml((await run(['verify', ...given, '--format', 'junit'])).out).children;
    const failures = (suite?.children ?? [])
      .filter(({ attributes }) => !attributes['name']?.startsWith('starts '))
      .flatMap(({ children }) => children);
    expect(bad.length).toBeGreaterThan(0);
    expect(failures.map(({ text }) => text)).toEqual(
      bad.map(({ message, consequence, remedy }) => [message, consequence[mode], remedy].join('\n')),
    );
  });

  it('is written to a file whole, or not at all', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'mesos.prom');
    fs.writeFileSync(file, 'old\n');
    const { out, exitCode } = await run(['verify', broken(), '--format', 'prometheus', '-o', file]);
    expect({ out, exitCode }).toEqual({ out: '', exitCode: 2 });
    const samples = readPrometheus(fs.readFileSync(file, 'utf8'));
    expect(samples.find(({ name }) => name === 'mesos_ckpt_verify_exit_code')?.value).toBe(2);
    expect(fs.readdirSync(folder)).toEqual(['mesos.prom']);
    expect(fs.statSync(file).mode & 0o777).toBe(0o644);
    const nowhere = await run(['verify', broken(), '--format', 'prometheus', '-o', path.join(folder, 'no/mesos.prom')]);
    expect([nowhere.exitCode, nowhere.out]).toEqual([3, '']);
    const ended = await run(['verify', broken(), '--format', 'prometheus', '-o', file, '--state']);
    expect(ended.exitCode).toBe(3);
    expect(readPrometheus(fs.readFileSync(file, 'utf8'))).toEqual(samples);
  });

  it.each([
    [['--format', 'sarif'], 'Allowed choices are nagios, prometheus, junit'],
    [['--format', 'nagios', '--json'], 'cannot be used with'],
    [['-o', 'x'], '--output needs --format'],
  ])('is refused where it makes no sense: %j', async (words, message) => {
    const { exitCode, err } = await run(['verify', 'fixtures/sample-agent', ...words]);
    expect([exitCode, err]).toEqual([3, expect.stringContaining(message)]);
  });
});
