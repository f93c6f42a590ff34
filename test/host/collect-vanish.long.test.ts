import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { UnusablePath } from '../../src/checkpoint/open.ts';
import { FolderHost } from '../../src/host/folder.ts';
import type { Host } from '../../src/host/host.ts';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { type Preflight, runChecks } from '../../src/preflight/preflight.ts';
import { preflightJson } from '../../src/report/json/preflight.ts';
import { SCRIPT, toolsHere } from '../support/collect.ts';
import { makeHostOnDisk, NOW, readHostFixture } from '../support/fixture-hosts.ts';
import { temporaryFolder } from '../support/trees.ts';

const tools = toolsHere();
type Tools = (typeof tools)[number];

/**
 * The environment of the script, which finds stand-ins before its tools: their texts, by their names. What they run is the tool
 * of that name.
 */
const withStandIns = ({ folder }: Tools, standIns: Readonly<Record<string, string>>): NodeJS.ProcessEnv => {
  const own = temporaryFolder();
  for (const [name, text] of Object.entries(standIns)) {
    fs.writeFileSync(path.join(own, name), `#!/bin/sh\nPATH=\${PATH#*:}\n${text}\n`, { mode: 0o755 });
  }
  const { PATH = '' } = process.env;
  return { ...process.env, PATH: [own, ...(folder === undefined ? [] : [folder]), PATH].join(':') };
};

const collectWith = (root: string, each: Tools, standIns: Readonly<Record<string, string>>) => {
  const [program = 'sh', ...first] = each.shell;
  const { status, stdout, stderr } = spawnSync(program, [...first, SCRIPT, root], {
    env: withStandIns(each, standIns),
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { status, stdout, said: stderr.toString('latin1') };
};

const open = (bytes: Buffer): Host => {
  const file = path.join(temporaryFolder(), 'host.tar');
  fs.writeFileSync(file, bytes);
  return openHost(file);
};

const judged = (host: Host): Preflight => runChecks(gatherFacts(host, { now: NOW }));

const shownBy = (host: Host): unknown =>
  JSON.parse(JSON.stringify(preflightJson(judged(host), { showSecrets: true })).replaceAll(host.root, '/ROOT'));

const verdictOf = (host: Host, code: string): string | undefined =>
  judged(host).results.find((each) => each.code === code)?.verdict;

/** A `tar` that does something when so many bytes of its archive have been read, and the pipe is full. */
const tarThat = (bytes: number, action: string): string => `exec 4>&1
code=$( { { tar "$@" 4>&-; echo $? >&5; } | { head -c ${bytes}; ${action}; cat; } >&4; } 5>&1 )
exit "$code"`;

describe.each(tools.filter(({ name }) => name !== 'bash'))('under $name, the script', (each) => {
  it('takes what has vanished since it was listed for absent, as it is by then', () => {
    const root = makeHostOnDisk(readHostFixture('plain'));
    const gone = ['proc/4202', 'etc/default/mesos-agent', 'etc/hosts'].map((name) => path.join(root, name));
    for (const name of gone) expect([name, fs.existsSync(name)]).toEqual([name, true]);
    // Before the first file is read, all processes are listed.
    const { status, stdout, said } = collectWith(root, each, { head: `rm -rf ${gone.join(' ')}\nexec head "$@"` });
    expect([status, said]).toEqual([0, '']);
    for (const name of gone) expect([name, fs.existsSync(name)]).toEqual([name, false]);
    expect(shownBy(open(stdout))).toEqual(shownBy(new FolderHost(root)));
  });

  it.each(['meta/slaves', 'meta'])('tells what is left where %s vanishes before tar reads it', (name) => {
    const root = makeHostOnDisk(readHostFixture('plain'));
    const gone = path.join(root, 'var/lib/mesos', name);
    // What tar reads before the checkpoint, and is more than a pipe holds.
    fs.writeFileSync(path.join(root, 'etc/ld.so.cache'), Buffer.alloc(1 << 20, 'x'));
    const { status, stdout } = collectWith(root, each, { tar: tarThat(8192, `rm -rf '${gone}'`) });
    expect([status, fs.existsSync(gone)]).toEqual([0, false]);
    const verdict = verdictOf(open(stdout), 'checkpoint');
    expect(verdict).toBe(name === 'meta' ? 'unknown' : verdictOf(new FolderHost(root), 'checkpoint'));
  });

  it('never takes for whole a file that shrinks while it is read', () => {
    const root = makeHostOnDisk(readHostFixture('plain'));
    const [log = ''] = spawnSync('find', [path.join(root, 'var/lib/mesos/meta'), '-name', 'task.updates'], {
      encoding: 'utf8',
    }).stdout.split('\n');
    fs.appendFileSync(log, Buffer.alloc(8 << 20));
    const { status, stdout, said } = collectWith(root, each, { tar: tarThat(1 << 20, `: > '${log}'`) });
    expect(status).toBe(0);
    expect(said).toMatch(/^collect: tar: .*(?:File shrank by|short read)/m);
    if (each.name === 'busybox') {
      // Its tar ends there.
      expect(() => open(stdout)).toThrow(UnusablePath);
      return;
    }
    const checkpoint = judged(open(stdout)).results.find(({ code }) => code === 'checkpoint');
    expect(checkpoint?.verdict).toBe('unknown');
    expect(checkpoint?.rows[0]?.found).toMatch(/task\.updates: it changed while it was collected$/);
  });

  it('stops by itself after half an hour, whatever hangs, and leaves no process behind', async () => {
    const root = makeHostOnDisk(readHostFixture('plain'));
    const asked = path.join(temporaryFolder(), 'asked');
    const [program = 'sh', ...first] = each.shell;
    // Half an hour is over as soon as tar waits for a disk that is gone.
    const waits = path.join(temporaryFolder(), 'waits');
    const env = withStandIns(each, {
      sleep: `echo "$1" >> '${asked}'
[ "$1" -ge 100 ] || exec sleep "$1"
until [ -e '${waits}' ]; do sleep 1; done
exec sleep 1`,
      tar: `: > '${waits}'\nexec sleep 543`,
    });
    const child = spawn(program, [...first, SCRIPT, root], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces: { readonly out: Buffer[]; readonly err: Buffer[] } = { out: [], err: [] };
    child.stdout.on('data', (bytes: Buffer) => pieces.out.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => pieces.err.push(bytes));
    const began = Date.now();
    // It ends when nobody holds its output any more.
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(Date.now() - began).toBeLessThan(60_000);
    expect([code, Buffer.concat(pieces.err).toString()]).toEqual([
      1,
      'collect: stopped after 30 minutes: the archive is not whole\n',
    ]);
    expect(fs.readFileSync(asked, 'utf8').split('\n')).toContain('1800');
    expect(() => open(Buffer.concat(pieces.out))).toThrow(/cut off|no tar archive|is empty/);
    const left = spawnSync('sh', ['-c', 'cat /proc/[0-9]*/cmdline 2> /dev/null | tr "\\000" " "'], {
      encoding: 'latin1',
    });
    expect(left.stdout).not.toMatch(/sleep 543/);
  });
});
