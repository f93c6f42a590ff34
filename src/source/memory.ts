import { compareTexts } from '../text/lossless.ts';
import { type Entry, type EntryKind, type Errno, isErrno, join, type OpenFile, type Source } from './source.ts';

/** A file, folder or link in memory. */
export type MemoryNode =
  | { readonly kind: 'file'; bytes: Buffer; readonly modified?: number | undefined }
  | { readonly kind: 'folder'; readonly children: Map<string, MemoryNode> }
  | { readonly kind: 'link'; readonly target: string };

/** Bytes in memory, as an open file. */
export class MemoryFile implements OpenFile {
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  size(): number {
    return this.#bytes.length;
  }
  read(target: Buffer, at: number, length: number, position: number): number {
    return this.#bytes.copy(target, at, position, Math.min(position + length, this.#bytes.length));
  }
  close(): void {
    // Nothing is held.
  }
}

/** A tree in memory: what an archive holds, or a folder that was read once to be changed in thought. */
export class MemorySource implements Source {
  readonly name: string;
  readonly root: MemoryNode & { kind: 'folder' };

  constructor(name: string, root: MemoryNode & { kind: 'folder' } = { kind: 'folder', children: new Map() }) {
    this.name = name;
    this.root = root;
  }

  /** A copy of another source, whole, without following its links. */
  static copyOf(source: Source): MemorySource {
    const copy = (path: string, kind: EntryKind): MemoryNode | undefined => {
      if (kind === 'link') {
        const target = source.linkTarget(path);
        return isErrno(target) ? undefined : { kind, target };
      }
      if (kind === 'folder') {
        const children = new Map<string, MemoryNode>();
        const entries = source.list(path);
        for (const entry of isErrno(entries) ? [] : entries) {
          const child = copy(join(path, entry.name), entry.kind);
          if (child !== undefined) children.set(entry.name, child);
        }
        return { kind, children };
      }
      if (kind === 'other') return undefined;
      const file = source.open(path);
      if (isErrno(file)) return undefined;
      const bytes = Buffer.alloc(file.size());
      file.read(bytes, 0, bytes.length, 0);
      file.close();
      return { kind, bytes, modified: source.modified(path) };
    };
    return new MemorySource(source.name, copy('', 'folder') as MemoryNode & { kind: 'folder' });
  }

  /** What is at a path, links not followed. */
  node(path: string): MemoryNode | undefined {
    let node: MemoryNode | undefined = this.root;
    for (const name of path === '' ? [] : path.split('/')) {
      if (node?.kind !== 'folder') return undefined;
      node = node.children.get(name);
    }
    return node;
  }

  list(folder: string): readonly Entry[] | Errno {
    const node = this.node(folder);
    if (node === undefined) return { code: 'ENOENT' };
    if (node.kind !== 'folder') return { code: 'ENOTDIR' };
    return [...node.children]
      .map(([name, child]) => ({ name, kind: child.kind }))
      .sort((a, b) => compareTexts(a.name, b.name));
  }

  kindOf(path: string): EntryKind | undefined {
    return this.node(path)?.kind;
  }

  linkTarget(path: string): string | Errno {
    const node = this.node(path);
    return node?.kind === 'link' ? node.target : { code: node === undefined ? 'ENOENT' : 'EINVAL' };
  }

  modified(path: string): number | undefined {
    const node = this.node(path);
    return node?.kind === 'file' ? node.modified : undefined;
  }

  open(path: string): OpenFile | Errno {
    const node = this.node(path);
    if (node === undefined) return { code: 'ENOENT' };
    if (node.kind === 'file') return new MemoryFile(node.bytes);
    return { code: node.kind === 'folder' ? 'EISDIR' : 'ELOOP' };
  }
}
