import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FolderHost } from '../../src/host/folder.ts';
import { type Host, isUnseen, type Space } from '../../src/host/host.ts';
import type { Verdict } from '../../src/preflight/checks/check.ts';
import { type MemoryNode, MemorySource } from '../../src/source/memory.ts';
import type { Edit } from './cases.ts';
import { programs } from './hosts.ts';
import { memoryHost, setTimes, sharedDisks, type Times, WRITTEN } from './memory-host.ts';
import { applyEdits, type FolderNode, HOME, loadTree, nodeAt, replace, temporaryFolder, writeTreeTo } from './trees.ts';

/** A made-up host, in few words: `fixtures/hosts/NAME.json`. */
export interface HostFixture {
  readonly about: string;
  /** Another host that this one is like; what is said here is added to it, or replaces it. */
  readonly like?: string;
  /** The command line behind `preflight`. */
  readonly argv?: readonly string[];
  /** The verdicts that this host is there to show. */
  readonly shows?: Readonly<Record<string, Verdict>>;
  /** A tree of `fixtures/conformance/trees`, put at `workDir`, and edits of it. */
  readonly tree?: string;
  readonly workDir?: string;
  /** Where the tree's links lead, where that is not `workDir`: in a container it may have another name. */
  readonly linksTo?: string;
  readonly edits?: readonly (Edit | Readonly<{ op: 'write'; path: string; text: string }>)[];
  /** By absolute path: a text, `{ link }`, `{ hex }`, `null` for an empty folder, or `false` for nothing at all. */
  /** Whether it has as many programs as a system has: what is not there, is not on the host. */
  readonly whole?: boolean;
  readonly files?: Readonly<
    Record<string, string | { readonly link: string } | { readonly hex: string } | null | false>
  >;
  /** Left out where the host is off. */
  readonly boot?: { readonly id: string; readonly btime: number; readonly uptime: number } | null;
  readonly processes?: Readonly<Record<string, ProcessFixture | null>>;
  /** Lines of `/proc/mounts`. */
  readonly mounts?: readonly string[] | null;
  /** By the path that is asked about, the file system that it is on. */
  readonly space?: Readonly<Record<string, Partial<Space>>>;
  /** Paths at which a socket is, which no fixture can hold. */
  readonly sockets?: readonly string[];
  /** Whose a path is, and its mode: `1000:1000 0640`; all others are root's, and anybody may read them. */
  readonly owners?: Readonly<Record<string, string>>;
  /** Whose all is below a folder, and the folder itself: `1000:1000`. */
  readonly ownersBelow?: Readonly<Record<string, string>>;
  /** Paths that may not be seen, and why: errnos. */
  readonly unseen?: Readonly<Record<string, string>>;
  /** When files were modified, by their paths; all others at `WRITTEN`. */
  readonly times?: Times;
}

/** A process. `started` is in seconds after the boot. */
export interface ProcessFixture {
  readonly parent?: number;
  readonly name: string;
  readonly state?: string;
  readonly started: number;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines of `/proc/PID/cgroup`. */
  readonly cgroup?: readonly string[];
  readonly cwd?: string;
  readonly namespaces?: readonly number[];
  readonly maps?: string;
}

/** The time on the machine that looks at it. */
export const NOW = Date.parse('2024-05-01T12:10:00Z');

const FOLDER = fileURLToPath(new URL('../../fixtures/hosts/', import.meta.url));

/** The made-up hosts, sorted. */
export const hostNames: readonly string[] = fs
  .readdirSync(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .sort();

/** Reads a host's description, with those that it is like. */
export const readHostFixture = (name: string): HostFixture => {
  const own = JSON.parse(fs.readFileSync(`${FOLDER}${name}.json`, 'utf8')) as HostFixture;
  if (own.like === undefined) return own;
  const base = readHostFixture(own.like);
  return {
    ...base,
    ...own,
    // Edits are of a tree: with another one, those before are of no use.
    edits: own.tree === undefined ? [...(base.edits ?? []), ...(own.edits ?? [])] : (own.edits ?? []),
    files: { ...base.files, ...own.files },
    processes: { ...base.processes, ...own.processes },
    space: { ...base.space, ...own.space },
    owners: { ...base.owners, ...own.owners },
    ownersBelow: { ...base.ownersBelow, ...own.ownersBelow },
    unseen: { ...base.unseen, ...own.unseen },
    times: { ...base.times, ...own.times },
    argv: own.argv ?? base.argv ?? [],
    shows: own.shows ?? {},
  };
};

/** A tree whose links lead to where it lives on its host: the agent there has made them so. */
const livingAt = (workDir: string, root: FolderNode): FolderNode => {
  const moved = (node: MemoryNode): MemoryNode => {
    if (node.kind === 'link') {
      return node.target.startsWith(`${HOME}/`) ? { ...node, target: workDir + node.target.slice(HOME.length) } : node;
    }
    return node.kind === 'folder' ? livingAt(workDir, node) : node;
  };
  return { kind: 'folder', children: new Map([...root.children].map(([name, node]) => [name, moved(node)])) };
};

const PROGRAMS: Files = programs();

/** What a host has, the second over the first: the checkpoint, and all other files. */
const contentOf = (fixture: HostFixture): { readonly tree: FolderNode | undefined; readonly files: Files } => {
  const { tree: name, edits = [], linksTo, workDir } = fixture;
  const tree = name === undefined ? undefined : livingTree(name, edits, linksTo ?? workDir ?? HOME);
  return { tree, files: { ...procFiles(fixture), ...filesOf(fixture), ...(fixture.whole === true ? PROGRAMS : {}) } };
};

const livingTrees = new Map<string, FolderNode>();

/** A tree with edits, as an agent has it at a place: most hosts have the same. */
const livingTree = (name: string, edits: NonNullable<HostFixture['edits']>, at: string): FolderNode => {
  const key = JSON.stringify([name, edits, at]);
  const tree = livingTrees.get(key) ?? livingAt(at, applyEdits(loadTree(name), edits.map(asEdit)).root);
  livingTrees.set(key, tree);
  return tree;
};

/** Makes a host's files on disk, and gives it as it would show itself. */
export const makeFixtureHost = (fixture: HostFixture): Host =>
  asShown(new FolderHost(makeHostOnDisk(fixture)), fixture);

/** Makes a host's files on disk, all of them this user's, and gives the folder that is its root. */
export const makeHostOnDisk = (fixture: HostFixture): string => {
  const root = temporaryFolder();
  const { tree, files } = contentOf(fixture);
  if (tree !== undefined) writeTreeTo(new MemorySource('', tree), at(root, fixture.workDir ?? HOME));
  for (const [name, content] of Object.entries(files)) put(root, name, content);
  setTimes(root, '', fixture.times ?? {});
  return root;
};

/**
 * Makes hosts in memory, which takes a tenth of the time: they show the same (`test/preflight/hosts.long.test.ts`). Only
 * what is read by its path on this machine is written to disk, when it is asked for, and stays for the next host: one is
 * looked at after the other. To be called once in a test file.
 */
export const hostsInMemory = (): ((fixture: HostFixture) => Host) => {
  const diskFor = sharedDisks();
  return (fixture) => {
    const { tree, files } = contentOf(fixture);
    const { workDir = HOME, times = {} } = fixture;
    let root: FolderNode = { kind: 'folder', children: new Map() };
    if (tree !== undefined) root = withNode(root, workDir, tree);
    for (const [name, content] of Object.entries(files))
      if (content !== false) root = withNode(root, name, nodeOf(content));
    return asShown(memoryHost(root, times, diskFor(nodeAt(root, namesOf(workDir)), times)), fixture);
  };
};

const namesOf = (given: string): readonly string[] => given.split('/').filter((name) => name !== '');

const nodeOf = (content: Exclude<Files[string], false>): MemoryNode => {
  if (content === null) return { kind: 'folder', children: new Map() };
  if (typeof content === 'string') return { kind: 'file', bytes: Buffer.from(content) };
  return 'hex' in content
    ? { kind: 'file', bytes: Buffer.from(content.hex, 'hex') }
    : { kind: 'link', target: content.link };
};

/** Puts something at a path, and folders above it. A folder that is there stays as it is. */
const withNode = (root: FolderNode, given: string, node: MemoryNode): FolderNode => {
  const names = namesOf(given);
  const isThere = node.kind === 'folder' && nodeAt(root, names)?.kind === 'folder';
  return isThere || names.length === 0 ? root : replace(root, names, node);
};

const at = (root: string, name: string): string => path.join(root, name);

const asEdit = (edit: NonNullable<HostFixture['edits']>[number]): Edit =>
  'text' in edit ? { op: 'write', path: edit.path, hex: Buffer.from(edit.text).toString('hex') } : edit;

const put = (root: string, name: string, content: Files[string]): void => {
  const target = at(root, name);
  if (content === false) return;
  if (content === null) {
    fs.mkdirSync(target, { recursive: true });
    return;
  }
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (typeof content === 'string') fs.writeFileSync(target, content);
  else if ('hex' in content) fs.writeFileSync(target, Buffer.from(content.hex, 'hex'));
  else fs.symlinkSync(content.link, target);
};

/** The kernel's own files are not there where the host is off. */
const filesOf = ({ files = {}, boot }: HostFixture): Files =>
  boot === undefined || boot === null
    ? Object.fromEntries(Object.entries(files).filter(([name]) => !/^\/(?:proc|sys)\//.test(name)))
    : files;

type Files = NonNullable<HostFixture['files']>;

const procFiles = ({ boot, processes = {}, mounts }: HostFixture): Files => ({
  ...(boot === undefined || boot === null
    ? {}
    : {
        '/proc/stat': `cpu  1 2 3 4\nbtime ${boot.btime}\nprocesses 4711\n`,
        '/proc/uptime': `${boot.uptime}.00 1.00\n`,
        '/proc/sys/kernel/random/boot_id': `${boot.id}\n`,
      }),
  ...(mounts === undefined || mounts === null ? {} : { '/proc/mounts': `${mounts.join('\n')}\n` }),
  ...Object.assign(
    {},
    ...Object.entries(processes).map(([pid, each]) => (each === null ? {} : processFiles(pid, each))),
  ),
});

const processFiles = (pid: string, process: ProcessFixture): Files => {
  const folder = `/proc/${pid}`;
  // Fields 5 to 21 of 52 are of no interest: see proc_pid_stat(5).
  const between = '0 0 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0';
  const environment = Object.entries(process.environment ?? {}).map(([name, value]) => `${name}=${value}\0`);
  return {
    [`${folder}/stat`]: `${pid} (${process.name}) ${process.state ?? 'S'} ${process.parent ?? 1} ${between} ${process.started * 100} 0 0 0\n`,
    [`${folder}/cmdline`]: process.command.map((word) => `${word}\0`).join(''),
    [`${folder}/environ`]: environment.join(''),
    [`${folder}/cgroup`]: (process.cgroup ?? ['0::/']).map((line) => `${line}\n`).join(''),
    [`${folder}/status`]: `Name:\t${process.name}\nNSpid:\t${(process.namespaces ?? [Number(pid)]).join('\t')}\n`,
    [`${folder}/cwd`]: { link: process.cwd ?? '/' },
    ...(process.maps === undefined ? {} : { [`${folder}/maps`]: process.maps }),
  };
};

const GIB = 1024 ** 3;
/** A disk that has room. */
const ROOMY: Space = { size: 500 * GIB, free: 300 * GIB, inodes: 30_000_000, freeInodes: 29_000_000 };

/** What a made-up host says of a file: whose files are here is of no account. */
const ownedStat = (stat: ReturnType<Host['stat']>, owner: string | undefined): ReturnType<Host['stat']> => {
  if (stat === undefined || isUnseen(stat)) return stat;
  const [, uid = '0', gid = '0', mode] = /^(\d+):(\d+)(?: (\d+))?$/.exec(owner ?? '') ?? [];
  const bits = mode === undefined ? (stat.kind === 'folder' ? 0o755 : 0o644) : Number.parseInt(mode, 8);
  return { ...stat, uid: Number(uid), gid: Number(gid), mode: (stat.mode & ~0o7777) | bits };
};

const ownerAbove = (owners: Readonly<Record<string, string>>, path: string): string | undefined =>
  Object.entries(owners).find(([folder]) => path === folder || path.startsWith(`${folder}/`))?.[1];

/** What no folder can hold: file systems of other sizes, sockets, and what may not be seen. */
const asShown = (
  host: Host,
  { space = {}, sockets = [], unseen = {}, owners = {}, ownersBelow = {} }: HostFixture,
): Host => {
  const denied = (given: string): { code: string } | undefined => {
    const hit = Object.keys(unseen).find((each) => given === each || given.startsWith(`${each}/`));
    return hit === undefined ? undefined : { code: unseen[hit] ?? 'EACCES' };
  };
  return remembered({
    root: host.root,
    isOwn: host.isOwn,
    read: (given) => denied(given) ?? host.read(given),
    list: (given) => denied(given) ?? host.list(given),
    link: (given) => denied(given) ?? host.link(given),
    real: (given) => (denied(given) === undefined ? host.real(given) : undefined),
    local: (given) => (denied(given) === undefined ? host.local(given) : undefined),
    stat: (given) =>
      denied(given) ??
      (sockets.includes(given)
        ? { kind: 'other', size: 0, modified: Date.parse(WRITTEN), mode: 0o140660, uid: 0, gid: 0 }
        : ownedStat(host.stat(given), owners[given] ?? ownerAbove(ownersBelow, given))),
    space: (given) => {
      const hit = Object.keys(space).find((each) => given === each || given.startsWith(`${each}/`));
      return denied(given) ?? { ...ROOMY, ...(hit === undefined ? {} : space[hit]) };
    },
  });
};

/** A host that nothing changes any more: what was asked of it once is not read again, for another screen of it say. */
const remembered = (host: Host): Host => {
  const once = <T>(ask: (given: string) => T): ((given: string) => T) => {
    const answers = new Map<string, T>();
    return (given) => {
      if (!answers.has(given)) answers.set(given, ask(given));
      return answers.get(given) as T;
    };
  };
  return {
    ...host,
    read: once(host.read),
    list: once(host.list),
    link: once(host.link),
    stat: once(host.stat),
  };
};
