import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { APPLETS, SCRIPT } from './collect.ts';

/** Where programs are in a root: a folder that no host has, so that none of them is taken for one of the host. */
const INSIDE = '/.tools';
const LIBRARY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const MIB = 1024 ** 2;

/**
 * Ways into a root, each as what runs `sh`: a plain chroot for root; for all others, and where devices may not be made, in
 * namespaces of its own, in which everybody is root.
 */
const WAYS = [
  { before: [], device: 'mknod -m 666 "$root/dev/null" c 1 3' },
  {
    before: ['unshare', '--map-root-user', '--mount'],
    device: 'touch "$root/dev/null" && mount --bind /dev/null "$root/dev/null"',
  },
] as const;

type Way = (typeof WAYS)[number];

/** A shell and the tools that it finds, both below `/.tools` of a root. */
export interface InsideTools {
  readonly name: string;
  readonly shell: readonly string[];
}

/** What runs programs of this machine with a folder as their `/`. */
export interface Chroot {
  readonly tools: readonly InsideTools[];
  /** Collects the root by the script, which gets no argument: its `/` is the host's. */
  readonly collect: (root: string, tools: InsideTools) => SpawnSyncReturns<Buffer>;
  /** Runs a module in Node, whose imports of the library are from `/.tools/lib/index.js`. */
  readonly node: (root: string, module: string) => SpawnSyncReturns<Buffer>;
}

/**
 * Chroots of this machine; undefined where it has none, which is said in one line. With CHROOT=yes there has to be one:
 * `.ci/run` asks for it. To be called once in a test file.
 */
export const chrootHere = (): Chroot | undefined => {
  // Programs run in there, which a file system in memory may not let them.
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = '/tmp';
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-chroot-'));
  afterAll(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const tools = makeTools(folder);
  const way = WAYS.find((each) => opens(each, folder, tools));
  if (way !== undefined) {
    return {
      tools,
      collect: (root, { name, shell }) =>
        enter(way, folder, root, [...shell, `${INSIDE}/lib/collect.sh`], `${INSIDE}/${name}`),
      node: (root, module) => enter(way, folder, root, [`${INSIDE}/node`, '--input-type=module', '-e', module], INSIDE),
    };
  }
  const said = 'hosts are not collected in a chroot: it takes root, or namespaces of users, and dash or busybox';
  if (process.env['CHROOT'] === 'yes') throw new Error(`${said}; CHROOT=yes asks for it`);
  process.stderr.write(`${said}\n`);
  return undefined;
};

/** Whether a root is entered by a way, and what is written to its /dev/null is gone. */
const opens = (way: Way, folder: string, [tools]: readonly InsideTools[]): boolean => {
  if (tools === undefined) return false;
  const root = fs.mkdtempSync(path.join(folder, 'root-'));
  const words = [...tools.shell, '-c', 'date > /dev/null && wc -c < /dev/null'];
  const { status, stdout } = enter(way, folder, root, words, `${INSIDE}/${tools.name}`);
  return status === 0 && stdout.toString().trim() === '0';
};

/** Runs words in a root, into which the tools are put. */
const enter = (
  { before, device }: Way,
  folder: string,
  root: string,
  words: readonly string[],
  found: string,
): SpawnSyncReturns<Buffer> => {
  linkTree(path.join(folder, 'tools'), path.join(root, INSIDE));
  fs.mkdirSync(path.join(root, 'dev'), { recursive: true });
  putShell(root);
  const script = `root=$1
shift
[ -c "$root/dev/null" ] || { ${device}; } || exit 99
exec chroot "$root" "$@"`;
  const environment = [`PATH=${found}`, `LD_LIBRARY_PATH=${INSIDE}/lib`];
  const inside = [`${INSIDE}/env`, '-i', ...environment, ...words];
  const [program = 'sh', ...rest] = [...before, 'sh', '-c', script, 'sh', root, ...inside];
  return spawnSync(program, rest, {
    env: { PATH: `${process.env['PATH']}:/usr/sbin:/sbin`, LD_LIBRARY_PATH: `${INSIDE}/lib` },
    maxBuffer: 1024 * MIB,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

/** A host has a shell, by which awk runs commands. */
const putShell = (root: string): void => {
  const folder = path.join(root, 'bin');
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new Error(`${folder} is a link, and the way into a chroot follows none`);
  }
  fs.mkdirSync(folder, { recursive: true });
  const shell = path.join(folder, 'sh');
  if (fs.lstatSync(shell, { throwIfNoEntry: false }) === undefined) fs.symlinkSync(`${INSIDE}/sh`, shell);
};

/** The same files at another place. */
const linkTree = (from: string, to: string): void => {
  if (fs.existsSync(to)) return;
  fs.mkdirSync(to);
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(source), target);
    else fs.linkSync(source, target);
  }
};

/** Puts what is to be run into a folder: Node with the library, and the shells that are here with their tools. */
const makeTools = (folder: string): readonly InsideTools[] => {
  const at = (name: string): string => path.join(folder, 'tools', name);
  fs.mkdirSync(at('lib'), { recursive: true });
  fs.copyFileSync(SCRIPT, at('lib/collect.sh'));
  fs.copyFileSync(LIBRARY, at('lib/index.js'));
  // The library is a module.
  fs.writeFileSync(at('lib/package.json'), '{ "type": "module" }\n');
  const put = (program: string, name: string): void => copyProgram(program, at(name), at(''));
  put(process.execPath, 'node');
  put(programAt('env') ?? '', 'env');
  const [dash, busybox] = [programAt('dash'), programAt('busybox')];
  const tools: InsideTools[] = [];
  if (dash !== undefined) {
    fs.mkdirSync(at('dash'));
    for (const name of APPLETS) put(name === 'sh' ? dash : (programAt(name) ?? ''), `dash/${name}`);
    fs.symlinkSync('dash/sh', at('sh'));
    tools.push({ name: 'dash', shell: [`${INSIDE}/dash/sh`] });
  }
  if (busybox !== undefined) {
    fs.mkdirSync(at('busybox'));
    put(busybox, 'busybox/busybox');
    for (const name of APPLETS) fs.symlinkSync('busybox', at(`busybox/${name}`));
    if (dash === undefined) fs.symlinkSync('busybox/sh', at('sh'));
    tools.push({ name: 'busybox', shell: [`${INSIDE}/busybox/sh`] });
  }
  return tools;
};

const programAt = (name: string): string | undefined => {
  const { status, stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  return status === 0 ? fs.realpathSync(stdout.trim()) : undefined;
};

/** Where a program names what loads its libraries. */
const LOADER = /\/lib[\w/.-]*\/ld-[\w.-]+\.so\.\d+\0/;

/** Copies a program with its libraries, so that it is loaded from there, and the root needs no `/lib`. */
const copyProgram = (program: string, to: string, tools: string): void => {
  const bytes = fs.readFileSync(program);
  const named = LOADER.exec(bytes.subarray(0, MIB).toString('latin1'));
  if (named !== null) {
    const [loader] = named;
    bytes.fill(0, named.index, named.index + loader.length);
    bytes.write(`${INSIDE}/ld.so`, named.index, 'latin1');
    fs.copyFileSync(loader.slice(0, -1), path.join(tools, 'ld.so'));
  }
  fs.writeFileSync(to, bytes, { mode: 0o755 });
  const { stdout } = spawnSync('ldd', [program], { encoding: 'utf8' });
  for (const [, library = ''] of (stdout ?? '').matchAll(/=> (\/\S+)/g)) {
    fs.copyFileSync(library, path.join(tools, 'lib', path.basename(library)));
  }
};
