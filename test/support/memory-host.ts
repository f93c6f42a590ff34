import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll } from 'vitest';
import { type Host, type HostStat, isUnseen, type Unseen } from '../../src/host/host.ts';
import type { MemoryNode } from '../../src/source/memory.ts';
import { compareTexts } from '../../src/text/lossless.ts';
import { type FolderNode, writeNode } from './trees.ts';

/** Linux's own limit on links that one path may lead through. */
const MAX_LINKS = 40;

/** When files were modified, by their paths; all others at `WRITTEN`. */
export type Times = Readonly<Record<string, string>>;

/** When every file of a made-up host was written. */
export const WRITTEN = '2024-05-01T12:00:00Z';

const timeOf = (times: Times, at: string): number => Date.parse(times[at] ?? WRITTEN);

/** Sets the times of all that is at a path below a root. Folders last: a file that is made in one changes its time. */
export const setTimes = (root: string, at: string, times: Times): void => {
  if (fs.lstatSync(root + at).isDirectory()) {
    for (const name of fs.readdirSync(root + at)) setTimes(root, `${at}/${name}`, times);
  }
  fs.lutimesSync(root + at, timeOf(times, at) / 1000, timeOf(times, at) / 1000);
};

/** What is at a path without links. */
interface Found {
  readonly path: string;
  readonly node: MemoryNode;
}

const namesOf = (given: string): readonly string[] => given.split('/').filter((name) => name !== '' && name !== '.');

/** Follows a path as `FolderHost` does: within the root, name by name. */
const follow = (root: FolderNode, given: string, last: 'itself' | 'through'): Found | Unseen | undefined => {
  let rest = namesOf(given);
  let way: readonly Found[] = [{ path: '', node: root }];
  let links = 0;
  for (let at = way.at(-1); rest.length > 0; at = way.at(-1)) {
    if (at?.node.kind !== 'folder') return undefined;
    const [name = '', ...behind] = rest;
    rest = behind;
    if (name === '..') {
      way = way.length > 1 ? way.slice(0, -1) : way;
      continue;
    }
    const node = at.node.children.get(name);
    if (node === undefined) return undefined;
    if (node.kind !== 'link' || (last === 'itself' && rest.length === 0)) {
      way = [...way, { path: `${at.path}/${name}`, node }];
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) return { code: 'ELOOP' };
    rest = [...namesOf(node.target), ...rest];
    if (node.target.startsWith('/')) way = way.slice(0, 1);
  }
  return way.at(-1);
};

/** A folder for what is read by its path on this machine: a checkpoint, and records of the runtime_dir. */
export interface Disk {
  readonly root: string;
  /** Sees that there is, at a path below the root, what a host has there. */
  readonly hold: (found: Found, times: Times) => void;
}

/**
 * Disks for the hosts of a test file, one after the other. Hosts with the same checkpoint, which most have, share one,
 * and it is not written again. They are gone when the tests of the file are over.
 */
export const sharedDisks = (): ((checkpoint: MemoryNode | undefined, times: Times) => Disk) => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-')));
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
  const disks = new Map<string, Disk>();
  return (checkpoint, times) => {
    const key = keyOf(checkpoint, times);
    const disk = disks.get(key) ?? diskAt(path.join(root, `${disks.size}`));
    disks.set(key, disk);
    return disk;
  };
};

const diskAt = (root: string): Disk => {
  const held = new Map<string, string>();
  return {
    root,
    hold: ({ path: at, node }, times) => {
      const key = keyOf(node, times);
      if (held.get(at) === key) return;
      fs.rmSync(root + at, { recursive: true, force: true });
      held.set(at, key);
      fs.mkdirSync(path.dirname(root + at), { recursive: true });
      writeNode(Buffer.from(root + at), node);
      setTimes(root, at, times);
    },
  };
};

const digests = new WeakMap<MemoryNode, string>();

/** What tells a node from any with other content. */
const digestOf = (node: MemoryNode): string => {
  const digest = digests.get(node) ?? createHash('sha256').update(bytesBelow(node)).digest('hex');
  digests.set(node, digest);
  return digest;
};

const bytesBelow = (node: MemoryNode): Buffer => {
  switch (node.kind) {
    case 'file':
      return Buffer.concat([Buffer.from('file '), node.bytes]);
    case 'link':
      return Buffer.from(`link ${node.target}`);
    case 'folder':
      return Buffer.from(JSON.stringify([...node.children].map(([name, child]) => [name, digestOf(child)])));
  }
};

const keyOf = (node: MemoryNode | undefined, times: Times): string =>
  JSON.stringify([node === undefined ? 'nothing' : digestOf(node), times]);

/** A host whose files are in memory. */
export const memoryHost = (root: FolderNode, times: Times, disk: Disk): Host => {
  const at = (given: string, last: 'itself' | 'through' = 'through') => follow(root, given, last);
  const real = (given: string): string | undefined => {
    const found = at(given);
    return found === undefined || isUnseen(found) ? undefined : found.path || '/';
  };
  const statOf = ({ path: inside, node }: Found): HostStat => ({
    kind: node.kind,
    size: node.kind === 'file' ? node.bytes.length : 0,
    modified: timeOf(times, inside),
    mode: { file: 0o100644, folder: 0o40755, link: 0o120777 }[node.kind],
    uid: 0,
    gid: 0,
  });
  return {
    root: disk.root,
    isOwn: false,
    read: (given) => {
      const found = at(given);
      if (found === undefined || isUnseen(found)) return found;
      return found.node.kind === 'file' ? found.node.bytes : { code: 'EISDIR' };
    },
    list: (given) => {
      const found = at(given);
      if (found === undefined || isUnseen(found)) return found;
      return found.node.kind === 'folder' ? [...found.node.children.keys()].sort(compareTexts) : undefined;
    },
    stat: (given) => {
      const found = at(given);
      return found === undefined || isUnseen(found) ? found : statOf(found);
    },
    link: (given) => {
      const found = at(given, 'itself');
      if (found === undefined || isUnseen(found)) return found;
      return found.node.kind === 'link' ? found.node.target : undefined;
    },
    real,
    local: (given) => {
      const found = at(given);
      if (found === undefined || isUnseen(found)) return undefined;
      disk.hold(found, times);
      return disk.root + found.path;
    },
    space: () => undefined,
  };
};
