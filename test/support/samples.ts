import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { type MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { baseName, join } from '../../src/source/source.ts';
import { type FolderNode, loadTree, treeNames } from './trees.ts';
import { filesOf } from './walk.ts';

/** A file of a fixture, in as much of its tree as the agent needs to come to it; to be changed in place. */
export interface Sample {
  readonly label: string;
  readonly source: MemorySource;
  readonly file: MemoryNode & { kind: 'file' };
  readonly bytes: Buffer;
}

/** Folders of which the agent reads each folder on its own: one is enough. */
const MANY = new Set(['frameworks', 'executors', 'runs', 'tasks', 'operations']);

/** A copy of a tree in which there is one of everything, on the way to a file. */
const around = (tree: MemorySource, path: string): Sample => {
  let file: Sample['file'] | undefined;
  const copy = (node: MemoryNode, at: string): MemoryNode => {
    if (node.kind === 'link') return node;
    if (node.kind === 'file') {
      const own = { ...node };
      if (at === path) file = own;
      return own;
    }
    const isOnWay = (name: string): boolean => `${path}/`.startsWith(`${join(at, name)}/`);
    const names = [...node.children.keys()].filter((name) => node.children.get(name)?.kind === 'folder');
    const one = names.find(isOnWay) ?? names[0];
    const isLeft = (name: string): boolean => !MANY.has(baseName(at)) || name === one || !names.includes(name);
    return {
      kind: 'folder',
      children: new Map(
        [...node.children].flatMap(([name, child]) => (isLeft(name) ? [[name, copy(child, join(at, name))]] : [])),
      ),
    };
  };
  const source = new MemorySource(path, copy(tree.root, '') as FolderNode);
  if (file === undefined) throw new Error(`${path} is not a file`);
  return { label: `${tree.name}: ${path}`, source, file, bytes: file.bytes };
};

/** Every content that a file of some name has below `meta` in any fixture, once. */
export const samples = ((): readonly Sample[] => {
  const found = new Map<string, Sample>();
  for (const name of treeNames) {
    for (const [path, bytes] of filesOf(loadTree(name))) {
      const key = `${baseName(path)} ${createHash('sha256').update(bytes).digest('hex')}`;
      if (path.startsWith('meta/') && !found.has(key)) found.set(key, around(loadTree(name), path));
    }
  }
  return [...found.values()];
})();

/** The bits that every byte has changed, one change at a time. */
export const MASKS: readonly number[] = [0x01, 0x80, 0xff];

/** Changes each byte of a file, looks for problems, and changes it back; gives how many changes there were. */
export const changeEach = (
  { label, file, bytes }: Sample,
  masksAt: (at: number) => readonly number[],
  look: () => readonly string[],
): number => {
  const changed = Buffer.from(bytes);
  file.bytes = changed;
  let count = 0;
  for (let at = 0; at < changed.length; at++) {
    for (const mask of masksAt(at)) {
      changed[at] = (bytes[at] ?? 0) ^ mask;
      const problems = look();
      if (problems.length > 0) expect(problems, `${label}, byte ${at} ^ ${mask}`).toEqual([]);
      count++;
    }
    changed[at] = bytes[at] ?? 0;
  }
  file.bytes = bytes;
  return count;
};

/** The samples by the names of their files, with how many there are of each: a test a name. */
export const samplesByName: readonly (readonly [name: string, count: number, own: readonly Sample[]])[] = [
  ...new Set(samples.map(({ source }) => baseName(source.name))),
]
  .sort()
  .map((name) => {
    const own = samples.filter(({ source }) => baseName(source.name) === name);
    return [name, own.length, own] as const;
  });
