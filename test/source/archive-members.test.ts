import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { create } from 'tar';
import { describe, expect, it } from 'vitest';
import { openPath } from '../../src/checkpoint/open.ts';
import type { Source } from '../../src/source/source.ts';
import { TarReader } from '../../src/source/tar/reader.ts';
import { encodeEnd, encodeMember } from '../../src/source/tar/writer.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import { fileMember, fileWith, openBytes, tar, tarWith } from '../support/archives.ts';
import { HOME, materialise, temporaryFolder } from '../support/trees.ts';
import { outlineOf } from '../support/walk.ts';

const AGENT = 'meta/slaves/2b1a7c1e-6f2d-4a0e-b9c3-0f4be0a3f001-S7';

/** All that is below `meta`. */
const metaOf = (source: Source): readonly string[] => outlineOf(source, 'meta');

/** Packs a folder in some ways, and expects to read of each what is in it. */
const expectRead = (folder: string, ways: readonly (readonly string[])[]): void => {
  const wanted = metaOf(openPath(folder, { workDir: HOME }).tree.source);
  for (const way of ways) {
    const opened = openBytes(tar([...way, '-C', folder, '-cf', '-', '.']), { workDir: HOME });
    expect(metaOf(opened.tree.source), way.join(' ')).toEqual(wanted);
  }
};

const FORMATS = [['--format=gnu'], ['--format=posix'], ['--format=oldgnu']] as const;

describe('the names of members', () => {
  it('are any bytes', () => {
    const folder = materialise('fresh');
    for (const name of [
      'caf\udce9',
      '\udcff\udcfe',
      'é',
      '\u{1f980}',
      'a\nb',
      'a=b',
      ' 12 path=x',
      '\\',
      "'",
      '%',
      '..x',
    ]) {
      fs.writeFileSync(bytesOf(`${folder}/meta/${name}`), name);
      fs.mkdirSync(bytesOf(`${folder}/meta/slaves/${name}`), { recursive: true });
      fs.symlinkSync(bytesOf(`to ${name}`), bytesOf(`${folder}/meta/link ${name}`));
    }
    expectRead(folder, FORMATS);
  });

  it('are of any length, whatever they end with at the hundredth byte', () => {
    const folder = materialise('fresh');
    for (let length = 80; length <= 130; length++) {
      const long = `meta/slaves/${'x'.repeat(length - 20)}/y`;
      fs.mkdirSync(path.join(folder, long), { recursive: true });
      fs.writeFileSync(path.join(folder, long, 'slave.info'), `${length}`);
    }
    const deep = `meta/slaves/${'a'.repeat(255)}/${'b'.repeat(255)}/${'\udcff'.repeat(255)}`;
    fs.mkdirSync(bytesOf(`${folder}/${deep}`), { recursive: true });
    fs.writeFileSync(bytesOf(`${folder}/${deep}/${'c'.repeat(255)}`), 'deep');
    fs.symlinkSync(`/var/lib/mesos/${'d'.repeat(250)}/${'e'.repeat(250)}`, `${folder}/meta/slaves/last`);
    expectRead(folder, FORMATS);
  });

  it('fit into the header of POSIX, with a prefix', () => {
    const folder = materialise('marathon');
    expectRead(folder, [['--format=gnu']]);
    const short = temporaryFolder();
    fs.mkdirSync(path.join(short, `${AGENT}/frameworks/${'f'.repeat(90)}`), { recursive: true });
    fs.writeFileSync(path.join(short, `${AGENT}/frameworks/${'f'.repeat(90)}/framework.info`), 'x');
    expectRead(short, [['--format=ustar']]);
  });
});

describe('the content of members', () => {
  it.each([
    [['-S', '--format=gnu']],
    [['-S', '--format=oldgnu']],
    [['-S', '--format=posix', '--sparse-version=0.0']],
    [['-S', '--format=posix', '--sparse-version=0.1']],
    [['-S', '--format=posix', '--sparse-version=1.0']],
  ])('may be sparse: %j', (way) => {
    const folder = materialise('fresh');
    const updates = path.join(folder, 'meta/slaves/s/frameworks/f/executors/e/runs/r/tasks/t/task.updates');
    fs.mkdirSync(path.dirname(updates), { recursive: true });
    const file = fs.openSync(updates, 'w');
    // More holes than one header has room for, and more than the next one has.
    for (let i = 0; i < 60; i++) fs.writeSync(file, `record ${i}`, i * 65536 + 13);
    fs.ftruncateSync(file, 61 * 65536 + 5);
    fs.closeSync(file);
    fs.writeFileSync(path.join(folder, 'meta/boot_id'), '');
    fs.truncateSync(path.join(folder, 'meta/boot_id'), 1 << 20);
    expectRead(folder, [way]);
  });

  it('may be larger than any memory, where it is not there', () => {
    const folder = materialise('fresh');
    const info = path.join(folder, AGENT, 'slave.info');
    fs.mkdirSync(path.dirname(info), { recursive: true });
    fs.writeFileSync(info, 'begin');
    fs.truncateSync(info, 2 ** 42);
    const opened = openBytes(tar(['-S', '-C', folder, '-cf', '-', '.']), { workDir: HOME });
    const read = opened.tree.source.open(`${AGENT}/slave.info`);
    if ('code' in read) throw new Error(read.code);
    expect(read.size()).toBe(2 ** 42);
    const bytes = Buffer.alloc(8, 1);
    expect(read.read(bytes, 0, 8, 2)).toBe(8);
    expect(bytes).toEqual(Buffer.from('gin\0\0\0\0\0'));
    expect(read.read(bytes, 0, 8, 2 ** 42 - 3)).toBe(3);
  });

  it('is that of the last of those with one name', () => {
    const folder = materialise('marathon');
    const archive = fileWith(tar(['-C', folder, '-cf', '-', '.']));
    fs.writeFileSync(path.join(folder, 'meta/boot_id'), 'later');
    fs.rmSync(path.join(folder, AGENT, 'slave.info'));
    fs.symlinkSync('nowhere', path.join(folder, AGENT, 'slave.info'));
    execFileSync('tar', ['-C', folder, '-rf', archive, './meta/boot_id', `./${AGENT}/slave.info`]);
    expect(metaOf(openPath(archive).tree.source)).toEqual(metaOf(openPath(folder).tree.source));
  });

  it('is that of another where it is a hard link, in any format', () => {
    const folder = materialise('marathon');
    fs.linkSync(path.join(folder, 'meta/boot_id'), path.join(folder, 'meta/slaves/also'));
    fs.linkSync(path.join(folder, AGENT, 'slave.info'), path.join(folder, AGENT, 'drain.config'));
    // By name, so that what is read comes before its second name: a folder's own order is the file system's.
    expectRead(
      folder,
      FORMATS.map((format) => ['--sort=name', ...format]),
    );
    const alone = openBytes(tar(['--sort=name', '-C', path.join(folder, 'meta'), '-cf', '-', '.']));
    expect(metaOf(alone.tree.source)).toEqual(metaOf(openPath(folder).tree.source));
  });

  it('is not known where it is that of a member that was passed over', () => {
    const folder = materialise('marathon');
    fs.mkdirSync(path.join(folder, 'backup'));
    fs.linkSync(path.join(folder, AGENT, 'slave.info'), path.join(folder, 'backup/info'));
    const { tree } = openBytes(tar(['-C', folder, '-cf', '-', 'backup', 'meta']));
    expect(tree.source.kindOf(`${AGENT}/slave.info`)).toBe('file');
    expect(() => tree.source.open(`${AGENT}/slave.info`)).toThrow('unpack it, and give the folder');
  });
});

describe('members that are no files', () => {
  it('are what they are', async () => {
    const folder = materialise('marathon');
    execFileSync('mkfifo', [path.join(folder, 'meta/fifo')]);
    fs.mkdirSync(path.join(folder, 'meta/empty/er'), { recursive: true });
    fs.chmodSync(path.join(folder, 'meta/boot_id'), 0o6755);
    fs.chmodSync(path.join(folder, 'meta/empty'), 0o3777);
    expectRead(folder, FORMATS);
    const server = createServer();
    await new Promise<void>((done) => server.listen(path.join(folder, 'meta/socket'), done));
    const opened = openBytes(tar(['-C', folder, '-cf', '-', '.']));
    await new Promise((done) => server.close(done));
    // Tar passes over a socket.
    expect(opened.tree.source.kindOf('meta/socket')).toBeUndefined();
    expect(opened.tree.source.open('meta/fifo')).toEqual({ code: 'ENXIO' });
  });
});

describe('an archive of a work_dir', () => {
  it('may hold much besides, of which is known that it is there', () => {
    const folder = materialise('sandboxed');
    fs.mkdirSync(path.join(folder, 'provisioner/rootfs/usr/share/meta/x'), { recursive: true });
    fs.mkdirSync(path.join(folder, 'volumes/roles/r'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'volumes/roles/r/slave.info'), 'x');
    const runs = fs
      .readdirSync(path.join(folder, 'slaves'), { recursive: true, encoding: 'utf8' })
      .filter((each) => /\/runs\/[^/]+$/.test(each));
    for (const run of runs) {
      if (fs.lstatSync(path.join(folder, 'slaves', run)).isSymbolicLink()) continue;
      fs.mkdirSync(path.join(folder, 'slaves', run, 'meta/slaves'), { recursive: true });
      fs.writeFileSync(path.join(folder, 'slaves', run, 'stdout'), 'much'.repeat(1000));
      fs.writeFileSync(path.join(folder, 'slaves', run, 'meta/slaves/boot_id'), 'x');
    }
    for (const first of ['meta', 'slaves', 'provisioner', 'volumes']) {
      const rest = ['meta', 'slaves', 'provisioner', 'volumes'].filter((name) => name !== first);
      const { source } = openBytes(tar(['-C', folder, '-cf', '-', first, ...rest])).tree;
      expect(metaOf(source)).toEqual(metaOf(openPath(folder).tree.source));
      for (const run of runs) expect(source.kindOf(`slaves/${run}`)).not.toBeUndefined();
      expect(() => source.kindOf('volumes/roles')).toThrow('cannot follow');
      const [sandbox = ''] = runs.filter((run) => source.kindOf(`slaves/${run}`) === 'folder');
      expect(() => source.kindOf(`slaves/${sandbox}/stdout`)).toThrow('cannot follow');
      expect(source.kindOf('slaves/nowhere')).toBeUndefined();
    }
  });

  it('may have an executor or a task that is called meta', () => {
    const folder = materialise('sandboxed');
    const tree = openPath(folder).tree.source;
    const executors = `${AGENT}/frameworks`;
    const frameworks = tree.list(executors);
    if ('code' in frameworks) throw new Error(frameworks.code);
    const at = path.join(folder, executors, frameworks[0]?.name ?? '', 'executors');
    for (const name of ['meta', 'slaves']) {
      fs.mkdirSync(path.join(at, name, 'runs/r/tasks/meta'), { recursive: true });
      fs.writeFileSync(path.join(at, name, 'executor.info'), name);
      fs.writeFileSync(path.join(at, name, 'runs/r/tasks/meta/task.info'), name);
    }
    expectRead(folder, [['--format=gnu']]);
    const alone = openBytes(tar(['-C', path.join(folder, 'meta'), '-cf', '-', '.']));
    expect(metaOf(alone.tree.source)).toEqual(metaOf(openPath(folder).tree.source));
  });

  it('tells where it was, where it was packed with whole names', () => {
    const folder = materialise('fresh', [{ op: 'remove', path: 'meta/slaves/latest' }]);
    const bytes = tar(['--transform=s,^\\.,srv/mesos/n1,S', '-C', folder, '-cf', '-', './meta']);
    expect(openBytes(bytes).tree.home).toBe('/srv/mesos/n1');
  });
});

describe('what other programs write', () => {
  it('is read: the tar of npm', async () => {
    const folder = materialise('marathon');
    const file = path.join(temporaryFolder(), 'made.tgz');
    await create({ cwd: folder, file, gzip: true }, ['.']);
    expect(metaOf(openPath(file).tree.source)).toEqual(metaOf(openPath(folder).tree.source));
  });

  it('is read: several gzip members, and several archives in them', () => {
    const folder = materialise('sandboxed');
    const bytes = tar(['-C', folder, '-cf', '-', '.']);
    const parts = [bytes.subarray(0, 1000), bytes.subarray(1000, 1001), bytes.subarray(1001)];
    const members = Buffer.concat(parts.map((part) => gzipSync(part)));
    const wanted = outlineOf(openBytes(bytes).tree.source);
    expect(outlineOf(openBytes(members).tree.source)).toEqual(wanted);
    const two = ['meta', 'slaves'].map((name) => gzipSync(tar(['-C', folder, '-cf', '-', name])));
    expect(outlineOf(openBytes(Buffer.concat(two)).tree.source)).toEqual(wanted);
    // Zeros behind a gzip are padding.
    expect(outlineOf(openBytes(Buffer.concat([members, Buffer.alloc(512)])).tree.source)).toEqual(wanted);
  });

  it('is read through a link, and from a FIFO', () => {
    const folder = materialise('marathon');
    const link = path.join(temporaryFolder(), 'newest.tar');
    fs.symlinkSync(fileWith(tar(['-C', folder, '-cf', '-', '.'])), link);
    expect(metaOf(openPath(link).tree.source)).toEqual(metaOf(openPath(folder).tree.source));
    const fifo = path.join(temporaryFolder(), 'fifo');
    execFileSync('mkfifo', [fifo]);
    execFileSync('sh', ['-c', 'tar -C "$1" -zcf "$2" . >/dev/null 2>&1 &', 'sh', folder, fifo], { stdio: 'ignore' });
    expect(metaOf(openPath(fifo).tree.source)).toEqual(metaOf(openPath(folder).tree.source));
  });
});

describe('members that are not unpacked as they are written', () => {
  const AGENT_LINK = 'meta/slaves/latest';
  const link = (name: string, target: string): Buffer =>
    encodeMember({
      name,
      kind: 'link',
      content: Buffer.alloc(0),
      target,
      mode: 0o777,
      uid: 0,
      gid: 0,
      modifiedNs: 0n,
    });

  it.each<[string, string, Buffer[], string, string]>([
    ['a file twice', '.', [fileMember('meta/boot_id', 'later')], 'meta/boot_id replaced', 'more than once'],
    ['a file below a file', '.', [fileMember('meta/boot_id/x', '')], 'meta/boot_id/x left out', 'is not a folder'],
    ['a file for a folder', '.', [fileMember('./meta/slaves', '')], 'meta/slaves left out', 'a folder with something'],
    ['a link for a file', 'meta', [link('meta/boot_id', 'x')], 'meta/boot_id replaced', 'takes the place of a file'],
    ['below latest', '.', [fileMember(`${AGENT_LINK}/x`, '')], `${AGENT_LINK}/x left out`, 'leads elsewhere'],
    ['.. in a name', '.', [fileMember('a/../meta/slaves/x', '')], 'meta/slaves/x left out', "'..' in it"],
    ['.. before a name', '.', [fileMember('../meta/boot_id', 'later')], 'meta/boot_id left out', "'..' in it"],
    [
      '.. alone',
      '.',
      [fileMember('x/..', ''), fileMember('meta/boot_id', '')],
      'meta/boot_id replaced',
      'more than once',
    ],
    ['another latest', '.', [link(AGENT_LINK, '/other')], `${AGENT_LINK} left out`, 'came before it, and stays'],
  ])('are told: %s', (_what, packed, members, told, why) => {
    const { oddMembers = [] } = openBytes(tarWith(tar(['-C', materialise('marathon'), '-cf', '-', packed]), members));
    expect(oddMembers.map(({ path, outcome }) => `${path} ${outcome}`)).toEqual([told]);
    expect(oddMembers[0]?.why).toContain(why);
  });

  it('are told by their place in the work_dir, where only meta is packed or all in another folder', () => {
    const odd = (folder: string, prefix: string, member: string): unknown => {
      const packed = tar(['--transform', `s,^\\.,${prefix},S`, '-C', folder, '-cf', '-', '.']);
      return openBytes(tarWith(packed, [fileMember(member, '')])).oddMembers?.map(({ path }) => path);
    };
    const folder = materialise('marathon');
    expect(odd(path.join(folder, 'meta'), '.', './boot_id')).toEqual(['meta/boot_id']);
    expect(odd(folder, 'backup/n1', 'backup/n1/meta/boot_id')).toEqual(['meta/boot_id']);
  });
});

describe('an archive that cannot be used', () => {
  const problem = (bytes: Buffer): string => {
    try {
      openBytes(bytes);
    } catch (error) {
      return (error as Error).message.replace(/^[^:]*: /, '');
    }
    return 'none';
  };
  const folder = (): string => materialise('marathon');

  it.each([
    ['nothing', () => Buffer.alloc(0), 'the file is empty'],
    ['a few bytes', () => Buffer.from('hello'), 'nor a tar archive, plain or gzip'],
    ['a text', () => fs.readFileSync('package.json'), 'nor a tar archive, plain or gzip'],
    ['a text in gzip', () => gzipSync(fs.readFileSync('package.json')), 'nor a tar archive, plain or gzip'],
    ['nothing in gzip', () => gzipSync(''), 'nothing is there'],
    ['zstd', () => Buffer.from('28b52ffd0458', 'hex'), 'compressed with zstd: pass it on with'],
    ['no members', () => Buffer.alloc(10240), 'there is no checkpoint in it'],
    ['another folder', () => tar(['-cf', '-', 'schema']), 'there is no checkpoint in it'],
    [
      'a meta with other things',
      () => tar(['--transform=s,^schema,x/meta,', '-cf', '-', 'package.json', 'schema']),
      'no checkpoint',
    ],
    [
      'two work_dirs',
      () => tar(['-C', '/', '-cf', '-', folder().slice(1), folder().slice(1)]),
      'it holds 2 checkpoints',
    ],
    [
      '.. in all names',
      () => tar(['-P', '--transform=s,^\\.,a/../b,', '-C', folder(), '-cf', '-', '.']),
      "'..' in the name, and tar leaves them out without -P",
    ],
    [
      'two plain archives',
      () => Buffer.concat([tar(['-C', folder(), '-cf', '-', 'meta']), tar(['-C', folder(), '-cf', '-', 'meta'])]),
      'zeros are in the middle',
    ],
  ])('is told from others: %s', (_what, make, words) => {
    expect(problem(make())).toContain(words);
  });
});

/** An archive of a checkpoint, and of a file that is far below a folder. */
const deep = (folder: string): Buffer => {
  const made = {
    kind: 'file',
    content: Buffer.alloc(0),
    target: '',
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedNs: 0n,
  } as const;
  const members = ['meta/boot_id', `${folder}${'d/'.repeat(20_000)}x`].map((name) => encodeMember({ ...made, name }));
  const bytes = Buffer.concat(members);
  return Buffer.concat([bytes, encodeEnd(bytes.length)]);
};

it('of a checkpoint are left out, where their path is longer than Linux takes', () => {
  const { oddMembers } = openBytes(deep('meta/slaves/'));
  expect(oddMembers).toHaveLength(1);
  expect(oddMembers?.[0]).toMatchObject({ outcome: 'left out', why: 'its path is longer than Linux takes' });
});

it('of a sandbox may lie as deep as a task has put them', () => {
  const { tree } = openBytes(deep('slaves/S1/frameworks/F1/executors/E1/runs/R1/'));
  expect(tree.source.kindOf('slaves/S1/frameworks/F1/executors/E1/runs/R1')).toBe('folder');
  expect(metaOf(tree.source)).toHaveLength(metaOf(openBytes(deep('slaves/')).tree.source).length);
});

describe('the member that is being read', () => {
  it('has its name, also where its content ends the reading, and its bytes are gone', () => {
    const take = (): never => {
      throw new Error('enough');
    };
    const reader = new TarReader({ member: () => take }, { isChecked: false });
    const chunk = Buffer.from(fileMember('meta/boot_id', 'a boot id'));
    expect(() => reader.write(chunk)).toThrow('enough');
    chunk.fill(0);
    expect(reader.name).toBe('meta/boot_id');
  });
});
