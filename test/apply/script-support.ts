import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type ScriptParts, scriptOf } from '../../src/apply/script/script.ts';
import type { PlannedChange } from '../../src/repair/plan/plan.ts';
import { FolderSource } from '../../src/source/folder.ts';
import { temporaryFolder } from '../support/trees.ts';

/** A host's shell, and the commands that it finds. */
export interface ScriptHost {
  readonly name: string;
  /** The words that start the shell. */
  readonly shell: readonly string[];
  /** Where its commands are. */
  readonly path: () => string;
  /** Whether it tells times to the nanosecond. */
  readonly isExact: boolean;
}

const OWN_PATH = process.env['PATH'] ?? '';

/** To sync takes long where others write, and nothing can be seen of it: the power stays on in a test. */
const NO_SYNC = '#!/bin/sh\n';

/** A folder of commands: those of busybox, but for some, or none. */
const makeCommands = (folder: string, busybox: boolean, without: readonly string[]): void => {
  if (busybox) ran(spawnSync(programAt('busybox'), ['--install', '-s', folder], { encoding: 'utf8' }));
  for (const name of [...without, 'sync']) fs.rmSync(`${folder}/${name}`, { force: true });
  fs.writeFileSync(`${folder}/sync`, NO_SYNC, { mode: 0o755 });
};

interface Commands {
  /** Those of busybox, and no others than are named. */
  readonly busybox?: boolean;
  readonly without?: readonly string[];
  readonly also?: readonly string[];
}

/** A host of a test file, for as long as that runs. */
const makeHost = (
  name: string,
  shell: readonly string[],
  { busybox = false, without = [], also = [] }: Commands = {},
): ScriptHost => {
  let folder = '';
  beforeAll(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-host-'));
    // For other users, too.
    fs.chmodSync(folder, 0o755);
    makeCommands(folder, busybox, without);
    for (const each of also) fs.symlinkSync(programAt(each), `${folder}/${each}`);
  });
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  return { name, shell, path: () => (busybox ? folder : `${folder}:${OWN_PATH}`), isExact: !without.includes('stat') };
};

/**
 * Shells that scripts are run under: those that SHELLS names, with commas between, each of which has to be here; else
 * those that are here. `.ci/run` installs all, and names them.
 */
const shells = (): readonly string[] => {
  const asked = process.env['SHELLS'];
  const all = ['dash', 'bash', 'busybox'];
  const named = asked === undefined ? all.filter((name) => folderOf(name) !== undefined) : asked.split(',');
  const strange = named.filter((name) => !all.includes(name));
  if (strange.length > 0) throw new Error(`SHELLS: ${strange.join(', ')} is none of ${all.join(', ')}`);
  if (named.length === 0) throw new Error(`scripts are run under ${all.join(', ')}, and none of them is here`);
  return named;
};

/** Hosts that a script runs on; bash is `sh` on many of them, and keeps to POSIX then. */
export const scriptHosts = (): readonly ScriptHost[] =>
  shells().map((shell) => {
    if (shell === 'busybox') return makeHost('busybox', ['busybox', 'sh'], { busybox: true });
    return shell === 'bash' ? makeHost('bash --posix', ['bash', '--posix']) : makeHost(shell, [shell]);
  });

/** A host whose shell was started by its own name. */
export const bashHosts = (): readonly ScriptHost[] => (shells().includes('bash') ? [makeHost('bash', ['bash'])] : []);

/** Hosts that lack something: those of busybox are made to. */
export const bareHosts = (): readonly ScriptHost[] =>
  shells().includes('busybox')
    ? [
        makeHost('no sha256sum', ['busybox', 'sh'], { busybox: true, without: ['sha256sum'], also: ['cksum'] }),
        makeHost('neither head nor stat', ['busybox', 'sh'], { busybox: true, without: ['head', 'stat'] }),
      ]
    : [];

/** Commands that change something. */
const CHANGING = ['chmod', 'chown', 'cp', 'ln', 'mkdir', 'mv', 'rm', 'rmdir', 'touch'];

/** What the last line of a script calls. */
const MAIN = 'main "$@"\n';

/** The file of a script whose shell has functions for commands: `command NAME` in one is the command itself. */
export const withFunctions = (file: string, functions: string): string => {
  const text = fs.readFileSync(file, 'utf8');
  if (!text.endsWith(MAIN)) throw new Error(`${file} does not end with ${MAIN}`);
  return fileOf(`${text.slice(0, -MAIN.length)}${functions}${MAIN}`);
};

/** The file of a script that kills itself before it runs so many of the commands that change something: none runs then. */
export const killedAt = (file: string, at: number): string =>
  withFunctions(
    file,
    `changes=0
count_change() {
  changes=$((changes + 1))
  [ "$changes" != ${at} ] || kill -KILL $$
}
${CHANGING.map((name) => `${name}() { count_change; command ${name} "$@"; }\n`).join('')}`,
  );

/** The script of steps for a tree on disk, in a file. */
export const scriptFile = (
  folder: string,
  steps: readonly PlannedChange[],
  parts: Partial<ScriptParts> = {},
): string => {
  const text = scriptOf({
    header: ['#!/bin/sh'],
    steps,
    source: new FolderSource(folder),
    home: folder,
    isRebooted: false,
    comesUp: true,
    ...parts,
  });
  return fileOf(text);
};

/** A file that holds a script. */
export const fileOf = (text: string): string => {
  const file = `${temporaryFolder()}/a plan.sh`;
  fs.writeFileSync(file, text);
  return file;
};

/** What came of a script. */
export interface ScriptRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const folderOf = (program: string): string | undefined =>
  OWN_PATH.split(':').find((each) => fs.existsSync(`${each}/${program}`));

/** Where a program is: the host that it is to run on may not have it among its commands. */
export const programAt = (name = ''): string => {
  const folder = folderOf(name);
  if (folder === undefined) throw new Error(`${name} is not here, and the scripts are to run under it: install it`);
  return `${folder}/${name}`;
};

/** Runs a script. */
export const runScript = (host: ScriptHost, file: string, args: readonly string[]): ScriptRun => {
  const [program, ...words] = host.shell;
  return ran(
    spawnSync(programAt(program), [...words, file, ...args], { encoding: 'utf8', env: { PATH: host.path() } }),
  );
};

const ran = ({ status, stdout, stderr, error }: SpawnSyncReturns<string>): ScriptRun => {
  if (error !== undefined) throw error;
  return { code: status, out: stdout, err: stderr };
};

/** Runs a script on a tree that is a copy: what agents run on the host of the tests is nothing to it. */
export const runOnCopy = (host: ScriptHost, file: string, command: string, folder: string): ScriptRun =>
  runScript(host, file, [command, '--force', folder]);

/** The same, where it has to do what it was told. */
export const mustRun = (host: ScriptHost, file: string, command: string, folder: string): string => {
  const { code, out, err } = runOnCopy(host, file, command, folder);
  if (code !== 0 || err !== '') throw new Error(`${host.name}: ${command} ended with ${code}: ${err}${out}`);
  return out;
};
