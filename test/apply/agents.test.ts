import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runningAgents, type Seen } from '../../src/apply/agents.ts';
import { Folder } from '../../src/apply/folder.ts';
import { whyHidden } from '../../src/apply/hidden.ts';
import type { Processes } from '../../src/apply/lock.ts';
import { checkNobodyRuns } from '../../src/apply/running.ts';
import { temporaryFolder } from '../support/trees.ts';
import { meeting } from './calls.ts';
import { FakeProcesses, makeTree, targetAt } from './support.ts';

/** What a process shows of itself. */
interface Shown {
  readonly args: readonly string[];
  readonly name?: string;
  readonly environment?: readonly string[];
  readonly cwd?: string;
  readonly root?: string;
  readonly stat?: string;
  /** What its executable is. */
  readonly program?: string;
  /** What it has mounted, and what this process has. */
  readonly mounts?: string;
  readonly ownMounts?: string;
  /** Paths, and the flags that they are open with, in octal. */
  readonly open?: readonly (readonly [path: string, flags: string, mount?: number])[];
}

/** Looks at a host with one process, whose pid is 42. */
const seeing = (workDir: string, shown: Shown): Seen => {
  const folder = temporaryFolder();
  hostFolder = folder;
  const at = `${folder}/42`;
  fs.mkdirSync(`${at}/fd`, { recursive: true });
  fs.mkdirSync(`${at}/fdinfo`);
  fs.mkdirSync(`${folder}/sys`);
  fs.mkdirSync(`${folder}/self`);
  fs.mkdirSync(`${folder}/1`);
  fs.writeFileSync(`${folder}/self/mountinfo`, shown.ownMounts ?? '');
  fs.writeFileSync(`${at}/mountinfo`, shown.mounts ?? '');
  if (shown.stat !== undefined) fs.writeFileSync(`${at}/stat`, shown.stat);
  fs.symlinkSync(shown.program ?? '/usr/bin/x', `${at}/exe`);
  fs.writeFileSync(`${at}/cmdline`, shown.args.map((arg) => `${arg}\0`).join(''));
  fs.writeFileSync(`${at}/comm`, `${shown.name ?? 'x'}\n`);
  fs.writeFileSync(`${at}/environ`, (shown.environment ?? []).map((each) => `${each}\0`).join(''));
  fs.symlinkSync(shown.cwd ?? '/', `${at}/cwd`);
  fs.symlinkSync(shown.root ?? '/', `${at}/root`);
  for (const [i, [path, flags, mount = 1]] of (shown.open ?? []).entries()) {
    fs.symlinkSync(path, `${at}/fd/${i}`);
    fs.writeFileSync(`${at}/fdinfo/${i}`, `pos:\t0\nflags:\t${flags}\nmnt_id:\t${mount}\n`);
  }
  const root = Folder.given(workDir);
  try {
    return runningAgents(targetAt(workDir), root, { folder, pid: 1 });
  } finally {
    root.close();
  }
};

/** The host that was looked at last. */
let hostFolder = '';

/** An agent that has its work_dir in its environment alone. */
const named = (program: string, workDir: string): Shown => ({
  args: [program, '--master=x'],
  environment: [`MESOS_WORK_DIR=${workDir}`],
});

/** A call is denied that is about a path. */
const denying = (call: string, path: RegExp, use: () => void): Promise<void> =>
  meeting(
    (name, _, [at]) => {
      if (name === call && path.test(String(at))) throw Object.assign(new Error(), { code: 'EACCES', syscall: call });
    },
    async () => use(),
  );

const READ = '0100000';
const WRITE = '0102001';

describe('an agent of a tree', () => {
  const tree = makeTree;
  it.each<readonly [string, (workDir: string) => Shown]>([
    ['by its flag', (workDir) => ({ args: ['/usr/sbin/mesos-agent', `--work_dir=${workDir}`] })],
    ['by its flag and a value', (workDir) => ({ args: ['mesos-slave', '--work_dir', workDir] })],
    ['by the last of two flags', (workDir) => ({ args: ['mesos-agent', '--work_dir=/x', `--work_dir=${workDir}`] })],
    ['started by libtool', (workDir) => ({ args: ['/src/.libs/lt-mesos-agent', `--work_dir=${workDir}`] })],
    ['started by a script', (workDir) => ({ args: ['/bin/sh', '/opt/mesos-agent', `--work_dir=${workDir}`] })],
    ['by its name alone', (workDir) => ({ args: ['x', `--work_dir=${workDir}`], name: 'mesos-agent' })],
    ['in an emulator', (workDir) => ({ args: ['valgrind', '-q', '/x/mesos-agent', `--work_dir=${workDir}`] })],
    ['by its environment', (workDir) => ({ args: ['mesos-agent'], environment: ['A=b', `MESOS_WORK_DIR=${workDir}`] })],
    ['by small letters', (workDir) => ({ args: ['mesos-agent'], environment: [`mesos_work_dir=${workDir}/`] })],
    ['by a relative path', (workDir) => ({ args: ['mesos-agent', '--work_dir=.'], cwd: workDir })],
    ['by a name with a version', (workDir) => named('mesos-agent-1.11.0', workDir)],
    ['by an old name with a version', (workDir) => named('/opt/mesos-slave-0.28.2', workDir)],
    ['by a name with a version, of libtool', (workDir) => named('lt-mesos-agent-1.12.0-dev', workDir)],
    ['by a name that the kernel has cut short', (workDir) => ({ ...named('x', workDir), name: 'mesos-agent-1.1' })],
    [
      'by its executable, which was replaced since',
      (workDir) => ({ ...named('agent', workDir), program: '/opt/mesos-agent-1.9.0 (deleted)' }),
    ],
    ['by a path with dots', (workDir) => ({ args: ['mesos-agent', `--work_dir=${workDir}/meta/..`] })],
  ])('is known %s', (_, shown) => {
    const workDir = tree();
    const { agents } = seeing(workDir, shown(workDir));
    expect(agents).toMatchObject([{ pid: 42, why: expect.stringContaining('it is an agent with the work_dir') }]);
  });

  it('is known through a link', () => {
    const workDir = tree();
    const link = `${temporaryFolder()}/link`;
    fs.symlinkSync(workDir, link);
    expect(seeing(workDir, { args: ['mesos-agent', `--work_dir=${link}`] }).agents).toHaveLength(1);
  });

  it('is known in a container, where its work_dir has another path', () => {
    const root = temporaryFolder();
    fs.mkdirSync(`${root}/var/lib`, { recursive: true });
    fs.renameSync(tree(), `${root}/var/lib/mesos`);
    const args = ['mesos-agent', '--work_dir=/var/lib/mesos'];
    expect(seeing(`${root}/var/lib/mesos`, { args, root }).agents).toHaveLength(1);
  });

  it('is known by a file that holds its flag', () => {
    const workDir = tree();
    const file = `${temporaryFolder()}/work_dir`;
    fs.writeFileSync(file, `${workDir}\n`);
    expect(seeing(workDir, { args: ['mesos-agent', `--work_dir=file://${file}`] }).agents).toHaveLength(1);
  });

  it.each([
    ['absolute', '/data/mesos'],
    ['relative', '../../data/mesos'],
    ['relative, and above its root', '../../../../../../data/mesos'],
  ])('is known in a container, where a link that is %s leads to its work_dir', (_, target) => {
    const root = temporaryFolder();
    const workDir = `${root}/data/mesos`;
    for (const folder of ['data', 'var/lib']) fs.mkdirSync(`${root}/${folder}`, { recursive: true });
    fs.renameSync(tree(), workDir);
    fs.symlinkSync(target, `${root}/var/lib/mesos`);
    const { agents } = seeing(workDir, { args: ['mesos-agent', '--work_dir=/var/lib/mesos'], root });
    expect(agents).toMatchObject([{ isSure: true, why: 'it is an agent with the work_dir /var/lib/mesos' }]);
  });

  it.each<readonly [string, string, RegExp, Omit<Shown, 'open'>, RegExp]>([
    [
      'environment',
      'readFileSync',
      /environ$/,
      { args: ['mesos-agent'] },
      /its environment, which may tell its work_dir/,
    ],
    [
      'folder',
      'readlinkSync',
      /cwd$/,
      { args: ['mesos-agent', '--work_dir=x'] },
      /work_dir x, and where that is cannot/,
    ],
    ['root', 'readlinkSync', /root$/, { args: ['mesos-agent', '--work_dir=/x'] }, /work_dir \/x, and where that is/],
    [
      'file of a flag',
      'readFileSync',
      /hostname$/,
      { args: ['mesos-agent', '--work_dir=file:///etc/hostname'] },
      /cannot be read/,
    ],
  ])('may be one where its %s cannot be read', async (_, call, path, shown, why) => {
    const workDir = makeTree();
    let seen: Seen | undefined;
    await denying(call, path, () => {
      seen = seeing(workDir, shown);
    });
    expect(seen).toMatchObject({ agents: [{ pid: 42, isSure: false, why: expect.stringMatching(why) }], unseen: 1 });
  });

  it('is another where its root cannot be read, and it sees the same mounts', async () => {
    const mounts = '20 1 8:1 / / rw - ext4 /dev/sda rw\n';
    let seen: Seen | undefined;
    const workDir = makeTree();
    const args = (path: string): Shown => ({ args: ['mesos-agent', `--work_dir=${path}`], mounts, ownMounts: mounts });
    await denying('readlinkSync', /root$/, () => {
      seen = seeing(workDir, args('/x'));
    });
    expect(seen).toMatchObject({ agents: [], unseen: 1 });
    await denying('readlinkSync', /root$/, () => {
      seen = seeing(workDir, args(workDir));
    });
    expect(seen).toMatchObject({ agents: [{ isSure: true }], unseen: 1 });
  });

  it.each<readonly [string, (meta: string) => string, string, boolean]>([
    ['a bind mount of meta', (meta) => `77 1 8:1 ${meta} /mnt/it rw - ext4 /dev/sda rw`, '/mnt/it/slaves/S1/log', true],
    ['a bind mount of a part of it', (meta) => `77 1 8:1 ${meta}/slaves /s rw - ext4 /dev/sda rw`, '/s/S1/log', true],
    ['a mount of what holds it', () => '77 1 8:1 / /host rw - ext4 /dev/sda rw', '/host$META/slaves/log', true],
    [
      'a mount of another disk',
      (meta) => `77 1 8:2 ${meta} /mnt/it rw - ext4 /dev/sdb rw`,
      '/mnt/it/slaves/S1/log',
      false,
    ],
    ['a mount of what is beside it', () => `77 1 8:1 /other /mnt/it rw - ext4 /dev/sda rw`, '/mnt/it/meta/log', false],
    [
      'a mount of a name like it',
      (meta) => `77 1 8:1 ${meta}x /mnt/it rw - ext4 /dev/sda rw`,
      '/mnt/it/slaves/log',
      false,
    ],
  ])('is what writes to its meta through %s: %#', (_, mounts, path, isOne) => {
    const workDir = tree();
    const at = path.replace('$META', `${workDir}/meta`);
    const { agents } = seeing(workDir, {
      args: ['odd'],
      open: [[at, WRITE, 77]],
      mounts: mounts(`${workDir}/meta`),
      ownMounts: '20 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda rw\n',
    });
    expect(agents.map(({ why }) => why)).toEqual(isOne ? [`it has ${at} open for writing`] : []);
  });

  it.each([
    ['has ended, and waits for its parent', 'Z', 1, false],
    ['is dead', 'X', 0, false],
    ['runs on without its first thread', 'Z', 7, true],
    ['sleeps', 'S', 1, true],
  ])('is not what %s: state %s, %i threads', async (_, state, threads, isOne) => {
    const stat = `42 (mesos ) agent) ${state} 1 ${'0 '.repeat(15)}${threads} 0 0`;
    let seen: Seen | undefined;
    await denying('readFileSync', /environ$/, () => {
      seen = seeing(makeTree(), { args: ['mesos-agent'], stat });
    });
    expect(seen?.agents).toHaveLength(isOne ? 1 : 0);
  });

  it('is what writes to its meta, whatever its name', () => {
    const workDir = tree();
    const log = `${workDir}/meta/slaves/S1/log`;
    const { agents } = seeing(workDir, { args: ['odd'], open: [[log, WRITE]] });
    expect(agents).toEqual([{ pid: 42, command: 'odd', why: `it has ${log} open for writing`, isSure: true }]);
  });

  it.each<readonly [string, (folder: string) => void]>([
    ['closed', (folder) => fs.rmSync(`${folder}/fdinfo/0`)],
    [
      'another by then',
      (folder) => {
        fs.rmSync(`${folder}/fd/0`);
        fs.symlinkSync('/dev/null', `${folder}/fd/0`);
      },
    ],
  ])('is not what has a file open that is %s', async (_, change) => {
    const workDir = tree();
    const shown: Shown = { args: ['tar'], open: [[`${workDir}/meta/slaves/S1/log`, WRITE]] };
    let seen: Seen | undefined;
    let links = 0;
    await meeting(
      (name, _, [at]) => {
        if (name === 'readlinkSync' && String(at).includes('/fd/')) links++;
        // Its path has been read, and what it may be used for is not yet.
        if (name === 'readFileSync' && links === 1) {
          links++;
          change(`${hostFolder}/42`);
        }
      },
      async () => {
        seen = seeing(workDir, shown);
      },
    );
    expect(links).toBeGreaterThan(1);
    expect(seen).toEqual({ agents: [], unseen: 0, hidden: undefined });
  });

  it.each<readonly [string, (workDir: string) => Shown]>([
    ['an agent of another tree', () => ({ args: ['mesos-agent', '--work_dir=/somewhere/else'] })],
    ['an agent that has no work_dir', () => ({ args: ['mesos-agent', '--version'], environment: ['A=b'] })],
    ['a search for its name', (workDir) => ({ args: ['grep', '-r', 'mesos-agent', workDir] })],
    ['what is only called alike', (workDir) => named('mesos-agent-exporter', workDir)],
    ['an editor that names it', (workDir) => ({ args: ['vi', 'x', `--work_dir=${workDir}`] })],
    ['an executor in its sandbox', (workDir) => ({ args: ['mesos-executor'], open: [[`${workDir}/slaves/x`, WRITE]] })],
    ['a backup that reads', (workDir) => ({ args: ['tar'], open: [[`${workDir}/meta/slaves/S1/log`, READ]] })],
    ['what writes beside it', (workDir) => ({ args: ['x'], open: [[`${workDir}/metax/log`, WRITE]] })],
  ])('is not %s', (_, shown) => {
    const workDir = tree();
    expect(seeing(workDir, shown(workDir))).toEqual({ agents: [], unseen: 0, hidden: undefined });
  });
});

describe('what /proc does not show', () => {
  /** A host whose `/proc` is mounted with options, looked at by who has capabilities. */
  const proc = (options: string, capabilities: string, names: readonly string[] = ['1']): string => {
    const folder = fs.realpathSync(temporaryFolder());
    fs.mkdirSync(`${folder}/self`);
    for (const name of names) fs.mkdirSync(`${folder}/${name}`);
    fs.writeFileSync(`${folder}/self/mountinfo`, `21 1 0:20 / ${folder} rw,nosuid - proc proc rw${options}\n`);
    fs.writeFileSync(`${folder}/self/status`, `Name:\tx\nGid:\t7\t7\t7\t7\nGroups:\t9 11 \nCapEff:\t${capabilities}\n`);
    return folder;
  };
  const [NONE, ALL] = ['0000000000000000', '000001ffffffffff'];

  it.each<readonly [string, string, string, RegExp | undefined]>([
    ['nothing is hidden', '', NONE, undefined],
    ['names are shown to all', ',hidepid=0', NONE, undefined],
    ['those of others are hidden', ',hidepid=2', NONE, /mounted with hidepid=2/],
    ['those of others are hidden, by the new name', ',gid=99,hidepid=invisible', NONE, /hidepid=invisible/],
    ['what may not be traced is hidden', ',gid=9,hidepid=ptraceable', NONE, /hidepid=ptraceable/],
    ['others are hidden, but not from this group', ',gid=11,hidepid=2', NONE, undefined],
    ['others are hidden, but not from its own group', ',gid=7,hidepid=2', NONE, undefined],
    ['others are hidden, but not from who may trace them', ',hidepid=2', ALL, undefined],
  ])('is known where %s', (_, options, capabilities, why) => {
    const found = whyHidden(proc(options, capabilities));
    if (why === undefined) expect(found).toBe(undefined);
    else expect(found).toMatch(why);
  });

  it('is known where there is no first process, whatever the options say', () => {
    expect(whyHidden(proc('', NONE, ['7']))).toMatch(/not all processes are shown/);
  });

  it('is told where processes do not show what they are', async () => {
    let seen: Seen | undefined;
    await denying('readFileSync', /42\/(cmdline|comm)$/, () => {
      seen = seeing(makeTree(), { args: ['mesos-agent'] });
    });
    expect(seen).toMatchObject({ agents: [], hidden: '1 of the processes here do not show what they are' });
  });
});

describe('a tree is not changed', () => {
  const refusal = (processes: Processes): string => {
    try {
      return String(checkNobodyRuns(targetAt(makeTree()), processes));
    } catch (error) {
      return String(error);
    }
  };

  it('where processes are hidden', () => {
    const processes = new FakeProcesses();
    expect(refusal(processes.start())).toBe('0');
    fs.rmSync(`${processes.folder}/1`, { recursive: true });
    expect(refusal(processes.start())).toMatch(
      /^Refusal: whether an agent runs on .* cannot be seen: not all .*--force/,
    );
  });

  it('where an agent does not show its work_dir', async () => {
    const processes = new FakeProcesses();
    const { pid } = processes.start();
    fs.writeFileSync(`${processes.folder}/${pid}/cmdline`, 'mesos-agent-1.11.0\0');
    fs.writeFileSync(`${processes.folder}/${pid}/environ`, '');
    let said = '';
    await denying('readFileSync', /environ$/, () => {
      said = refusal(processes.start());
    });
    expect(said).toMatch(
      /^Refusal: process \d+ \(mesos-agent-1\.11\.0\) may run on .*Run as root, which may look; --force/,
    );
  });
});
