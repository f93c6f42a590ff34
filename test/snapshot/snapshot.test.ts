import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { list } from 'tar';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/checkpoint/manifest.ts';
import { type Opened, openPath } from '../../src/checkpoint/open.ts';
import { manifestPieces } from '../../src/snapshot/pack.ts';
import { snapshotWith } from '../../src/snapshot/snapshot.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { fileWith, openBytes, tar } from '../support/archives.ts';
import { HOME, materialise, temporaryFolder, treeNames } from '../support/trees.ts';
import { bootIdOf, HEAD } from '../support/verify.ts';
import { bytesOfSnapshot, expectSame, OPTIONS, take } from './same.ts';

describe('a snapshot gives the answers of the tree', () => {
  it.each(treeNames)('%s', async (tree) => {
    const folder = materialise(tree);
    const bootId = bootIdOf(tree);
    // A copy; its meta; a tree that is read where it lives, before and after a reboot.
    await expectSame(openPath(folder, { workDir: HOME }), bootId);
    await expectSame(openPath(path.join(folder, 'meta'), { workDir: HOME }), bootId);
    await expectSame(openPath(folder, { workDir: folder }), bootId);
    await expectSame(openPath(folder, { workDir: folder }), 'another boot');
  });

  it('whose sandboxes are partly gone', async () => {
    const folder = materialise('sandboxed');
    const runs = fs
      .readdirSync(path.join(folder, 'slaves'), { recursive: true, encoding: 'utf8' })
      .filter((each) => /\/runs\/[^/]+$/.test(each) && !each.endsWith('latest'));
    expect(runs.length).toBeGreaterThan(1);
    fs.rmSync(path.join(folder, 'slaves', runs[0] ?? ''), { recursive: true });
    await expectSame(openPath(folder, { workDir: HOME }), 'x');
    fs.renameSync(path.join(folder, 'slaves'), path.join(folder, 'elsewhere'));
    fs.symlinkSync('/mnt/slaves', path.join(folder, 'slaves'));
    await expectSame(openPath(folder, { workDir: HOME }), 'x');
  });

  it('with names of any bytes, and what is no file', async () => {
    const folder = materialise('ids');
    const framework = path.join(folder, 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7/frameworks');
    for (const name of ['caf\udce9', '\u{1f980}', 'a\nb', 'x'.repeat(255)]) {
      fs.mkdirSync(bytesOf(`${framework}/${name}/executors/${name}`), { recursive: true });
      fs.writeFileSync(bytesOf(`${framework}/${name}/framework.info`), name);
      fs.symlinkSync(bytesOf(`/${name}/${name}`), bytesOf(`${framework}/${name}/link`));
    }
    execFileSync('mkfifo', [path.join(framework, 'fifo')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(path.join(folder, 'meta/s'), done));
    await expectSame(openPath(folder, { workDir: HOME }), 'x');
    await new Promise((done) => server.close(done));
  });
});

describe('the archive', () => {
  it('is unpacked by tar to what was there', async () => {
    const folder = materialise('volumes');
    fs.chmodSync(path.join(folder, 'meta/boot_id'), 0o4751);
    fs.chownSync(path.join(folder, 'meta/boot_id'), 1234, 5678);
    fs.utimesSync(path.join(folder, 'meta/boot_id'), 1_700_000_000.123456, 1_700_000_000.123456);
    fs.mkdirSync(bytesOf(`${folder}/meta/caf\udce9`));
    const target = temporaryFolder();
    execFileSync('tar', ['-xpzf', '-', '-C', target], { input: await bytesOfSnapshot(take(openPath(folder))) });
    const listing = (at: string): string =>
      execFileSync('find', ['.', '-printf', '%P|%y|%m|%U|%G|%T@|%l|%s\\n'], { cwd: at, encoding: 'latin1' })
        .split('\n')
        .map((line) => line.replace(/^(.*\|d\|.*\|)\d+$/, '$1'))
        .sort()
        .join('\n');
    expect(listing(path.join(target, 'meta'))).toBe(listing(path.join(folder, 'meta')));
    execFileSync('diff', ['-r', '--no-dereference', path.join(folder, 'meta'), path.join(target, 'meta')]);
  });

  it('is read by others, and the same whenever the same is taken', async () => {
    const opened = openPath(materialise('marathon'));
    const bytes = await bytesOfSnapshot(take(opened));
    expect(await bytesOfSnapshot(take(opened))).toEqual(bytes);
    const names: string[] = [];
    list({ file: fileWith(bytes), sync: true, strict: true, onReadEntry: (entry) => names.push(entry.path) });
    expect(names[0]).toBe('mesos-ckpt.snapshot.json');
    expect(names.slice(1)).toEqual(names.slice(1).sort());
    expect(names).toEqual(execFileSync('tar', ['-tzf', '-'], { input: bytes, encoding: 'utf8' }).trim().split('\n'));
  });

  it('has a manifest that tells what is in it', () => {
    const folder = materialise('marathon');
    const snapshot = take(openPath(folder));
    const manifest: Manifest = JSON.parse(Buffer.concat(manifestPieces(snapshot)).toString());
    expect(manifest).toMatchObject({
      schemaVersion: 1,
      kind: 'mesos-ckpt snapshot',
      host: { name: 'n1', bootId: 'boot' },
      taken: '2026-02-02T03:04:05.000Z',
      workDir: HOME,
      inPlace: false,
      level: 'work_dir',
      redacted: null,
      changes: [],
      verdicts: { mesosVersion: '1.12.0', strict: { exitCode: 1, starts: [{ verdict: 'recovers', stage: null }] } },
    });
    const files = manifest.entries.filter(({ kind }) => kind === 'file');
    expect(files.length).toBeGreaterThan(10);
    for (const { path: name, size, sha256 } of files) {
      const bytes = fs.readFileSync(path.join(folder, name));
      expect([size, sha256]).toEqual([bytes.length, createHash('sha256').update(bytes).digest('hex')]);
    }
  });

  it('is refused where it is not as its manifest says', async () => {
    const folder = temporaryFolder();
    const bytes = await bytesOfSnapshot(take(openPath(materialise('marathon'))));
    const tampered = (change: () => void): (() => Opened) => {
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder);
      execFileSync('tar', ['-xpzf', '-', '-C', folder], { input: bytes });
      change();
      return () => openBytes(tar(['-C', folder, '-cf', '-', '.']));
    };
    const at = (name: string): string => path.join(folder, name);
    const nothing = tampered(() => undefined);
    expect(nothing().manifest?.host.name).toBe('n1');
    expect(tampered(() => fs.appendFileSync(at('meta/boot_id'), 'x'))).toThrow('meta/boot_id has another content');
    expect(tampered(() => fs.rmSync(at('meta/boot_id')))).toThrow('meta/boot_id is missing');
    expect(tampered(() => fs.writeFileSync(at('meta/new'), ''))).toThrow('meta/new is in it, and not in its manifest');
    const relink = (): void => {
      fs.rmSync(at('meta/slaves/latest'));
      fs.symlinkSync('x', at('meta/slaves/latest'));
    };
    expect(tampered(relink)).toThrow('meta/slaves/latest is not the link');
    const manifest = at('mesos-ckpt.snapshot.json');
    expect(tampered(() => fs.writeFileSync(manifest, '{'))).toThrow('its manifest is not JSON');
    expect(tampered(() => fs.writeFileSync(manifest, '{}'))).toThrow("its manifest is not a snapshot's");
    const newer = (): void => {
      fs.writeFileSync(manifest, fs.readFileSync(manifest, 'utf8').replace('"schemaVersion":1', '"schemaVersion":2'));
    };
    expect(tampered(newer)).toThrow('its manifest is of version 2');
    expect(tampered(() => fs.rmSync(manifest))().manifest).toBeUndefined();
  });

  it('tells again what could not be read', async () => {
    const opened = openPath(materialise('marathon'));
    const snapshot = take(opened);
    const fail = { code: 'EIO', at: 0 };
    const isInfo = (name: string): boolean => name.endsWith('/slave.info');
    const cut = snapshot.entries.map((each) =>
      isInfo(each.path) ? { ...each, bytes: Buffer.alloc(0), failure: fail } : each,
    );
    const entries = snapshot.manifest.entries.map((each) => {
      const bytes = cut.find(({ path: name }) => name === each.path)?.bytes ?? Buffer.alloc(0);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      return isInfo(each.path) ? { ...each, sha256, failure: fail } : each;
    });
    const read = openBytes(
      await bytesOfSnapshot({ ...snapshot, entries: cut, manifest: { ...snapshot.manifest, entries } }),
    );
    const { agent } = verifyCheckpoint(read, { version: HEAD }).checkpoint;
    expect(agent?.info).toMatchObject({ kind: 'unreadable', code: 'EIO', step: 'read', outside: undefined });
  });
});

describe('a tree that changes while it is read', () => {
  const AT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';

  it('is read again where it did, and that is noted', () => {
    const folder = materialise('marathon');
    const round = (number: number): void => {
      if (number > 1) return;
      fs.appendFileSync(path.join(folder, AT, 'slave.info'), 'more');
      fs.rmSync(path.join(folder, 'meta/boot_id'));
      fs.mkdirSync(path.join(folder, AT, 'operations/x'), { recursive: true });
      fs.writeFileSync(path.join(folder, AT, 'operations/x/operation.updates'), 'new');
    };
    const { manifest, entries } = snapshotWith({ round }, openPath(folder), OPTIONS);
    expect(manifest.changes).toEqual([
      { path: 'meta/boot_id', what: 'vanished', retries: 1, settled: true },
      { path: `${AT}/operations`, what: 'appeared', retries: 1, settled: true },
      { path: `${AT}/slave.info`, what: 'changed', retries: 1, settled: true },
    ]);
    for (const { path: name, bytes, kind } of entries) {
      if (kind === 'file') expect(bytes).toEqual(fs.readFileSync(path.join(folder, name)));
    }
    expect(entries.map(({ path: name }) => name)).toContain(`${AT}/operations/x/operation.updates`);
    expect(entries.map(({ path: name }) => name)).not.toContain('meta/boot_id');
  });

  it('again and again is given up, and that is noted', () => {
    const folder = materialise('marathon');
    const round = (): void => fs.appendFileSync(path.join(folder, AT, 'slave.info'), 'more');
    const { manifest } = snapshotWith({ round }, openPath(folder), OPTIONS);
    expect(manifest.changes).toEqual([{ path: `${AT}/slave.info`, what: 'changed', retries: 5, settled: false }]);
  });

  it('is seen to change though its size and time stay', () => {
    const folder = materialise('marathon');
    const file = path.join(folder, AT, 'slave.info');
    const round = (number: number): void => {
      if (number > 1) return;
      const { atime, mtime } = fs.statSync(file);
      fs.writeFileSync(file, Buffer.alloc(fs.statSync(file).size, 'y'));
      fs.utimesSync(file, atime, mtime);
    };
    const { entries } = snapshotWith({ round }, openPath(folder), OPTIONS);
    expect(entries.find(({ path: name }) => name === `${AT}/slave.info`)?.bytes).toEqual(fs.readFileSync(file));
  });
});

describe('what is no folder of a checkpoint', () => {
  it('is not taken', () => {
    const folder = materialise('marathon');
    expect(() => take(openPath(path.join(folder, 'meta/slaves/latest')))).toThrow('the folder of one agent');
    expect(() => take(openPath(temporaryFolder()))).toThrow('no checkpoint there');
  });
});

it('is a gzip of whole members', async () => {
  const bytes = await bytesOfSnapshot(take(openPath(materialise('fresh'))));
  expect(gunzipSync(bytes).length % 10240).toBe(0);
});
