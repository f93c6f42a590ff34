import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

/** The script that `mesos-ckpt collect` prints. */
export const SCRIPT = fileURLToPath(new URL('../../contrib/collect.sh', import.meta.url));

/** What runs the script: a shell, and the tools that it finds first. */
export interface Tools {
  readonly name: string;
  readonly shell: readonly string[];
  /** A folder with tools that count before those of the system. */
  readonly folder: string | undefined;
}

const has = (program: string): boolean => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

/** The applets of busybox that the script calls. */
export const APPLETS = [
  ...['awk', 'cat', 'date', 'find', 'grep', 'head', 'id', 'ls', 'od', 'readlink', 'sed', 'sh', 'sleep', 'sort', 'stat'],
  ...['tail', 'tar', 'tr', 'wc', 'xargs'],
];

const busyboxFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-busybox-'));
  const busybox = execFileSync('sh', ['-c', 'command -v busybox'], { encoding: 'utf8' }).trim();
  for (const applet of APPLETS) fs.symlinkSync(busybox, path.join(folder, applet));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** The shells that are here, each with its tools. To be called once in a test file. */
export const toolsHere = (): readonly Tools[] => [
  ...(has('dash') ? [{ name: 'dash', shell: ['dash'], folder: undefined }] : []),
  ...(has('busybox') ? [{ name: 'busybox', shell: ['busybox', 'sh'], folder: busyboxFolder() }] : []),
  ...(has('bash') ? [{ name: 'bash', shell: ['bash'], folder: undefined }] : []),
];

/** What the script came to. */
export interface Collected {
  readonly bytes: Buffer;
  readonly said: string;
  readonly exitCode: number | null;
}

/** Collects a root; `to` is an open file that takes the archive, which is then not in what is returned. */
export const collect = (
  root: string,
  { shell, folder }: Tools,
  options: readonly string[] = [],
  to: number | 'pipe' = 'pipe',
): Collected => {
  const [program = 'sh', ...first] = shell;
  const { PATH = '' } = process.env;
  const ran = spawnSync(program, [...first, SCRIPT, ...options, root], {
    env: { ...process.env, PATH: folder === undefined ? PATH : `${folder}:${PATH}` },
    maxBuffer: 1 << 30,
    stdio: ['ignore', to, 'pipe'],
  });
  return { bytes: ran.stdout ?? Buffer.alloc(0), said: ran.stderr.toString('latin1'), exitCode: ran.status };
};
