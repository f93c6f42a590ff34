import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderHost } from '../../src/host/folder.ts';
import { isUnseen } from '../../src/host/host.ts';
import { makeHost, makeRoot } from '../support/hosts.ts';
import { temporaryFolder } from '../support/trees.ts';

const text = (answer: unknown): string => (Buffer.isBuffer(answer) ? answer.toString() : JSON.stringify(answer));

/** Runs something without the rights of root, where the tests have them. */
const asNobody = <T>(run: () => T): T => {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
};

describe('links', () => {
  const host = makeHost.bind(undefined, {
    '/etc/real': 'inside',
    '/etc/absolute': { link: '/etc/real' },
    '/etc/relative': { link: './real' },
    '/etc/up': { link: '../../../../../../etc/real' },
    '/etc/folder': { link: '//etc/./' },
    '/etc/dangling': { link: '/etc/passwd' },
    '/etc/loop': { link: 'loop' },
    '/etc/through-file': { link: 'real/.' },
    '/etc/slashed': { link: '/etc/real/' },
    '/etc/folder-slashed': { link: '../etc/' },
    '/root.txt': 'top',
  });

  it('that are absolute stay in the root', () => {
    expect(text(host().read('/etc/absolute'))).toBe('inside');
    expect(text(host().read('/etc/folder/folder/absolute'))).toBe('inside');
  });

  it('that are relative are followed from where they are', () => {
    expect(text(host().read('/etc/relative'))).toBe('inside');
  });

  it('never lead out of the root: .. ends at the top', () => {
    expect(text(host().read('/etc/up'))).toBe('inside');
    expect(text(host().read('/../../root.txt'))).toBe('top');
    expect(text(host().read('/etc/folder/../root.txt'))).toBe('top');
  });

  it('that dangle lead to nothing, whatever this machine has there', () => {
    const made = host();
    expect(fs.existsSync('/etc/passwd')).toBe(true);
    expect(made.read('/etc/dangling')).toBeUndefined();
    expect(made.stat('/etc/dangling')).toBeUndefined();
    expect(made.local('/etc/dangling')).toBeUndefined();
    expect(made.link('/etc/dangling')).toBe('/etc/passwd');
  });

  it('that end with a slash lead to folders, as the kernel follows them', () => {
    const made = host();
    expect(['through-file', 'slashed'].map((name) => made.stat(`/etc/${name}`))).toEqual([undefined, undefined]);
    expect(text(made.read('/etc/folder-slashed/real'))).toBe('inside');
    expect(made.stat('/etc/folder-slashed')).toMatchObject({ kind: 'folder' });
  });

  it('that lead to each other cannot be seen', () => {
    expect(host().read('/etc/loop')).toEqual({ code: 'ELOOP' });
  });

  it('are followed 40 times and not more, as by Linux', () => {
    const chain = (length: number) => ({
      '/end': 'found',
      ...Object.fromEntries(
        Array.from({ length }, (_, i) => [`/l${i}`, { link: i === 0 ? '/end' : `/l${i - 1}` }] as const),
      ),
    });
    expect(text(makeHost(chain(40)).read('/l39'))).toBe('found');
    expect(makeHost(chain(41)).read('/l40')).toEqual({ code: 'ELOOP' });
  });

  it('are told from what is none', () => {
    const made = host();
    expect(made.link('/etc/real')).toBeUndefined();
    expect(made.link('/etc/nothing')).toBeUndefined();
    expect(made.link('/etc/folder/absolute')).toBe('/etc/real');
  });
});

describe('what is not there', () => {
  it('is undefined, below a file too', () => {
    const host = makeHost({ '/etc/file': 'x' });
    for (const path of ['/nothing', '/nothing/below', '/etc/file/below', '/etc/file/..']) {
      expect([host.read(path), host.stat(path), host.list(path), host.space(path)], path).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
    expect(host.list('/etc/file')).toBeUndefined();
  });

  it('is told from what cannot be read', () => {
    const host = makeHost({ '/etc/folder': null });
    expect(host.read('/etc/folder')).toEqual({ code: 'EISDIR' });
    expect(isUnseen(host.read('/etc/folder'))).toBe(true);
    expect(isUnseen(makeHost({ '/f': 'code' }).read('/f'))).toBe(false);
  });

  it('and is told from what may not be read', () => {
    const root = makeRoot({ '/secret/file': 'x' });
    fs.chmodSync(root, 0o755);
    fs.chmodSync(path.join(root, 'secret'), 0);
    const host = new FolderHost(root);
    const answers = asNobody(() => [host.read('/secret/file'), host.list('/secret'), host.stat('/secret/nothing')]);
    fs.chmodSync(path.join(root, 'secret'), 0o700);
    expect(answers).toEqual([{ code: 'EACCES' }, { code: 'EACCES' }, { code: 'EACCES' }]);
  });
});

describe('what is there', () => {
  it('is read to its end, and to 16 MiB at most', () => {
    const host = makeHost({
      '/large': Buffer.alloc(17 * 1024 * 1024, 7),
      '/exact': Buffer.alloc(200_000, 1),
      '/none': '',
    });
    expect((host.read('/large') as Buffer).length).toBe(16 * 1024 * 1024);
    expect((host.read('/exact') as Buffer).equals(Buffer.alloc(200_000, 1))).toBe(true);
    expect((host.read('/none') as Buffer).length).toBe(0);
  });

  it('is listed in the order of its bytes, names that are no UTF-8 too', () => {
    const root = makeRoot({ '/d/b': '', '/d/a': '', '/d/B': '' });
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/d/`), Buffer.of(0xff)]), 'odd');
    const host = new FolderHost(root);
    expect(host.list('/d')).toEqual(['B', 'a', 'b', '\udcff']);
    expect(text(host.read('/d/\udcff'))).toBe('odd');
  });

  it('has a size, a mode and a kind', () => {
    const root = makeRoot({ '/f': 'abc', '/l': { link: 'f' } });
    fs.chmodSync(path.join(root, 'f'), 0o640);
    const host = new FolderHost(root);
    expect(host.stat('/l')).toMatchObject({ kind: 'file', size: 3, uid: process.getuid?.() });
    expect((host.stat('/l') as { mode: number }).mode & 0o777).toBe(0o640);
    expect(host.stat('/')).toMatchObject({ kind: 'folder' });
    expect(host.local('/l')).toBe(path.join(fs.realpathSync(root), 'f'));
  });

  it('has the file system of its host, and none of where a copy of it is', () => {
    const { blocks, bsize } = fs.statfsSync('/');
    expect(new FolderHost('/').space('/')).toMatchObject({ size: blocks * bsize });
    expect(new FolderHost('/proc').space('/')).toMatchObject({ size: 0 });
    const copy = makeHost({ '/f': 'abc' });
    expect([copy.space('/'), copy.space('/f')]).toEqual([undefined, undefined]);
  });
});

describe('the root', () => {
  it('/ is this host, whose /proc says that its files are empty', () => {
    const host = new FolderHost('/');
    expect(host.isOwn).toBe(true);
    expect(text(host.read('/proc/self/comm'))).not.toBe('');
    expect(host.local('/')).toBe('/');
    expect(makeHost({}).isOwn).toBe(false);
  });

  it('/ follows links as a copy does, to names that are no UTF-8 too', () => {
    const host = new FolderHost('/');
    const folder = temporaryFolder();
    const odd = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x61])]);
    fs.writeFileSync(odd, 'odd');
    fs.symlinkSync(odd, `${folder}/to-odd`);
    fs.mkdirSync(`${folder}/in/deeper`, { recursive: true });
    fs.writeFileSync(`${folder}/in/file`, 'inside');
    for (const [name, target] of [
      ['relative', 'in/deeper/../file'],
      ['in/absolute', `${folder}/relative`],
      ['folder', `${folder}/in/`],
      ['dangling', 'nowhere'],
      ['loop', 'loop'],
      ['through-file', 'in/file/below'],
    ] as const) {
      fs.symlinkSync(target, `${folder}/${name}`);
    }
    const read = (name: string): string | undefined => text(host.read(`${folder}/${name}`));
    expect(['to-odd', 'relative', 'in/absolute', 'folder/absolute'].map(read)).toEqual([
      'odd',
      ...Array(3).fill('inside'),
    ]);
    expect(host.list(`${folder}/folder`)).toEqual(['absolute', 'deeper', 'file']);
    expect(host.stat(`${folder}/in/absolute`)).toMatchObject({ kind: 'file', size: 6 });
    expect(host.read(`${folder}/folder`)).toEqual({ code: 'EISDIR' });
    expect(['dangling', 'through-file'].map((name) => host.stat(`${folder}/${name}`))).toEqual([undefined, undefined]);
    expect(host.stat(`${folder}/loop`)).toEqual({ code: 'ELOOP' });
  });

  it('/ has what it shows of a process, links followed, and says why it has not', () => {
    const host = new FolderHost('/');
    const own = `/proc/${process.pid}`;
    expect(host.read(`${own}/cmdline`)).toEqual(fs.readFileSync(`${own}/cmdline`));
    expect(host.read(`${own}/fd`)).toEqual({ code: 'EISDIR' });
    expect(host.read(`${own}/cwd`)).toEqual({ code: 'EISDIR' });
    expect(host.read(`${own}/nothing`)).toBeUndefined();
    expect(host.read('/proc/0/cmdline')).toBeUndefined();
    const program = host.read(`${own}/exe`);
    expect(Buffer.isBuffer(program) && program.subarray(1, 4).toString()).toBe('ELF');
  });

  it.each([false, true])(
    'that is a copy has what is of a process in its own root, and opens nothing else (listed before: %s)',
    (isListed) => {
      const host = makeHost({
        '/proc/7/cmdline': 'a\0',
        '/proc/7/cwd': { link: '/somewhere' },
        '/proc/7/cgroup': { link: '/etc/group' },
        '/proc/7/fd/1': '',
        '/proc/8': { link: '/etc' },
        '/etc/group': "the copy's",
        '/proc/9/stat': '9',
      });
      if (isListed) expect(host.list('/proc')).toEqual(['7', '8', '9']);
      expect(text(host.read('/proc/7/cmdline'))).toBe('a\0');
      expect(host.link('/proc/7/cwd')).toBe('/somewhere');
      expect(text(host.read('/proc/7/cgroup'))).toBe("the copy's");
      expect(host.link('/proc/7/cmdline')).toBeUndefined();
      expect(host.read('/proc/7/fd')).toEqual({ code: 'EISDIR' });
      expect(host.read('/proc/7/nothing')).toBeUndefined();
      expect(text(host.read('/proc/8/group'))).toBe("the copy's");
      expect(host.read('/proc/10/cmdline')).toBeUndefined();
      expect(text(host.read('/proc/9/stat'))).toBe('9');
      fs.rmSync(path.join(host.root, 'proc/9/stat'));
      fs.symlinkSync('/etc/passwd', path.join(host.root, 'proc/9/stat'));
      // It was a file when its folder was listed: what the link leads to outside of the copy is not read.
      expect(host.read('/proc/9/stat')).toBeUndefined();
    },
  );

  it('that is a copy has files of processes of any length, and of any kinds', () => {
    const lengths = [0, 1, 4095, 4096, 65_535, 65_536, 65_537, 200_000];
    const files = lengths.map((length, pid) => [`/proc/${pid}/cmdline`, 'x'.repeat(length)] as const);
    const host = makeHost({
      ...Object.fromEntries(files),
      '/proc/90/cmdline': { link: '../0/stat' },
      '/proc/91/stat': '',
    });
    for (const [at, content] of files) expect(text(host.read(at))).toBe(content);
    expect(host.read('/proc/90/cmdline')).toBeUndefined();
    expect(host.link('/proc/90/cmdline')).toBe('../0/stat');
    expect(host.read('/proc/91/cmdline')).toBeUndefined();
    expect(text(host.read('/proc/91/stat'))).toBe('');
  });

  it('/ has files of processes to their ends, which the kernel tells in pieces', () => {
    const at = `/proc/${process.pid}/maps`;
    const maps = new FolderHost('/').read(at);
    expect(Buffer.isBuffer(maps) && maps.length).toBeGreaterThan(8192);
  });

  it('is no device: those are never opened', () => {
    expect(new FolderHost('/').read('/dev/null')).toEqual({ code: 'EINVAL' });
  });

  it('that is not there, or is no folder, is an error', () => {
    const root = makeRoot({ '/f': '' });
    expect(() => new FolderHost(`${root}/nothing`)).toThrow(/ENOENT/);
    expect(() => new FolderHost(`${root}/f`)).toThrow(/ENOTDIR/);
  });
});
