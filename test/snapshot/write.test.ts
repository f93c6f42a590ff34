import { spawn, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { writeWhole } from '../../src/snapshot/write.ts';
import { meeting } from '../apply/calls.ts';
import { run } from '../support/session.ts';
import { materialise, temporaryFolder } from '../support/trees.ts';

/** What is in a folder, with the bytes of its files. */
const shown = (folder: string): readonly (readonly [string, string])[] =>
  fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'latin1')] as const);

describe('a file that is written whole', () => {
  it('has its name only when it is', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'n1.tar.gz');
    const pieces = (function* () {
      for (const piece of ['a', 'b', 'c']) {
        expect(fs.existsSync(file)).toBe(false);
        yield Buffer.from(piece);
      }
    })();
    expect(await writeWhole(file, pieces, { force: false })).toBe(3);
    expect(shown(folder)).toEqual([['n1.tar.gz', 'abc']]);
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is not there, nor any part of it, where that fails', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'n1.tar.gz');
    const failing = (function* () {
      yield Buffer.from('a');
      throw new Error('the end');
    })();
    await expect(writeWhole(file, failing, { force: false })).rejects.toThrow('the end');
    expect(shown(folder)).toEqual([]);
  });

  it('takes no place that is taken, even while it is written', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'n1.tar.gz');
    const taking = (function* () {
      yield Buffer.from('a');
      fs.writeFileSync(file, 'other');
    })();
    await expect(writeWhole(file, taking, { force: false })).rejects.toThrow(
      'the file exists; give another name, or --force to replace it',
    );
    expect(shown(folder)).toEqual([['n1.tar.gz', 'other']]);
    await expect(writeWhole(file, [], { force: false })).rejects.toThrow('the file exists');
    expect(await writeWhole(file, [Buffer.from('new')], { force: true })).toBe(3);
    expect(shown(folder)).toEqual([['n1.tar.gz', 'new']]);
  });

  it('is no folder, and is in one', async () => {
    const folder = temporaryFolder();
    await expect(writeWhole(folder, [], { force: true })).rejects.toThrow('a folder; expected the name of a file');
    await expect(writeWhole(path.join(folder, 'no/x'), [], { force: false })).rejects.toThrow(
      'no such folder to write it to',
    );
    await expect(writeWhole(path.join(folder, 'x'.repeat(300)), [], { force: false })).rejects.toThrow(
      'its name is too long',
    );
  });

  it('takes no place of a pipe or a device, and that of a link, not of what it leads to', async () => {
    const folder = temporaryFolder();
    const [pipe, link] = [path.join(folder, 'pipe'), path.join(folder, 'link')];
    spawnSync('mkfifo', [pipe]);
    for (const at of [pipe, '/dev/null']) {
      const problem = 'a device, a pipe or a socket; give the name of a file, or - for standard output';
      await expect(writeWhole(at, [Buffer.from('x')], { force: true })).rejects.toThrow(problem);
      expect(fs.statSync(at).isFile()).toBe(false);
    }
    fs.symlinkSync(path.join(folder, 'other'), link);
    expect(await writeWhole(link, [Buffer.from('x')], { force: true })).toBe(1);
    expect(fs.lstatSync(link).isFile()).toBe(true);
    expect(fs.readdirSync(folder)).toEqual(['link', 'pipe']);
  });

  it('leaves nothing where it is stopped', async () => {
    const folder = temporaryFolder();
    let count = 0;
    const pieces = ['a', 'b', 'c'].map((piece) => Buffer.from(piece));
    const stopped = writeWhole(path.join(folder, 'x'), pieces, { force: false, shouldStop: () => ++count === 2 });
    await expect(stopped).rejects.toThrow('stopped; nothing of it is left');
    expect(count).toBe(2);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('is whole, and said not to last, where its folder cannot be synced', async () => {
    const folder = temporaryFolder();
    const isFolder = (descriptor: unknown): boolean => fs.fstatSync(descriptor as number).isDirectory();
    const failing = (call: string, test: (arg: unknown) => boolean, use: () => Promise<unknown>) =>
      meeting((name, _, [arg]) => {
        if (name === call && test(arg)) throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: name });
      }, use);
    const file = path.join(folder, 'n1.tar.gz');
    const whole =
      'it is whole, and its folder cannot be synced (Input/output error): after a power loss it may be gone';
    const said: string[] = [];
    await failing('fsyncSync', isFolder, async () => {
      await expect(writeWhole(file, [Buffer.from('x')])).rejects.toThrow(`${file}: ${whole}`);
      const size = await writeWhole(file, [Buffer.from('yz')], { force: true, onUnsynced: (why) => said.push(why) });
      expect(size).toBe(2);
    });
    expect(said).toEqual([whole]);
    expect(shown(folder)).toEqual([['n1.tar.gz', 'yz']]);
    const snapshot = path.join(folder, 'n2.tar.gz');
    await failing('fsyncSync', isFolder, async () => {
      const { err, exitCode } = await run(['snapshot', materialise('fresh'), '-o', snapshot]);
      expect([err, exitCode]).toEqual([`mesos-ckpt: ${snapshot}: ${whole}\n`, 1]);
    });
    expect(openPath(snapshot).manifest?.kind).toBe('mesos-ckpt snapshot');
  });

  it('is whole where the name that it was written under cannot be taken away', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'n1.tar.gz');
    await meeting(
      (name) => {
        if (name === 'unlinkSync') throw Object.assign(new Error('EIO'), { code: 'EIO', syscall: name });
      },
      async () => {
        expect(await writeWhole(file, [Buffer.from('x')])).toBe(1);
      },
    );
    expect(fs.readFileSync(file, 'utf8')).toBe('x');
  });

  it('has not its name where the process is killed before its end', async () => {
    const folder = temporaryFolder();
    const [file, program] = [path.join(folder, 'out/n1.tar.gz'), path.join(folder, 'program.mjs')];
    fs.mkdirSync(path.join(folder, 'out'));
    const contents = `
      import * as fs from 'node:fs';
      import { writeWhole } from './src/snapshot/write.ts';
      const pieces = (function* () {
        yield Buffer.from('half');
        fs.writeSync(1, 'half is written');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      })();
      await writeWhole(process.argv[2], pieces, { force: false });`;
    const stdin = { contents, resolveDir: process.cwd(), loader: 'ts' as const };
    await build({ stdin, bundle: true, format: 'esm', platform: 'node', outfile: program });
    const child = spawn(process.execPath, [program, file]);
    await new Promise((done) => child.stdout.once('data', done));
    child.kill('SIGKILL');
    await new Promise((done) => child.once('exit', done));
    // What is left has another name, which nobody takes for a snapshot.
    expect(fs.readdirSync(path.dirname(file))).toEqual([expect.stringMatching(/^\.n1\.tar\.gz\.[0-9a-f]{12}\.tmp$/)]);
  });
});

describe('mesos-ckpt snapshot', () => {
  it('writes a snapshot, which the others read', async () => {
    const folder = materialise('sandboxed');
    const file = path.join(temporaryFolder(), 'n1.tar.gz');
    const { out, err, exitCode } = await run(['snapshot', folder, '-o', file]);
    expect([err, exitCode]).toEqual(['', 0]);
    expect(out).toContain(': 31 files and 5 links of ');
    expect(out).toContain('\nstrict: recovers, 1 executor and 1 task lost\n');
    const strict = (text: string): string => text.slice(0, text.indexOf('For Mesos'));
    const [tree, snapshot] = [await run(['verify', folder]), await run(['verify', file])];
    expect(strict(snapshot.out)).toBe(strict(tree.out));
    // Where its line is broken depends on this machine's name.
    expect(snapshot.out.replace(/\s+/g, ' ')).toContain('. A snapshot of ');
    const shownOf = async (at: string): Promise<string> =>
      (await run(['inspect', at], { columns: 200 })).out.replace(at, 'PATH');
    expect(await shownOf(file)).toBe(await shownOf(folder));
    const again = await run(['snapshot', folder, '-o', file]);
    expect([again.exitCode, again.err]).toEqual([
      3,
      `mesos-ckpt: ${file}: the file exists; give another name, or --force to replace it\n`,
    ]);
    expect((await run(['snapshot', folder, '-o', file, '--force'])).exitCode).toBe(0);
  });

  it('prints one line of JSON', async () => {
    const file = path.join(temporaryFolder(), 'n1.tar.gz');
    const { out, exitCode } = await run(['snapshot', materialise('volumes'), '-o', file, '--json', '--redact']);
    expect(exitCode).toBe(0);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ command: 'snapshot', output: file, exitCode: 0, size: fs.statSync(file).size });
    expect(json.redacted).toEqual({ scope: 'secrets', values: 0, bytes: 0, unsure: [], verdictsKept: true });
    expect(json.entries).toBeUndefined();
    expect(openPath(file).manifest?.redacted?.verdictsKept).toBe(true);
  });

  it('is not written into the checkpoint', async () => {
    const folder = materialise('volumes');
    const link = path.join(temporaryFolder(), 'link');
    fs.symlinkSync(path.join(folder, 'meta/slaves'), link);
    const boot = fs.readFileSync(path.join(folder, 'meta/boot_id'));
    for (const [given, output] of [
      [folder, 'meta/boot_id'],
      [`${folder}/meta`, 'meta/boot_id'],
      [folder, 'meta/slaves/x'],
      [folder, path.join(link, 'x')],
    ] as const) {
      const { err, exitCode } = await run(['snapshot', given, '-o', path.resolve(folder, output), '--force']);
      expect(err).toContain("in meta, which is the agent's: choose a place outside of it");
      expect(exitCode).toBe(3);
    }
    for (const output of ['slaves/x', 'slaves/S1/frameworks/x']) {
      fs.mkdirSync(path.join(folder, 'slaves/S1/frameworks'), { recursive: true });
      const { err, exitCode } = await run(['snapshot', folder, '-o', path.join(folder, output)]);
      expect(err).toContain("in slaves, which is the agent's: choose a place outside of it");
      expect(exitCode).toBe(3);
    }
    expect(fs.readFileSync(path.join(folder, 'meta/boot_id'))).toEqual(boot);
    expect((await run(['snapshot', folder, '-o', path.join(folder, 'meta.tar.gz')])).exitCode).toBe(0);
  });

  it('says what is wrong with how it is called', async () => {
    const folder = materialise('fresh');
    const said = async (...argv: readonly string[]): Promise<string> => {
      const { err, exitCode } = await run(['snapshot', ...argv]);
      expect(exitCode).toBe(3);
      return err;
    };
    expect(await said(folder)).toContain("required option '-o, --output <file>' not specified");
    expect(await said(folder, '-o', '')).toContain('--output: it is empty');
    expect(await said('', '-o', 'x')).toContain('PATH is empty');
    expect(await said(folder, '-o', folder)).toContain('a folder; expected the name of a file');
    expect(await said(`${folder}/nowhere`, '-o', `${folder}/x`)).toContain('no such folder');
    expect(fs.readdirSync(folder)).not.toContain('x');
  });
});
