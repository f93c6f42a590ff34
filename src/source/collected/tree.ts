import type { Errno } from '../source.ts';
import type { CollectedNode } from './node.ts';
import { codeOf } from './reasons.ts';

/** The space of a file system, as it was when the host was collected, in bytes and inodes. */
export interface CollectedSpace {
  readonly size: number;
  readonly free: number;
  readonly inodes: number;
  readonly freeInodes: number;
}

/** What a collected host says of itself as a whole. */
export interface CollectedAbout {
  /** Its own name; undefined where it did not tell. */
  readonly hostName: string | undefined;
  /** When it was collected, in ISO 8601. */
  readonly time: string;
  /** Whether the script ran on the host itself: its root was `/`. */
  readonly isLive: boolean;
  readonly isRedacted: boolean;
  /** Whether the script ran as root. */
  readonly isRoot: boolean;
  /** Paths by which checkpoints were found. */
  readonly workDirs: readonly string[];
}

/** What a path leads to. */
export interface FoundNode {
  /** Without links, `.` and `..`; '' is the root. */
  readonly path: string;
  readonly node: CollectedNode;
}

/** Linux's own limit on links that one path may lead through. */
const MAX_LINKS = 40;

/** What was collected of a host, in memory. Where nothing says what is at a path, that is not known. */
export class CollectedTree {
  readonly root: CollectedNode;
  readonly about: CollectedAbout;
  readonly #spaces: ReadonlyMap<string, CollectedSpace>;

  constructor(root: CollectedNode, about: CollectedAbout, spaces: ReadonlyMap<string, CollectedSpace>) {
    this.root = root;
    this.about = about;
    this.#spaces = spaces;
  }

  /** Follows a path from the root, links with it; with `itself`, not one that is its last name. */
  follow(given: string, last: 'itself' | 'through' = 'through'): FoundNode | Errno | undefined {
    const rest = namesIn(given).reverse();
    let way: readonly FoundNode[] = [{ path: '', node: this.root }];
    let links = 0;
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      const found = way.at(-1) as FoundNode;
      if (name === '..') {
        if (way.length > 1) way = way.slice(0, -1);
        continue;
      }
      const child = childOf(found.node, name);
      if (child === undefined || 'code' in child) return child;
      if (child.kind !== 'link' || (last === 'itself' && rest.length === 0)) {
        way = [...way, { path: `${found.path}/${name}`, node: child }];
        continue;
      }
      links += 1;
      if (links > MAX_LINKS) return { code: 'ELOOP' };
      if (child.target === undefined) return { code: codeOf(child.reason ?? 'not collected') };
      for (const each of namesIn(child.target).reverse()) rest.push(each);
      if (child.target.startsWith('/')) way = way.slice(0, 1);
    }
    return way.at(-1);
  }

  /** The file system that a path without links is on; undefined where that was not asked. */
  spaceAt(path: string): CollectedSpace | undefined {
    return this.#spaces.get(path === '' ? '/' : path);
  }
}

const namesIn = (path: string): string[] => path.split('/').filter((name) => name !== '' && name !== '.');

/** What is in a folder under a name; undefined where it is known that nothing is. */
export const childOf = (node: CollectedNode, name: string): CollectedNode | Errno | undefined => {
  const child = node.children.get(name);
  if (child !== undefined) {
    if (child.isNothing) return undefined;
    return child.kind === undefined ? { code: codeOf(child.reason ?? 'not collected') } : child;
  }
  if (node.isListed || (node.kind !== undefined && node.kind !== 'folder')) return undefined;
  return { code: codeOf(node.reason ?? 'not collected') };
};
