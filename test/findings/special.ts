import type { MemorySource } from '../../src/source/memory.ts';
import { type Entry, type Errno, isErrno, type OpenFile, type Source } from '../../src/source/source.ts';

/** What cannot be made by editing a tree. */
export type Special =
  /** It is there when its folder is listed, and gone when it is opened. */
  | { readonly kind: 'vanishes'; readonly path: string }
  /** It opens, and reading it fails. */
  | { readonly kind: 'read-error'; readonly path: string; readonly code: string }
  /** It announces a record that takes all of the file, which is full of zeros up to its size. */
  | { readonly kind: 'filled-up'; readonly path: string; readonly size: number }
  /** It is a FIFO, which must not be opened. */
  | { readonly kind: 'fifo'; readonly path: string }
  /** By path: when it was modified. */
  | { readonly kind: 'modified'; readonly times: Readonly<Record<string, string>> };

/** A tree in which something special is the case. */
export const withSpecial = (tree: MemorySource, special: Special): Source => {
  const changed = (change: Partial<Source>): Source => ({
    name: tree.name,
    list: (folder) => tree.list(folder),
    kindOf: (path) => tree.kindOf(path),
    linkTarget: (path) => tree.linkTarget(path),
    modified: (path) => tree.modified(path),
    open: (path) => tree.open(path),
    ...change,
  });
  if (special.kind === 'modified') {
    return changed({
      modified: (path) => {
        const time = special.times[path];
        return time === undefined ? tree.modified(path) : Date.parse(time);
      },
    });
  }
  if (special.kind === 'fifo') {
    const folder = special.path.slice(0, special.path.lastIndexOf('/'));
    const shown = (entries: readonly Entry[]): readonly Entry[] =>
      entries.map((entry) => (`${folder}/${entry.name}` === special.path ? { ...entry, kind: 'other' } : entry));
    return changed({
      list: (path) => {
        const entries = tree.list(path);
        return path === folder && !isErrno(entries) ? shown(entries) : entries;
      },
      kindOf: (path) => (path === special.path ? 'other' : tree.kindOf(path)),
      specialKind: (path) => (path === special.path ? 'fifo' : undefined),
      open: (path) => {
        if (path === special.path) throw new Error('who opens a FIFO may wait for ever');
        return tree.open(path);
      },
    });
  }
  return changed({ open: (path) => (path === special.path ? openSpecial(tree, special) : tree.open(path)) });
};

const openSpecial = (
  tree: MemorySource,
  special: Exclude<Special, { kind: 'modified' | 'fifo' }>,
): OpenFile | Errno => {
  const file = tree.open(special.path);
  if (isErrno(file)) throw new Error(`${special.path} cannot be special: ${file.code}`);
  switch (special.kind) {
    case 'vanishes':
      return { code: 'ENOENT' };
    case 'read-error':
      return { size: () => file.size(), read: () => ({ code: special.code }), close: () => file.close() };
    case 'filled-up':
      return filledUp(special.size);
  }
};

const filledUp = (size: number): OpenFile => {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(size - head.length);
  return {
    size: () => size,
    read: (target, at, length, position) => {
      const count = Math.min(length, size - position);
      target.fill(0, at, at + count);
      if (position < head.length) head.copy(target, at, position);
      return count;
    },
    close: () => undefined,
  };
};
