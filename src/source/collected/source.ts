import { compareTexts } from '../../text/lossless.ts';
import { OpenExtents } from '../extents.ts';
import {
  AccessDenied,
  type Attributes,
  type Entry,
  type EntryKind,
  type Errno,
  isErrno,
  join,
  type OpenFile,
  type Source,
  type SpecialKind,
} from '../source.ts';
import type { CollectedNode } from './node.ts';
import { codeOf, type Reason, reasonText } from './reasons.ts';
import { childOf } from './tree.ts';

/** The bits of a mode that do not say what something is. */
const PERMISSIONS = 0o7777;

/** A folder of a collected host as a source. What is not known of it is thrown, as what may not be looked at is. */
export class CollectedSource implements Source {
  readonly name: string;
  readonly #root: CollectedNode;

  constructor(name: string, root: CollectedNode) {
    this.name = name;
    this.#root = root;
  }

  list(folder: string): readonly Entry[] | Errno {
    const node = this.#node(folder);
    if (node === undefined) return { code: 'ENOENT' };
    if (node.kind !== 'folder') return { code: 'ENOTDIR' };
    // Of the work_dir itself, what the agent asks for is there.
    if (!node.isListed && folder !== '') throw notKnown(folder, node.reason);
    return [...node.children]
      .flatMap(([name, child]): readonly Entry[] => {
        if (child.isNothing) return [];
        const { kind } = child;
        if (kind === undefined) throw notKnown(join(folder, name), child.reason);
        return [{ name, kind }];
      })
      .sort((a, b) => compareTexts(a.name, b.name));
  }

  kindOf(path: string): EntryKind | undefined {
    return this.#node(path)?.kind;
  }

  specialKind(path: string): SpecialKind | undefined {
    return this.#node(path)?.special;
  }

  linkTarget(path: string): string | Errno {
    const node = this.#node(path);
    if (node?.kind !== 'link') return { code: node === undefined ? 'ENOENT' : 'EINVAL' };
    if (node.target === undefined) throw notKnown(path, node.reason);
    return node.target;
  }

  modified(path: string): number | undefined {
    return this.#node(path)?.stat?.modified;
  }

  modifiedNs(path: string): bigint | undefined {
    return this.#node(path)?.content?.modifiedNs;
  }

  attributes(path: string): Attributes | undefined {
    const node = this.#node(path);
    if (node?.stat === undefined) return undefined;
    const { mode, uid, gid, modified } = node.stat;
    const modifiedNs = node.content?.modifiedNs ?? BigInt(Math.round(modified)) * 1_000_000n;
    return { mode: mode & PERMISSIONS, uid, gid, modifiedNs };
  }

  open(path: string): OpenFile | Errno {
    const node = this.#node(path);
    switch (node?.kind) {
      case undefined:
        return { code: 'ENOENT' };
      case 'folder':
        return { code: 'EISDIR' };
      case 'link':
        return { code: 'ELOOP' };
      case 'other':
        return { code: 'ENXIO' };
      case 'file': {
        const { content, reason } = node as CollectedNode;
        if (content === undefined || reason !== undefined) throw notKnown(path, reason);
        return new OpenExtents(content);
      }
    }
  }

  /** What is at a path, no link followed; undefined where nothing is. */
  #node(path: string): CollectedNode | undefined {
    let node = this.#root;
    for (const name of path === '' ? [] : path.split('/')) {
      const child = childOf(node, name);
      if (child === undefined) return undefined;
      if (isErrno(child)) throw new AccessDenied(path, whyOf(child.code), 'cannot tell what is at');
      node = child;
    }
    return node;
  }
}

const whyOf = (code: string): string =>
  reasonText(code) ??
  (code === 'EACCES' ? 'the script had no permission; run it as root' : `reading it failed (${code})`);

const notKnown = (path: string, reason: Reason = 'not collected'): AccessDenied =>
  new AccessDenied(path, whyOf(codeOf(reason)), 'cannot read');
