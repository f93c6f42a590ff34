import { spawnSync } from 'node:child_process';
import changeable, * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../support/session.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';

/** A tree whose executor.info is empty, so that a plan has something to do. */
const damaged = (): string => {
  const folder = materialise('marathon');
  const info = fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .find((name) => name.endsWith('/executor.info'));
  fs.truncateSync(`${folder}/${info}`, 3);
  return folder;
};

const newFile = (): string => path.join(temporaryFolder(), 'plan.sh');

describe('prune --emit-sh', () => {
  it('writes the plan to a new file that its owner alone may read, and says how it is run', async () => {
    const folder = damaged();
    const file = newFile();
    const { out, err, exitCode } = await run(['prune', folder, '--as-non-strict', '--emit-sh', file]);
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 1 });
    expect(out).toContain('The plan was written as a script; nothing else was.');
    expect(out).toContain(`  sh ${file} check\n  sh ${file}\n`);
    expect(fs.statSync(file).mode & 0o777).toBe(0o700);
    const text = fs.readFileSync(file, 'utf8');
    expect(text).toMatch(/^#!\/bin\/sh\n# A plan of mesos-ckpt /);
    expect(text.endsWith('\nmain "$@"\n')).toBe(true);
    const again = await run(['prune', folder, '--as-non-strict', '--emit-sh', file]);
    expect(again).toMatchObject({ out: '', exitCode: 3 });
    expect(again.err).toContain(`--emit-sh: ${file} is there already; give the name of a new file`);
    expect(fs.readFileSync(file, 'utf8')).toBe(text);
  });

  it.each(['--emit-sh', '--plan'])('%s writes nothing among the files of the agent', async (option) => {
    const folder = damaged();
    for (const [at, name] of [
      ['meta', 'meta'],
      ['meta/slaves', 'meta'],
    ] as const) {
      const file = path.join(folder, at, 'plan');
      const { out, err, exitCode } = await run(['prune', folder, '--as-non-strict', option, file]);
      expect({ out, exitCode }).toEqual({ out: '', exitCode: 3 });
      expect(err).toBe(`mesos-ckpt: ${file}: in ${name}, which is the agent's: choose a place outside of it\n`);
      expect(fs.existsSync(file)).toBe(false);
    }
  });

  it.each(['--emit-sh', '--plan'])('%s leaves nothing of a file that cannot be written whole', async (option) => {
    const folder = damaged();
    const file = newFile();
    const { writeSync } = changeable;
    const onFullDisk = (to: number, bytes: Buffer): never => {
      writeSync(to, bytes.subarray(0, 100));
      throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    };
    const put = (instead: object): void => {
      Object.assign(changeable, instead);
      syncBuiltinESMExports();
    };
    put({ writeSync: onFullDisk });
    const running = run(['prune', folder, '--as-non-strict', option, file]);
    const { err, exitCode } = await running.finally(() => put({ writeSync }));
    expect(exitCode).toBe(3);
    expect(err).toBe(`mesos-ckpt: ${file}: no space left there\n`);
    expect(fs.readdirSync(path.dirname(file))).toEqual([]);
  });

  it('prints it alone to standard output for -', async () => {
    const folder = damaged();
    const file = newFile();
    await run(['prune', folder, '--as-non-strict', '--emit-sh', file]);
    const { out, err, exitCode } = await run(['prune', folder, '--as-non-strict', '--emit-sh', '-']);
    expect(exitCode).toBe(1);
    expect(out).toBe(fs.readFileSync(file, 'utf8'));
    expect(err).toContain('The script was written to standard output');
  });

  it('writes none where nothing is to be done, and says so', async () => {
    const folder = materialise('marathon');
    const file = newFile();
    const { out } = await run(['prune', folder, '--emit-sh', file]);
    expect(out).toContain('Nothing to do.');
    expect(out).toContain('No script was written');
    expect(fs.existsSync(file)).toBe(false);
    const printed = await run(['prune', folder, '--emit-sh', '-']);
    expect(printed.out).toBe('');
    expect(printed.err).toContain('No script was written');
  });

  it.each([
    [['--emit-sh', ''], '--emit-sh: name a file, or - for standard output'],
    [['--emit-sh', 'x', '--apply'], '--emit-sh and --apply cannot be used together'],
    [['--emit-sh', '-', '--json'], '--emit-sh - and --json would both write to standard output'],
    [['--emit-sh', 'x', '--journal', 'here'], '--journal: with --emit-sh it is an absolute path'],
    [['--emit-sh', 'x', '--force'], '--force needs --apply'],
    [['--journal', '/x'], '--journal needs --apply or --emit-sh'],
  ])('takes %j for wrong usage', async (options, problem) => {
    const { err, exitCode } = await run(['prune', materialise('marathon'), ...options]);
    expect(exitCode).toBe(3);
    expect(err).toContain(problem);
  });

  it('refuses a snapshot in which secrets were blanked: its files are not those of the host', async () => {
    const folder = damaged();
    const snapshot = path.join(temporaryFolder(), 'n1.tar.gz');
    expect((await run(['snapshot', folder, '-o', snapshot, '--redact'])).exitCode).toBeLessThan(3);
    const file = newFile();
    const { err, exitCode } = await run(['prune', snapshot, '--as-non-strict', '--emit-sh', file]);
    expect(exitCode).toBe(3);
    expect(err).toContain('this snapshot was made with --redact');
    expect(fs.existsSync(file)).toBe(false);
  });

  it('is what the plan of an archive ends with, and what --apply of one names', async () => {
    const folder = damaged();
    const snapshot = path.join(temporaryFolder(), 'n1.tar.gz');
    await run(['snapshot', folder, '-o', snapshot]);
    const { out } = await run(['prune', snapshot, '--as-non-strict']);
    expect(out).toContain('Where the host has no Node, write the plan as a script for its shell:');
    expect(out).toContain(`  mesos-ckpt prune ${snapshot} --as-non-strict --emit-sh plan.sh\n`);
    const applied = await run(['prune', snapshot, '--as-non-strict', '--apply']);
    expect(applied.exitCode).toBe(3);
    expect(applied.err).toContain('or write the plan as a script for its host (--emit-sh FILE)');
  });

  it('from a snapshot changes the host as --apply does there', async () => {
    const folder = damaged();
    const snapshot = path.join(temporaryFolder(), 'n1.tar.gz');
    await run(['snapshot', folder, '-o', snapshot]);
    const file = newFile();
    await run(['prune', snapshot, '--as-non-strict', '--emit-sh', file]);
    const done = spawnSync('sh', [file, '--force', folder], { encoding: 'utf8' });
    expect({ status: done.status, err: done.stderr }).toEqual({ status: 0, err: '' });
    expect((await run(['verify', folder])).out).toContain('recovers');
    const listed = await run(['undo', '--list', folder]);
    expect(listed.out).toContain('applied');
  });
});
