import { execFileSync, spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readClock } from '../../src/host/clock.ts';
import { usualWorkDir } from '../../src/host/expected-work-dir.ts';
import { type Host, isUnseen } from '../../src/host/host.ts';
import { agentsIn, readProcesses } from '../../src/host/processes.ts';
import { openHost } from '../../src/preflight/open-host.ts';
import { isErrno } from '../../src/source/source.ts';
import { collect, SCRIPT, toolsHere } from '../support/collect.ts';
import { makeHostOnDisk, readHostFixture } from '../support/fixture-hosts.ts';
import { run } from '../support/session.ts';
import { temporaryFolder } from '../support/trees.ts';

const tools = toolsHere();
const isRoot = process.geteuid?.() === 0;

const plainRoot = (): string => makeHostOnDisk(readHostFixture('plain'));

const open = (bytes: Buffer): Host => {
  const file = path.join(temporaryFolder(), 'host.tar');
  fs.writeFileSync(file, bytes);
  return openHost(file);
};

/** The script with a shorter limit, as it comes by ssh: on standard input. */
const collectQuickly = (root: string, [program = 'sh', ...first]: readonly string[], options = {}) => {
  const script = fs.readFileSync(SCRIPT, 'utf8').replace('\nmost_seconds=5\n', '\nmost_seconds=1\n');
  return spawnSync(program, [...first, '-s', '--', root], { input: script, maxBuffer: 1 << 30, ...options });
};

/** All that is below a folder, with what a write would change. */
const stateOf = (root: string): string =>
  execFileSync('find', [root, '-printf', '%p %C@ %T@ %s %i\\n'], { encoding: 'latin1' });

describe.each(tools)('the script under $name', (each) => {
  it('tells what took too long, goes on, and leaves no process behind', () => {
    const root = plainRoot();
    fs.rmSync(path.join(root, 'proc/4202/environ'));
    execFileSync('mkfifo', [path.join(root, 'proc/4202/environ')]);
    const { stdout, stderr, status } = collectQuickly(root, each.shell);
    expect(stderr.toString()).toBe('collect: left out /proc/4202/environ: reading it took too long\n');
    expect(status).toBe(0);
    const host = open(stdout);
    expect(host.read('/proc/4202/environ')).toEqual({ code: 'TOO_SLOW' });
    const processes = readProcesses(host, readClock(host, 0));
    const hung = processes.known ? processes.value.get(4202)?.environment : undefined;
    expect(hung?.known === false && hung.why).toBe(
      '/proc/4202/environ: reading it took too long when the host was collected',
    );
    expect(processes.known && agentsIn(processes.value).map(({ pid }) => pid)).toEqual([812]);
    const left = fs.readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(root));
    expect(left).toEqual([]);
  });

  it('ends where a name has a backslash, which the brackets of busybox take for itself', () => {
    const root = plainRoot();
    const name = '/usr/lib/systemd/system/system-systemd\\x2dcryptsetup.slice';
    fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), '[Slice]\n');
    const { bytes, exitCode } = collect(root, each);
    expect(exitCode).toBe(0);
    expect(open(bytes).stat(name)).toMatchObject({ kind: 'file', size: 8 });
  });

  it('keeps names of any bytes, and writes nothing', async () => {
    const root = plainRoot();
    const odd = Buffer.from('a\nb c\t%41\\n"\'$(x)*\xff', 'latin1');
    const at = (folder: string): Buffer => Buffer.concat([Buffer.from(`${root}${folder}/`), odd]);
    const agent = fs.readlinkSync(path.join(root, 'var/lib/mesos/meta/slaves/latest')).split('/').at(-1) ?? '';
    fs.mkdirSync(at(`/var/lib/mesos/slaves/${agent}/frameworks`));
    fs.mkdirSync(at(`/var/lib/mesos/meta/slaves/${agent}/frameworks`));
    fs.writeFileSync(at('/etc/systemd/system'), '[Service]\nExecStart=/usr/sbin/mesos-agent\n');
    const server = net.createServer().listen(path.join(root, 'run/mesos/socket'));
    const before = stateOf(root);
    const temporary = temporaryFolder();
    const { stdout, stderr } = collectQuickly(root, each.shell, {
      cwd: temporary,
      env: { PATH: process.env['PATH'], HOME: temporary, TMPDIR: temporary },
    });
    expect(stateOf(root)).toEqual(before);
    expect(fs.readdirSync(temporary)).toEqual([]);
    server.close();
    expect(stderr.toString()).toBe('');
    const host = open(stdout);
    const name = 'a\nb c\t%41\\n"\'$(x)*\udcff';
    for (const folder of [
      `/var/lib/mesos/slaves/${agent}/frameworks`,
      `/var/lib/mesos/meta/slaves/${agent}/frameworks`,
    ]) {
      expect(host.list(folder)).toContain(name);
      expect(host.stat(`${folder}/${name}`)).toMatchObject({ kind: 'folder' });
    }
    expect(host.list('/etc/systemd/system')).toContain(name);
    expect(host.stat('/run/mesos/socket')).toMatchObject({ kind: 'other' });
  });

  it.runIf(isRoot)('tells what only root may see, where it is run by another', () => {
    const root = plainRoot();
    fs.chmodSync(root, 0o755);
    for (const name of ['proc/812/environ', 'var/lib/mesos/meta/boot_id', 'etc/default/mesos-agent']) {
      fs.chmodSync(path.join(root, name), 0o600);
    }
    fs.chmodSync(path.join(root, 'var/lib/mesos/slaves'), 0o700);
    const { stdout, stderr, status } = collectQuickly(root, each.shell, { uid: 65_534, gid: 65_534 });
    expect(status).toBe(0);
    expect(stderr.toString()).toContain('collect: this is not root, which alone sees all of a host\n');
    const host = open(stdout);
    for (const hidden of ['/proc/812/environ', '/etc/default/mesos-agent', '/var/lib/mesos/meta/boot_id']) {
      expect([hidden, host.read(hidden)]).toEqual([hidden, { code: 'EACCES' }]);
    }
    expect(isUnseen(host.list('/var/lib/mesos/slaves'))).toBe(true);
    const source = host.sourceAt?.('/var/lib/mesos');
    expect(() => source?.open('meta/boot_id')).toThrow(
      'cannot tell what is at meta/boot_id: the script had no permission; run it as root',
    );
    expect(isErrno(source?.list('meta/slaves'))).toBe(false);
  });

  it('gives an archive that is refused where a signal stops it', async () => {
    const root = plainRoot();
    const [program = 'sh', ...first] = each.shell;
    const child = spawn(program, [...first, SCRIPT, root], { stdio: ['ignore', 'pipe', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => {
      if (pieces.length === 0) child.kill('SIGTERM');
      pieces.push(bytes);
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(143);
    expect(() => open(Buffer.concat(pieces))).toThrow(/cut off|nor a tar archive|is empty/);
  });
});

const commandOf = (pid: string): string => {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
};

describe('the script', () => {
  it('says what is wrong with how it is called', () => {
    const called = (...words: readonly string[]) => {
      const { status, stderr, stdout } = spawnSync('sh', [SCRIPT, ...words]);
      return [status, stderr.toString().split('\n')[0], stdout.length];
    };
    expect(called('--nonsense')).toEqual([2, 'collect: --nonsense is not an option', 0]);
    expect(called('/nowhere')).toEqual([2, 'collect: /nowhere is not a folder', 0]);
    expect(called('--work-dir', 'here')).toEqual([
      2,
      'collect: --work-dir is an absolute path, such as /var/lib/mesos',
      0,
    ]);
    expect(called('/', '/')).toEqual([2, 'collect: one ROOT is given at most', 0]);
  });

  it('ends with 1 where nothing was found, and its archive says so', async () => {
    const { bytes, exitCode, said } = collect(temporaryFolder(), tools[0] as (typeof tools)[number]);
    expect(exitCode).toBe(1);
    expect(said).toContain('nor was an agent: is ROOT right?');
    const file = path.join(temporaryFolder(), 'host.tar');
    fs.writeFileSync(file, bytes);
    const { err, exitCode: verified } = await run(['verify', file]);
    expect([verified, err.includes('no checkpoint was collected with the host')]).toEqual([3, true]);
  });

  it('finds a checkpoint in memory, below /dev/shm', () => {
    const root = makeHostOnDisk({ ...readHostFixture('plain'), workDir: '/dev/shm/mesos' });
    const proc = path.join(root, 'proc/812/cmdline');
    fs.writeFileSync(proc, fs.readFileSync(proc, 'utf8').replaceAll('/var/lib/mesos', '/dev/shm/mesos'));
    const { bytes } = collect(root, tools[0] as (typeof tools)[number]);
    expect(open(bytes).about?.workDirs).toEqual(['/dev/shm/mesos']);
  });

  it('finds a checkpoint that only --work-dir names', () => {
    const fixture = readHostFixture('plain');
    const root = makeHostOnDisk({ ...fixture, workDir: '/srv/agent' });
    fs.rmSync(path.join(root, 'proc/812'), { recursive: true });
    const { bytes } = collect(root, tools[0] as (typeof tools)[number], ['--work-dir', '/srv/agent']);
    const host = open(bytes);
    expect(host.about?.workDirs).toEqual(['/srv/agent']);
    // And preflight looks there, where nothing else tells of a work_dir.
    expect(usualWorkDir(host, undefined)).toMatchObject({ inside: '/srv/agent', origin: undefined });
    expect(usualWorkDir(host, '/elsewhere')).toMatchObject({ inside: '/elsewhere' });
  });
});
