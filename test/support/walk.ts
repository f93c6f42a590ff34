import { createHash } from 'node:crypto';
import type { ExecutorIds } from '../../src/layout/folders.ts';
import { placeOf } from '../../src/layout/place.ts';
import type { MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { isErrno, join, type Source } from '../../src/source/source.ts';

/** The content of every file of a tree in memory, by path, in the order of the paths. */
export const filesOf = (source: MemorySource): ReadonlyMap<string, Buffer> => {
  const files = new Map<string, Buffer>();
  walk('', source.root, (path, node) => {
    if (node.kind === 'file') files.set(path, node.bytes);
  });
  return files;
};

/** The paths of everything in a tree, parents first. */
export const pathsOf = (source: MemorySource): readonly string[] => {
  const paths: string[] = [];
  walk('', source.root, (path) => paths.push(path));
  return paths;
};

const walk = (path: string, node: MemoryNode, visit: (path: string, node: MemoryNode) => void): void => {
  if (path !== '') visit(path, node);
  if (node.kind !== 'folder') return;
  for (const name of [...node.children.keys()].sort()) {
    const child = node.children.get(name);
    if (child !== undefined) walk(join(path, name), child, visit);
  }
};

/** All that a source shows of a tree, or of a folder in it: a line for each path, in the order of its listings. */
export const outlineOf = (source: Source, from = ''): readonly string[] => {
  const lines: string[] = [];
  const visit = (folder: string): void => {
    const entries = source.list(folder);
    if (isErrno(entries)) throw new Error(`${folder}: ${entries.code}`);
    for (const { name, kind } of entries) {
      const path = join(folder, name);
      lines.push(`${JSON.stringify(path)} ${kind} ${source.kindOf(path)} ${contentOf(source, path, kind)}`);
      if (kind === 'folder') visit(path);
    }
  };
  visit(from);
  return lines;
};

const contentOf = (source: Source, path: string, kind: string): string => {
  if (kind === 'link') return JSON.stringify(source.linkTarget(path));
  if (kind !== 'file') return '';
  const file = source.open(path);
  if (isErrno(file)) return file.code;
  const bytes = Buffer.alloc(file.size() + 1);
  const count = file.read(bytes, 0, bytes.length, 0);
  file.close();
  if (typeof count !== 'number') return count.code;
  // What is long is told apart by its hash: megabytes of digits take long to compare.
  return count <= 1024
    ? bytes.toString('hex', 0, count)
    : `${count} bytes, ${createHash('sha256').update(bytes.subarray(0, count)).digest('hex')}`;
};

const EXECUTOR = /^meta\/slaves\/[^/]+\/frameworks\/[^/]+\/executors\/[^/]+$/;

/** The folders of executors in a tree, which no link leads to. */
export const executorsIn = (source: MemorySource): readonly { readonly ids: ExecutorIds; readonly path: string }[] =>
  pathsOf(source)
    .filter((path) => EXECUTOR.test(path) && source.kindOf(path) === 'folder')
    .map((path) => {
      const { agent = '', framework = '', executor = '' } = placeOf(path);
      return { path, ids: { agent, framework, executor } };
    });
