import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import { oddMembersWarning } from '../../src/report/snapshot/screen.ts';
import { sandboxesOf } from '../../src/snapshot/sandboxes.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { MAX_ODD } from '../../src/source/limits.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { fileMember, fileWith, openBytes, tar, tarWith } from '../support/archives.ts';
import { collect, toolsHere } from '../support/collect.ts';
import { run } from '../support/session.ts';
import { HOME, materialise, temporaryFolder } from '../support/trees.ts';
import { again, expectSameAgain, expectSameOfTar } from './again.ts';
import { bytesOfSnapshot, take } from './same.ts';

/** Trees of several kinds: all others are in `archives.long.test.ts`. */
const SOME = ['sandboxed', 'pods', 'update-with-bad-uuid'];

describe('a redacted snapshot of a snapshot', () => {
  it.each(SOME)('is the one that would have been made at first: %s', expectSameAgain);

  it('of its meta, and with what tar cannot hold or a disk did not give back', async () => {
    const folder = materialise('sandboxed');
    execFileSync('mkfifo', [path.join(folder, 'meta/fifo')]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(path.join(folder, 'meta/s'), done));
    const opened = openPath(path.join(folder, 'meta'), { workDir: HOME });
    const whole = take(opened);
    const failed = { code: 'EIO', at: 3 };
    const isInfo = (name: string): boolean => name.endsWith('/slave.info');
    const cut = (snapshot: Snapshot): Snapshot => ({
      ...snapshot,
      entries: snapshot.entries.map((each) =>
        isInfo(each.path) ? { ...each, bytes: each.bytes.subarray(0, 3), failure: failed } : each,
      ),
    });
    expect(await bytesOfSnapshot(await again(whole, true))).toEqual(
      await bytesOfSnapshot(take(opened, { redact: true })),
    );
    const { entries } = cut(whole);
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256')
      .update(entries.find((each) => isInfo(each.path))?.bytes ?? '')
      .digest('hex');
    const manifest = {
      ...whole.manifest,
      entries: whole.manifest.entries.map((each) => (isInfo(each.path) ? { ...each, sha256, failure: failed } : each)),
    };
    const redacted = await again({ ...whole, entries, manifest }, true);
    expect(redacted.entries.find((each) => isInfo(each.path))).toMatchObject({ failure: failed });
    expect(redacted.manifest.entries.find((each) => isInfo(each.path))).toMatchObject({ failure: failed });
    await new Promise((done) => server.close(done));
  });

  it('blanks on top of what was blanked, and says so of both', async () => {
    const opened = openPath(materialise('marathon'), { workDir: HOME });
    const secrets = take(opened, { redact: true });
    const all = take(opened, { redact: 'all' });
    expect(await bytesOfSnapshot(await again(secrets, 'all'))).toEqual(await bytesOfSnapshot(all));
    for (const redact of [true, 'all'] as const) {
      expect((await again(all, redact)).manifest.redacted).toEqual(all.manifest.redacted);
    }
  });

  it('is asked for: without, it would be the same file', async () => {
    await expect(again(take(openPath(materialise('fresh'))), false)).rejects.toThrow(
      'already a snapshot: copy the file, or ',
    );
  });
});

describe('a snapshot of a tar', () => {
  it.each(SOME)('is that of what tar packed: %s', expectSameOfTar);

  it('has a large file that no agent reads, as diff and decode have it', async () => {
    const folder = materialise('marathon');
    fs.writeFileSync(path.join(folder, 'meta/core.4711'), Buffer.alloc(1024 * 1024 + 1, 'x'));
    const archive = fileWith(tar(['-C', folder, '-cf', '-', 'meta']));
    const output = path.join(temporaryFolder(), 'made.tar.gz');
    expect(await run(['snapshot', archive, '-o', output])).toMatchObject({ exitCode: 0, err: '' });
    for (const file of [archive, output]) {
      const same = await run(['diff', file, folder]);
      expect([same.exitCode, same.err]).toEqual([0, '']);
      expect(same.out).not.toContain('core.4711');
      const decoded = await run(['decode', '--in', file, 'meta/core.4711', '--type', 'Task', '--format', 'raw']);
      expect(decoded.exitCode).toBe(1);
    }
    const redacted = path.join(temporaryFolder(), 'redacted.tar.gz');
    expect((await run(['snapshot', output, '--redact', '-o', redacted])).exitCode).toBe(0);
    const entries = take(openPath(redacted, { strays: true }), { redact: 'all' }).entries;
    expect(entries.find(({ path: name }) => name === 'meta/core.4711')?.bytes).toEqual(
      Buffer.alloc(1024 * 1024 + 1, '*'),
    );
  });

  it('says of so many odd members as are told that there may be more', () => {
    expect(oddMembersWarning({ length: MAX_ODD - 1 })).toEqual([
      expect.stringMatching(/^9999 members of the archive /),
    ]);
    expect(oddMembersWarning({ length: MAX_ODD })).toEqual([expect.stringMatching(/^at least 10000 members of the /)]);
  });

  it('has the last of members that have one name, and says that it has', async () => {
    const folder = materialise('marathon');
    const plain = tar(['-C', folder, '-cf', '-', 'meta']);
    const archive = fileWith(tarWith(plain, [fileMember('meta/boot_id', 'of another boot')]));
    const output = path.join(temporaryFolder(), 'made.tar.gz');
    const { exitCode, err } = await run(['snapshot', archive, '-o', output]);
    expect(err).toContain(
      '1 member of the archive replaces another or cannot be unpacked: the snapshot has what tar makes of it',
    );
    expect(exitCode).toBe(0);
    const entries = take(openPath(output), { redact: true }).entries;
    expect(entries.find(({ path: name }) => name === 'meta/boot_id')?.size).toBe('of another boot'.length);
  });
});

describe('a snapshot of what collect wrote', () => {
  const [tools] = toolsHere();

  it.skipIf(tools === undefined)('gives the answers of the collected checkpoint', async () => {
    const root = temporaryFolder();
    fs.mkdirSync(path.join(root, 'var/lib'), { recursive: true });
    fs.renameSync(materialise('sandboxed'), path.join(root, HOME));
    const collected = openBytes(collect(root, tools as NonNullable<typeof tools>).bytes);
    expect(sandboxesOf(collected.tree, take(collected).entries).count).toBeGreaterThan(0);
    const snapshot = openBytes(await bytesOfSnapshot(take(collected, { redact: true })));
    const said = (opened: typeof collected): unknown => {
      const { findings, strict, nonStrict, boot } = verifyCheckpoint(opened, { ownBootId: 'of this machine' });
      const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
      return JSON.parse(JSON.stringify({ findings, strict, nonStrict, boot }, plain));
    };
    expect(said(snapshot)).toEqual(said(collected));
    const own = take(openPath(path.join(root, HOME), { workDir: HOME }));
    const attributes = ({ entries }: Snapshot): unknown =>
      entries.map(({ path: at, mode, uid, gid }) => [at, mode, uid, gid]);
    expect(attributes(take(collected))).toEqual(attributes(own));
    expect(snapshot.manifest).toMatchObject({ taken: collected.collected?.time, redacted: { verdictsKept: true } });
  });
});

describe('mesos-ckpt snapshot ARCHIVE', () => {
  const archiveOf = (tree: string): string => fileWith(tar(['-C', materialise(tree), '-czf', '-', '.']), 'n1.tar.gz');

  it('writes another file, and never the one that it reads', async () => {
    const archive = archiveOf('marathon');
    const before = fs.readFileSync(archive);
    const link = path.join(path.dirname(archive), 'link.tar.gz');
    fs.linkSync(archive, link);
    for (const output of [archive, link]) {
      const refused = await run(['snapshot', archive, '--redact', '--force', '-o', output]);
      expect(refused).toMatchObject({
        exitCode: 3,
        err: expect.stringContaining('the archive that is read, which is never'),
      });
    }
    const output = path.join(path.dirname(archive), 'n1-redacted.tar.gz');
    const made = await run(['snapshot', archive, '--redact', '-o', output, '--json']);
    expect([made.exitCode, made.err]).toEqual([0, '']);
    expect(JSON.parse(made.out)).toMatchObject({ agentHost: 'node7.example', redacted: { scope: 'secrets' } });
    expect(fs.readFileSync(archive)).toEqual(before);
    const verified = async (file: string): Promise<unknown> => {
      const { strict, nonStrict } = JSON.parse((await run(['verify', file, '--json'])).out);
      return [strict, nonStrict];
    };
    expect(await verified(output)).toEqual(await verified(archive));
  });

  it('keeps to the bound of what is read, and reads whole checkpoints only', async () => {
    const output = path.join(temporaryFolder(), 'n1.tar.gz');
    const small = await run(['snapshot', archiveOf('marathon'), '--max-size', '1KB', '-o', output]);
    expect(small).toMatchObject({ exitCode: 3, err: expect.stringContaining('its checkpoint takes more than ') });
    const part = tar(['-C', path.join(materialise('marathon'), 'meta/slaves'), '-cf', '-', '.']);
    const refused = await run(['snapshot', fileWith(part), '-o', output]);
    expect(refused.exitCode).toBe(3);
    expect(fs.existsSync(output)).toBe(false);
  });
});
