import childProcess, { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, type TestContext } from 'vitest';
import { temporaryFolder } from '../support/trees.ts';
import { AGENT, apply, CHANGES, FakeProcesses, fingerprint, makeTree, planned, undo } from './support.ts';

/** With the system's own cp and touch, and its tar as the judge: it knows all that Node does not. */

/** Runs something on a host on which no program can be started. */
const withoutPrograms = async <T>(use: () => Promise<T>): Promise<T> => {
  const mutable = childProcess as unknown as Record<string, unknown>;
  const original = mutable['spawnSync'];
  mutable['spawnSync'] = () => ({ error: new Error('ENOENT') });
  syncBuiltinESMExports();
  try {
    return await use();
  } finally {
    mutable['spawnSync'] = original;
    syncBuiltinESMExports();
  }
};

/** Nobody is to take a test that this machine cannot do for one that was passed. */
const unable = (context: TestContext, why: string): never => {
  process.stderr.write(`\nNOT TESTED: ${context.task.name}: ${why}\n`);
  return context.skip(why);
};

/** All that tar finds in a folder: owners, modes, times in ns, links, contents, extended attributes, access control lists. */
const packed = (folder: string): string =>
  execFileSync(
    'tar',
    [
      ...['--format=pax', '--pax-option=delete=atime,delete=ctime,exthdr.name=x', '--sort=name', '--numeric-owner'],
      ...['--xattrs', '--xattrs-include=*', '--acls', '-C', folder, '-cf', '-', 'meta'],
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 28 },
  ).toString('latin1');

/** One header of `path`, as `key=value` lines. */
const paxHeaders = (...lines: readonly string[]): Buffer => {
  const records = lines.map((line) => {
    let length = line.length + 3;
    while (`${length} ${line}\n`.length !== length) length = `${length} ${line}\n`.length;
    return `${length} ${line}\n`;
  });
  return Buffer.from(records.join(''), 'latin1');
};

const header = (name: string, type: string, size: number, mode: number): Buffer => {
  const block = Buffer.alloc(512);
  block.write(name, 0, 'latin1');
  block.write(`${mode.toString(8).padStart(7, '0')}\0${'0000000\0'.repeat(2)}`, 100, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        ${type}`, 124, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

/** Gives a file extended attributes and an access control list, which the system's tar can and Node cannot. */
const adorn = (folder: string, file: string): void => {
  const content = fs.readFileSync(`${folder}/${file}`);
  const { mode } = fs.statSync(`${folder}/${file}`);
  const pax = paxHeaders(
    'SCHILY.xattr.user.note=said by \xe9 nobody',
    'SCHILY.acl.access=user::rw-,user:1234:r--,group::r--,mask::r--,other::---',
  );
  const pad = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  const archive = Buffer.concat([
    header('x', 'x', pax.length, 0o644),
    pad(pax),
    header(file, '0', content.length, mode & 0o7777),
    pad(content),
    Buffer.alloc(1024),
  ]);
  execFileSync('tar', ['--xattrs', '--xattrs-include=*', '--acls', '-C', folder, '-xpf', '-'], {
    input: archive,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
};

/** A tree of which the files that are cut and set aside have what Node does not know. */
const adorned = (): string => {
  const folder = makeTree();
  for (const name of ['log', 'torn', 'bad.info']) adorn(folder, `${AGENT}/${name}`);
  execFileSync('touch', ['-d', '@-5.500000001', `${folder}/${AGENT}/log`, `${folder}/${AGENT}`]);
  return folder;
};

const notes = (archive: string): number => archive.split('user.note=said by \xe9 nobody').length - 1;
const lists = (archive: string): number => archive.split('user:1234:r--').length - 1;

describe('extended attributes, access control lists and times of a nanosecond', () => {
  it('are kept by what is cut, lie in the journal with what goes, and are given back', async (context) => {
    const folder = adorned();
    const before = packed(folder);
    if (notes(before) !== 3) unable(context, `tar or the file system of ${folder} has no extended attributes`);
    if (lists(before) !== 3) unable(context, `tar or the file system of ${folder} has no access control lists`);
    const processes = new FakeProcesses();
    const { place, notes: said } = await apply(folder, planned(folder, CHANGES), processes.start());
    expect(said).toEqual([]);
    const applied = packed(folder);
    expect([notes(applied), lists(applied)]).toEqual([2, 2]);
    expect(fs.statSync(`${folder}/${AGENT}/log`, { bigint: true }).mtimeNs).toBe(-5_500_000_001n);
    expect(await undo(place, processes.start())).toMatchObject({ ending: 'undone', notes: [] });
    expect(packed(folder)).toBe(before);
  });

  it('that cannot be carried over for want of coreutils are told of, and given back all the same', async () => {
    const folder = adorned();
    const before = packed(folder);
    const processes = new FakeProcesses();
    const { place, notes: said } = await withoutPrograms(() =>
      apply(folder, planned(folder, CHANGES), processes.start()),
    );
    expect(said).toEqual(
      ['torn', 'log'].map((name) =>
        expect.stringMatching(new RegExp(`/${name}: its extended .*: there is no cp of core`)),
      ),
    );
    expect(packed(folder)).not.toBe(before);
    await undo(place, processes.start());
    expect(packed(folder)).toBe(before);
  });
});

describe('what the kernel keeps from root', () => {
  it.for([
    ['+i', 'log', /cannot be changed: operation not permitted .*immutable/],
    ['+i', '.', /cannot be changed: operation not permitted .*immutable/],
    ['+a', 'log', /operation not permitted .*: what was done has been taken back/],
    ['+a', '.', /operation not permitted .*: what was done has been taken back/],
  ] as const)('is found out: chattr %s %s', async ([flag, name, message], context) => {
    const folder = makeTree();
    const at = `${folder}/${AGENT}/${name}`;
    if (spawnSync('chattr', [flag, at]).status !== 0) unable(context, 'no chattr, not root, or a file system without');
    const before = fingerprint(folder);
    try {
      const error = await apply(folder, planned(folder, CHANGES), new FakeProcesses().start()).catch((e: Error) => e);
      expect(String(error)).toMatch(message);
      expect(fingerprint(folder)).toEqual(before);
    } finally {
      spawnSync('chattr', [flag.replace('+', '-'), at]);
    }
  });
});

it('what is renamed stays on the mount of meta, also where the kernel has one of its own for it', async (context) => {
  const folder = makeTree();
  const meta = `${folder}/meta`;
  if (spawnSync('mount', ['--bind', meta, meta]).status !== 0) unable(context, 'not root, or it may not mount');
  try {
    const before = fingerprint(folder);
    const own = new FakeProcesses().start();
    const { place } = await apply(folder, planned(folder, CHANGES), own);
    expect(place.path).toBe(`${meta}/.mesos-ckpt/${place.id}`);
    await undo(place, own);
    expect(fingerprint(folder)).toEqual(before);
    expect(fs.existsSync(`${folder}/mesos-ckpt`)).toBe(false);
    const elsewhere = `${temporaryFolder()}/journal`;
    await expect(apply(folder, planned(folder, CHANGES), own, { journal: elsewhere })).rejects.toThrow(
      /are on different (mounts|file systems)/,
    );
  } finally {
    spawnSync('umount', [meta]);
  }
});
