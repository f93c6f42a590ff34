import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { list } from 'tar';
import { onTestFinished } from 'vitest';
import { type MemoryNode, MemorySource } from '../../src/source/memory.ts';
import { bytesOf } from '../../src/text/lossless.ts';
import type { Edit } from './cases.ts';
import { pathsOf } from './walk.ts';

/** Where the fixture trees live on their agent. */
export const HOME = '/var/lib/mesos';

export type FolderNode = MemoryNode & { kind: 'folder' };

export const TREES = fileURLToPath(new URL('../../fixtures/conformance/trees/', import.meta.url));

/** The names of the fixture trees, sorted. */
export const treeNames: readonly string[] = fs
  .readdirSync(TREES)
  .filter((name) => name.endsWith('.tar'))
  .map((name) => name.slice(0, -'.tar'.length))
  .sort();

const loaded = new Map<string, MemorySource>();

/** A fixture tree. It is shared: change it by `applyEdits` only. */
export const loadTree = (name: string): MemorySource => {
  let tree = loaded.get(name);
  if (tree === undefined) {
    tree = readTar(name);
    loaded.set(name, tree);
  }
  return tree;
};

/** The first path of a fixture tree that ends, or is, so. */
export const pathIn = (tree: string, pattern: RegExp): string => {
  const found = pathsOf(loadTree(tree)).find((each) => pattern.test(each));
  if (found === undefined) throw new Error(`${tree} has no ${pattern}`);
  return found;
};

const readTar = (name: string): MemorySource => {
  const root: FolderNode = { kind: 'folder', children: new Map() };
  list({
    file: path.join(TREES, `${name}.tar`),
    sync: true,
    strict: true,
    onReadEntry: (entry) => {
      const parts = entry.path.split('/').filter((part) => part !== '' && part !== '.');
      const last = parts.pop();
      if (last === undefined) return;
      const { children } = folderAt(root, parts);
      switch (entry.type) {
        case 'Directory':
          children.set(last, { kind: 'folder', children: new Map() });
          break;
        case 'SymbolicLink':
          children.set(last, { kind: 'link', target: entry.linkpath ?? '' });
          break;
        case 'File': {
          const file = { kind: 'file' as const, bytes: Buffer.alloc(0), modified: entry.mtime?.getTime() };
          entry.on('data', (chunk) => {
            file.bytes = Buffer.concat([file.bytes, chunk]);
          });
          children.set(last, file);
          break;
        }
        default:
          throw new Error(`${name}.tar: ${entry.path} is a ${entry.type}`);
      }
    },
  });
  return new MemorySource(name, root);
};

const folderAt = (root: FolderNode, parts: readonly string[]): FolderNode => {
  let node = root;
  for (const part of parts) {
    const child = node.children.get(part);
    if (child?.kind !== 'folder') throw new Error(`${parts.join('/')} is not a folder`);
    node = child;
  }
  return node;
};

/** A copy of a tree with edits made to it, one after the other; what they do not touch is shared. */
export const applyEdits = (source: MemorySource, edits: readonly Edit[]): MemorySource => {
  let { root } = source;
  for (const edit of edits) root = applyEdit(root, edit);
  return new MemorySource(source.name, root);
};

const applyEdit = (root: FolderNode, edit: Edit): FolderNode => {
  const parts = edit.path.split('/');
  const bytes = (): Buffer => {
    const node = nodeAt(root, parts);
    if (node?.kind !== 'file') throw new Error(`${edit.op}: ${edit.path} is not a file`);
    return node.bytes;
  };
  const put = (content: Buffer): FolderNode => replace(root, parts, { kind: 'file', bytes: content });
  switch (edit.op) {
    case 'write':
      return put(Buffer.from(edit.hex, 'hex'));
    case 'append':
      return put(Buffer.concat([bytes(), Buffer.from(edit.hex, 'hex')]));
    case 'truncate': {
      const longer = Buffer.alloc(edit.size);
      bytes().copy(longer);
      return put(longer);
    }
    case 'flip': {
      const changed = Buffer.from(bytes());
      if (edit.offset >= changed.length) throw new Error(`flip: ${edit.path} has no byte ${edit.offset}`);
      changed[edit.offset] = (changed[edit.offset] ?? 0) ^ edit.mask;
      return put(changed);
    }
    case 'remove':
      if (nodeAt(root, parts) === undefined) throw new Error(`remove: ${edit.path} is not there`);
      return replace(root, parts, undefined);
    case 'mkdir':
      return nodeAt(root, parts)?.kind === 'folder'
        ? root
        : replace(root, parts, { kind: 'folder', children: new Map() });
    case 'symlink':
      if (nodeAt(root, parts) !== undefined) throw new Error(`symlink: ${edit.path} is there already`);
      return replace(root, parts, { kind: 'link', target: edit.target });
    case 'rename': {
      const node = nodeAt(root, parts);
      if (node === undefined) throw new Error(`rename: ${edit.path} is not there`);
      return replace(replace(root, parts, undefined), edit.to.split('/'), node);
    }
  }
};

/** What is at a path of a folder. */
export const nodeAt = (root: FolderNode, parts: readonly string[]): MemoryNode | undefined => {
  let node: MemoryNode | undefined = root;
  for (const part of parts) node = node?.kind === 'folder' ? node.children.get(part) : undefined;
  return node;
};

/** A copy of a folder in which a path is another node, or is gone; folders on the way are made. */
export const replace = (folder: FolderNode, parts: readonly string[], node: MemoryNode | undefined): FolderNode => {
  const [name = '', ...rest] = parts;
  const children = new Map(folder.children);
  if (rest.length > 0) {
    const child = children.get(name) ?? { kind: 'folder', children: new Map() };
    if (child.kind !== 'folder') throw new Error(`${name} is not a folder`);
    children.set(name, replace(child, rest, node));
  } else if (node === undefined) children.delete(name);
  else children.set(name, node);
  return { kind: 'folder', children };
};

/** A folder on disk that is gone when the test is over. */
export const temporaryFolder = (): string => {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'mesos-ckpt-test-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** A fixture tree with edits, on disk: the path of the work_dir, which is gone when the test is over. */
export const materialise = (name: string, edits: readonly Edit[] = []): string =>
  writeTree(applyEdits(loadTree(name), edits));

/** A tree on disk: the path of its folder, which is gone when the test is over. */
export const writeTree = (source: MemorySource): string => {
  const folder = temporaryFolder();
  writeTreeTo(source, folder);
  return folder;
};

/** A tree in a folder, which is made where it is not there. */
export const writeTreeTo = (source: MemorySource, folder: string): void => writeNode(Buffer.from(folder), source.root);

/** A file, folder or link on disk. */
export const writeNode = (at: Buffer, node: MemoryNode): void => {
  switch (node.kind) {
    case 'folder':
      fs.mkdirSync(at, { recursive: true });
      for (const [name, child] of node.children) writeNode(Buffer.concat([at, Buffer.from('/'), bytesOf(name)]), child);
      return;
    case 'link':
      fs.symlinkSync(bytesOf(node.target), at);
      return;
    case 'file':
      fs.writeFileSync(at, node.bytes);
      if (node.modified !== undefined) fs.utimesSync(at, node.modified / 1000, node.modified / 1000);
  }
};

/** A tree in memory that reads files in one go, as a folder on disk does. */
export class ReadAtOnce extends MemorySource {
  readInto(path: string, target: Buffer): number {
    const node = this.node(path);
    return node?.kind === 'file' && node.bytes.length < target.length ? node.bytes.copy(target) : -1;
  }
}
