import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HostFixture, makeFixtureHost, readHostFixture } from '../support/fixture-hosts.ts';
import { type Ran, run } from '../support/session.ts';
import { HOME, temporaryFolder } from '../support/trees.ts';

const runbook = fs.readFileSync('docs/runbook.md', 'utf8');

/** The lines of the code blocks below a heading, up to the next heading. */
const commandsBelow = (heading: string): readonly string[] => {
  const at = runbook.split('\n').indexOf(heading);
  if (at < 0) throw new Error(`the runbook has no ${heading}`);
  const lines = runbook.split('\n').slice(at + 1);
  const end = lines.findIndex((line) => /^#+ /.test(line));
  const text = lines.slice(0, end < 0 ? undefined : end).join('\n');
  return [...text.matchAll(/^ *```\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
};

/** What is not of this program: it is read, and believed. */
const OF_THE_HOST = /^(systemctl|journalctl|ss) /;

/** A command that was carried out on a made-up host, and whether it went as far as to start the agent. */
interface Done extends Ran {
  readonly line: string;
  readonly starts: boolean;
}

/** A made-up host on which the lines of the runbook are carried out as they stand. */
class Site {
  readonly root: string;
  readonly #kept = temporaryFolder();

  constructor(fixture: HostFixture) {
    this.root = makeFixtureHost(fixture).root;
  }

  /** The place of a snapshot that was taken before anything happened. */
  kept(name: string): string {
    return path.join(this.#kept, name);
  }

  async type(line: string): Promise<Done> {
    const [command = '', start] = line.split(' && ');
    const ran = OF_THE_HOST.test(command) ? { out: '', err: '', exitCode: 0 } : await run(this.#argvOf(command));
    return { ...ran, line, starts: start === 'systemctl start mesos-agent' && ran.exitCode === 0 };
  }

  /** All lines below a heading, one after the other. */
  async walk(heading: string): Promise<readonly Done[]> {
    const done: Done[] = [];
    for (const line of commandsBelow(heading)) done.push(await this.type(line));
    return done;
  }

  /** The words of a command, with paths of the made-up host. */
  #argvOf(command: string): readonly string[] {
    const [program, name = '', ...words] = command.split(' ');
    expect(program, command).toBe('mesos-ckpt');
    const placed = words.map((word, i) => {
      if (/\.(?:tar\.gz|sh)$/.test(word)) return this.kept(word);
      return word === HOME && words[i - 1] !== '--work-dir' ? `${this.root}${HOME}` : word;
    });
    if (name === 'preflight') return [name, '--root', this.root, ...placed];
    const isPlaced = name === 'undo' || name === 'snapshot' || words.includes('--work-dir');
    return [name, ...(isPlaced ? [] : ['--work-dir', HOME]), ...placed];
  }
}

const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';
const SHOP = `${AGENT}/frameworks/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-0000/executors`;
const API = `${SHOP}/shop_api.2a0e0a52-aaaa-11ed-9b7e-0242ac110002`;
const WEB = `${SHOP}/shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002/runs/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02`;

const plain = readHostFixture('plain');

/** The host `plain`, with more edits of its checkpoint. */
const damaged = (...edits: NonNullable<HostFixture['edits']>): Site =>
  new Site({ ...plain, edits: [...(plain.edits ?? []), ...edits] });

const codesOf = (done: readonly Done[]): readonly number[] => done.map(({ exitCode }) => exitCode);

/** A strict start comes up by now. */
const expectUp = async (site: Site): Promise<void> => {
  const { exitCode, out } = await site.type(`mesos-ckpt verify ${HOME}`);
  expect(exitCode, out).toBeLessThan(2);
};

/** A check that fails on one host is ok on another, on which what the runbook says was done. */
const expectMended = async (heading: string, failing: string, mended: string): Promise<void> => {
  const done = await new Site(readHostFixture(failing)).walk(heading);
  expect(codesOf(done)[0]).toBe(2);
  for (const { line } of done.filter((each) => each.line.startsWith('mesos-ckpt'))) {
    const { exitCode, out } = await new Site(readHostFixture(mended)).type(line);
    expect(exitCode, out).toBeLessThan(2);
  }
};

/** The causes that are walked through, in the order of the runbook. */
const causes: string[] = [];

const cause = (title: string, what: string, walk: () => Promise<void>): void => {
  causes.push(title);
  it(`${title}: ${what}`, walk);
};

describe('the runbook, where the agent refuses to start', () => {
  it('keeps what is there first, and asks for all causes at once', async () => {
    const site = damaged({ op: 'truncate', path: `${API}/executor.info`, size: 9 });
    const done = await site.walk('## The agent refuses to start');
    expect(done.map(({ line, exitCode }) => [line.split(' ').slice(0, 2).join(' '), exitCode])).toEqual([
      ['systemctl stop', 0],
      ['mesos-ckpt snapshot', 0],
      ['mesos-ckpt preflight', 2],
      ['mesos-ckpt undo', 0],
    ]);
    expect(done[2]?.out).toMatch(/\nNEXT {4}keeps .*\n {2}mesos-ckpt prune /);
  });

  cause('The flags have changed', 'the flags that it prints give the old info back', async () => {
    const site = new Site(readHostFixture('agent-info'));
    const [first = ''] = commandsBelow('### The flags have changed');
    const asked = await site.type(first);
    expect(asked.exitCode).toBe(2);
    const said = /Start it with (.*?)\. /.exec(asked.out.replace(/\s+/g, ' '))?.[1] ?? '';
    const flags = [...said.matchAll(/--(\w+)='(.*?)'/g)].map(([, name, value]) => `--${name}=${value}`);
    expect(flags.length).toBe(2);
    const again = await run(['preflight', '--root', site.root, '--only', 'agent-info', '--', ...flags]);
    expect(again.exitCode, again.out).toBe(0);
  });

  cause('Less is there than is reserved', 'with the resources that are named it starts', async () => {
    const site = new Site(readHostFixture('reservations'));
    const [asked] = await site.walk('### Less is there than is reserved');
    expect(asked?.exitCode).toBe(2);
    expect(asked?.out.replace(/\s+/g, ' ')).toContain('does not contain disk:2048');
    const flags = ['--resources=cpus:16;mem:64000;disk:400000;ports:[31000-32000]'];
    const again = await run(['preflight', '--root', site.root, '--only', 'reservations', '--', ...flags]);
    expect(again.exitCode, again.out).toBe(0);
  });

  cause('A file is torn, or full of zeros', 'what it costs, and what keeps the most', async () => {
    const log = `${WEB}/tasks/shop_web.1f0e0a52-aaaa-11ed-9b7e-0242ac110002/task.updates`;
    const site = damaged(
      { op: 'truncate', path: `${API}/executor.info`, size: 9 },
      { op: 'write', path: log, hex: '00'.repeat(400) },
    );
    const done = await site.walk('### A file is torn, or full of zeros');
    expect(codesOf(done)).toEqual([1, 2, 1, 0]);
    expect(done.at(-1)).toMatchObject({ starts: true });
    await expectUp(site);
  });

  cause('slave.info is lost', 'from a snapshot, or of the flags', async () => {
    const info = `${AGENT}/slave.info`;
    const intact = new Site(plain);
    const site = damaged({ op: 'truncate', path: info, size: 0 });
    expect(
      (await run(['snapshot', `${intact.root}${HOME}`, '-o', site.kept('before-work.tar.gz')])).exitCode,
    ).toBeLessThan(3);
    const done = await site.walk('### slave.info is lost');
    expect(codesOf(done)).toEqual([0, 0, 0]);
    expect(done[0]?.out).toContain('--salvage');
    const policy = '--reconfiguration_policy=additive';
    expect(done[1]?.out.replace(/\s+/g, ' ')).toContain(`for an agent with ${policy}`);
    await expectUp(site);
    const asked = await run(['preflight', '--root', site.root, '--only', 'agent-info', '--', policy]);
    expect(asked.exitCode, asked.out).toBe(0);
  });

  cause('slaves/latest is missing', 'the one agent that is there is found again', async () => {
    const site = damaged({ op: 'remove', path: 'meta/slaves/latest' });
    const done = await site.walk('### slaves/latest is missing');
    expect(codesOf(done)).toEqual([0, 0]);
    expect(done.at(-1)).toMatchObject({ starts: true });
    await expectUp(site);
  });

  cause('A file of a number holds something else', 'the blank goes, and the executor lives', async () => {
    const site = damaged({ op: 'write', path: `${WEB}/pids/forked.pid`, text: '4202\n' });
    const done = await site.walk('### A file of a number holds something else');
    expect(codesOf(done)).toEqual([0, 0]);
    expect(done.at(-1)).toMatchObject({ starts: true });
    expect(fs.readFileSync(`${site.root}${HOME}/${WEB}/pids/forked.pid`, 'latin1')).toBe('4202');
    await expectUp(site);
  });

  cause('The work_dir was moved, or is another', 'its links are made again', async () => {
    const site = new Site({ ...plain, linksTo: '/srv/old/mesos' });
    const done = await site.walk('### The work_dir was moved, or is another');
    expect(codesOf(done)).toEqual([2, 2, 0]);
    expect(done.at(-1)).toMatchObject({ starts: true });
    expect(fs.readlinkSync(`${site.root}${HOME}/meta/slaves/latest`)).toBe(`${HOME}/${AGENT}`);
    await expectUp(site);
  });

  cause('A flag is not known', 'what is done there mends it', () =>
    expectMended('### A flag is not known', 'flags', 'plain'),
  );
  cause('Docker is not there', 'what is done there mends it', () =>
    expectMended('### Docker is not there', 'docker-down', 'docker'),
  );
  cause('Another agent has the port', 'what is done there mends it', () =>
    expectMended('### Another agent has the port', 'port-taken', 'plain'),
  );
  cause('A cgroups hierarchy is not there', 'what is done there mends it', () =>
    expectMended('### A cgroups hierarchy is not there', 'cgroups-disabled', 'plain'),
  );

  it('repairs a host without Node by a script', async () => {
    const site = damaged({ op: 'truncate', path: `${API}/executor.info`, size: 9 });
    const workDir = `${site.root}${HOME}`;
    const [copy = '', ...lines] = commandsBelow('### A host without Node');
    const [, remote = ''] = /^ssh node7 '(.*)' > node7\.tar\.gz$/.exec(copy) ?? [];
    expect(remote).toContain(HOME);
    const taken = execFileSync('sh', ['-c', remote.replaceAll(HOME, workDir)], { stdio: 'pipe' });
    fs.writeFileSync(site.kept('node7.tar.gz'), taken);
    const planned = await site.type(lines[0] ?? '');
    expect(planned.exitCode, planned.out).toBe(1);
    const written = await site.type(lines[1] ?? '');
    expect(written.exitCode, written.err).toBeLessThan(2);
    const shell = lines.slice(2).flatMap((line) => line.match(/sh plan\.sh(?: check)?/g) ?? []);
    expect(shell).toEqual(['sh plan.sh check', 'sh plan.sh']);
    for (const line of shell) {
      const [, , command] = line.split(' ');
      const words = [site.kept('plan.sh'), ...(command === undefined ? [] : [command]), '--force', workDir];
      execFileSync('sh', words, { stdio: 'pipe' });
    }
    await expectUp(site);
    const state = await site.type(`mesos-ckpt undo --list ${HOME}`);
    expect(state.out).toMatch(/1 set aside +applied +yes/);
  });

  it('leads from each line of the log to a cause that is there, and walked through here', () => {
    const table = [...runbook.matchAll(/^\| .*? \| \[(.*?)\]\(#(.*?)\) \|$/gm)].map(([, title, anchor]) => ({
      title,
      anchor,
    }));
    expect(table.length).toBeGreaterThanOrEqual(10);
    expect(table.map(({ title }) => title)).toEqual(causes);
    for (const { title = '', anchor } of table) {
      expect(runbook).toContain(`\n### ${title}\n`);
      expect(anchor).toBe(
        title
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
      expect(commandsBelow(`### ${title}`).length).toBeGreaterThan(0);
    }
  });
});
