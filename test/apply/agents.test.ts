import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runningAgents, type Seen } from '../../src/apply/agents.ts';
import { Folder } from '../../src/apply/folder.ts';
import { temporaryFolder } from '../support/trees.ts';
import { meeting } from './calls.ts';
import { makeTree, targetAt } from './support.ts';

/** What a process shows of itself. */
interface Shown {
  readonly args: readonly string[];
  readonly name?: string;
  readonly environment?: readonly string[];
  readonly cwd?: string;
  readonly root?: string;
  /** Paths, and the flags that they are open with, in octal. */
  readonly open?: readonly (readonly [path: string, flags: string])[];
}

/** Looks at a host with one process, whose pid is 42. */
const seeing = (workDir: string, shown: Shown): Seen => {
  const folder = temporaryFolder();
  hostFolder = folder;
  const at = `${folder}/42`;
  fs.mkdirSync(`${at}/fd`, { recursive: true });
  fs.mkdirSync(`${at}/fdinfo`);
  fs.mkdirSync(`${folder}/sys`);
  fs.writeFileSync(`${at}/cmdline`, shown.args.map((arg) => `${arg}\0`).join(''));
  fs.writeFileSync(`${at}/comm`, `${shown.name ?? 'x'}\n`);
  fs.writeFileSync(`${at}/environ`, (shown.environment ?? []).map((each) => `${each}\0`).join(''));
  fs.symlinkSync(shown.cwd ?? '/', `${at}/cwd`);
  fs.symlinkSync(shown.root ?? '/', `${at}/root`);
  for (const [i, [path, flags]] of (shown.open ?? []).entries()) {
    fs.symlinkSync(path, `${at}/fd/${i}`);
    fs.writeFileSync(`${at}/fdinfo/${i}`, `pos:\t0\nflags:\t${flags}\nmnt_id:\t1\n`);
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
let reads = 0;

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
    const workDir = tree();
    const root = temporaryFolder();
    fs.mkdirSync(`${root}/var/lib`, { recursive: true });
    fs.symlinkSync(workDir, `${root}/var/lib/mesos`);
    expect(seeing(workDir, { args: ['mesos-agent', '--work_dir=/var/lib/mesos'], root }).agents).toHaveLength(1);
  });

  it('is known by a file that holds its flag', () => {
    const workDir = tree();
    const file = `${temporaryFolder()}/work_dir`;
    fs.writeFileSync(file, `${workDir}\n`);
    expect(seeing(workDir, { args: ['mesos-agent', `--work_dir=file://${file}`] }).agents).toHaveLength(1);
  });

  it('is taken for one where its environment cannot be read, and counted among what was not seen', async () => {
    const workDir = makeTree();
    let seen: Seen | undefined;
    await meeting(
      (name) => {
        // The arguments, the name, then the environment.
        if (name === 'readFileSync' && ++reads === 3)
          throw Object.assign(new Error(), { code: 'EACCES', syscall: 'open' });
      },
      async () => {
        seen = seeing(workDir, { args: ['mesos-agent'] });
      },
    );
    expect(seen).toMatchObject({ agents: [{ pid: 42, why: expect.stringMatching(/cannot be read/) }], unseen: 1 });
  });

  it('is what writes to its meta, whatever its name', () => {
    const workDir = tree();
    const log = `${workDir}/meta/slaves/S1/log`;
    const { agents } = seeing(workDir, { args: ['odd'], open: [[log, WRITE]] });
    expect(agents).toEqual([{ pid: 42, command: 'odd', why: `it has ${log} open for writing` }]);
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
      (name) => {
        if (name === 'readlinkSync') links++;
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
    expect(seen).toEqual({ agents: [], unseen: 0 });
  });

  it.each<readonly [string, (workDir: string) => Shown]>([
    ['an agent of another tree', () => ({ args: ['mesos-agent', '--work_dir=/somewhere/else'] })],
    ['an agent that has no work_dir', () => ({ args: ['mesos-agent', '--version'], environment: ['A=b'] })],
    ['a search for its name', (workDir) => ({ args: ['grep', '-r', 'mesos-agent', workDir] })],
    ['an editor that names it', (workDir) => ({ args: ['vi', 'x', `--work_dir=${workDir}`] })],
    ['an executor in its sandbox', (workDir) => ({ args: ['mesos-executor'], open: [[`${workDir}/slaves/x`, WRITE]] })],
    ['a backup that reads', (workDir) => ({ args: ['tar'], open: [[`${workDir}/meta/slaves/S1/log`, READ]] })],
    ['what writes beside it', (workDir) => ({ args: ['x'], open: [[`${workDir}/metax/log`, WRITE]] })],
  ])('is not %s', (_, shown) => {
    const workDir = tree();
    expect(seeing(workDir, shown(workDir))).toEqual({ agents: [], unseen: 0 });
  });
});
