import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withTree } from '../../src/apply/tree.ts';
import { temporaryFolder } from '../support/trees.ts';
import { mustRun, programAt, runScript, type ScriptRun, scriptFile, scriptHosts } from './script-support.ts';
import { AGENT, CHANGES, makeTree, outline, planned, targetAt } from './support.ts';

const hosts = scriptHosts();

/** A program of a name that waits, as an agent does, until the test is over. */
const startProgram = async (
  name: string,
  args: readonly string[],
  { env = {}, cwd = '/' }: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<ChildProcess> => {
  const file = path.join(temporaryFolder(), name);
  fs.writeFileSync(file, '#!/bin/sh\nread -r line\n', { mode: 0o755 });
  const child = spawn(file, args, { env, cwd, stdio: ['pipe', 'ignore', 'ignore'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('spawn', resolve));
  return child;
};

/** Runs a script as root of a host on which agents may run, and sees to it that it changes nothing where it refuses. */
const look = (host: (typeof hosts)[number], folder: string, args: readonly string[] = []): ScriptRun => {
  const file = scriptFile(folder, planned(folder, CHANGES));
  const before = outline(folder);
  const ran = runScript(host, file, ['check', ...args, folder]);
  expect(outline(folder)).toEqual(before);
  return ran;
};

describe.each(hosts)('a running agent, seen under $name', (host) => {
  it.each<
    [string, string, (folder: string) => readonly string[], (folder: string) => Parameters<typeof startProgram>[2]]
  >([
    ['by its flag', 'mesos-agent', (folder) => [`--work_dir=${folder}`], () => ({})],
    ['by its flag in two words', 'mesos-slave', (folder) => ['--port=1', '--work_dir', folder], () => ({})],
    ['by the last of two flags', 'lt-mesos-agent', (folder) => ['--work_dir=/x', `--work_dir=${folder}/`], () => ({})],
    [
      'with a version in its name, by its environment',
      'mesos-agent-1.11.0',
      () => [],
      (folder) => ({ env: { MESOS_WORK_DIR: folder } }),
    ],
    ['by a relative path', 'mesos-agent', () => ['--work_dir=meta/..'], (folder) => ({ cwd: folder })],
  ])('%s', async (_, name, args, how) => {
    const folder = makeTree();
    const child = await startProgram(name, args(folder), how(folder));
    const { code, err } = look(host, folder);
    expect(code).toBe(3);
    expect(err).toContain(`process ${child.pid} runs on this tree: it is an agent of this work_dir`);
    expect(look(host, folder, ['--force']).code).toBe(0);
  });

  it('whatever options the shell was started with, and variables that its commands read', async () => {
    const folder = makeTree();
    const child = await startProgram('mesos-agent', [`--work_dir=${folder}`]);
    const log = fs.openSync(`${folder}/${AGENT}/log`, 'a');
    const [name = '', ...words] = host.shell;
    const options = name === 'bash' ? ['-O', 'dotglob', '-O', 'failglob', '-o', 'pipefail'] : [];
    const variables = ['GLOBIGNORE=*', 'QUOTING_STYLE=c', 'TIME_STYLE=+%d/%m', 'BLOCK_SIZE=human-readable'];
    const shell = ['env', ...variables, programAt(name), ...words, ...options, '-f', '-C'];
    const { code, err } = look({ ...host, shell }, folder);
    expect([code, err]).toEqual([3, expect.stringContaining(`process ${child.pid} runs on this tree`)]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(look({ ...host, shell }, folder).err).toContain('it has a file of meta open for writing');
    fs.closeSync(log);
    expect(look({ ...host, shell }, folder)).toMatchObject({ code: 0, err: '' });
  });

  it('by a log that it writes to', async () => {
    const folder = makeTree();
    const log = fs.openSync(`${folder}/${AGENT}/log`, 'a');
    const child = spawn('sleep', ['100'], { stdio: ['ignore', log, 'ignore'] });
    fs.closeSync(log);
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.once('spawn', resolve));
    const { code, err } = look(host, folder);
    expect(code).toBe(3);
    expect(err).toContain(`process ${child.pid} runs on this tree: it has a file of meta open for writing`);
  });

  it('and not where it is another one, or something that only has its name', async () => {
    const folder = makeTree();
    await startProgram('mesos-agent', [`--work_dir=${makeTree()}`]);
    await startProgram('mesos-agentless', [`--work_dir=${folder}`]);
    await startProgram('backup', ['mesos-ckpt', folder]);
    const log = fs.openSync(`${folder}/${AGENT}/log`, 'r');
    const { code, err } = look(host, folder);
    fs.closeSync(log);
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('or may be there where its processes cannot be looked into', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root may become somebody else');
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, CHANGES));
    for (const each of [path.dirname(file), folder]) fs.chmodSync(each, 0o755);
    const [program, ...words] = host.shell;
    const as = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const nobody = { ...host, shell: [...as, programAt(program), ...words] };
    const { code, err } = runScript(nobody, file, ['check', folder]);
    expect(code).toBe(3);
    expect(err).toContain('could not be looked into, and one may be the agent: run this as root');
  });
});

describe.each(hosts)('the lock, under $name', (host) => {
  it('keeps a script and mesos-ckpt apart', async () => {
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, CHANGES));
    const own = { folder: '/proc', pid: process.pid, host: hostname() };
    await withTree(targetAt(folder), own, async () => {
      for (const command of ['apply', 'undo']) {
        const { code, err } = runScript(host, file, [command, '--force', folder]);
        expect(code).toBe(3);
        expect(err).toContain(`another mesos-ckpt is changing this tree (process ${process.pid} on ${hostname()})`);
      }
    });
    mustRun(host, file, 'apply', folder);
    expect(fs.readdirSync(`${folder}/mesos-ckpt`).filter((name) => name.includes('lock'))).toEqual([]);
  });

  it('is that of prune --apply, which refuses while a script holds it, and not when the script was killed', async () => {
    const folder = makeTree();
    const file = scriptFile(folder, planned(folder, CHANGES));
    const gate = `${temporaryFolder()}/gate`;
    const text = fs.readFileSync(file, 'utf8');
    // Between two steps, it waits until it is killed.
    const waits = text.replace(
      'step_3() {',
      `step_3() {\n  if [ "$phase" = steps ]; then : > '${gate}'; read -r line; fi`,
    );
    fs.writeFileSync(file, waits);
    const [program = '', ...words] = host.shell;
    const child = spawn(program, [...words, file, 'apply', '--force', folder], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    onTestFinished(() => {
      child.kill('SIGKILL');
    });
    while (!fs.existsSync(gate)) await new Promise((resolve) => setTimeout(resolve, 20));
    const own = { folder: '/proc', pid: process.pid, host: hostname() };
    const hold = (): Promise<boolean> => withTree(targetAt(folder), own, () => Promise.resolve(true));
    await expect(hold()).rejects.toThrow(`another mesos-ckpt is changing this tree (process ${child.pid}`);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(await hold()).toBe(true);
    fs.writeFileSync(file, text);
    expect(mustRun(host, file, 'apply', folder)).toContain('Going on with');
  });
});

describe('a journal elsewhere', () => {
  it.each(hosts)('is found again under $name, whatever its name, by the script and by mesos-ckpt', async (host) => {
    const folder = makeTree();
    const before = outline(folder);
    const journal = `${temporaryFolder()}/a $(b) 'c'\n`;
    const file = scriptFile(folder, planned(folder, CHANGES), { journal });
    mustRun(host, file, 'apply', folder);
    expect(fs.readdirSync(journal).sort()).toEqual(['journal.jsonl', 'kept', 'new', 'times']);
    mustRun(host, file, 'undo', folder);
    expect(outline(folder)).toEqual(before);
    fs.rmSync(journal, { recursive: true });
    fs.writeFileSync(journal, '');
    const { code, err } = runScript(host, file, ['apply', '--force', folder]);
    expect(code).toBe(3);
    expect(err).toContain('is not there, and is left alone');
    expect(err).toContain('the folder for the journal cannot be made: nothing was changed');
    expect(outline(folder)).toEqual(before);
  });
});
