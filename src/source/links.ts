import { type EntryKind, isErrno, join, type Source } from './source.ts';

/**
 * Where a path leads when links are followed as they would be on the agent, whose work_dir is at `home`: a link that
 * points below `home` is looked for in the source. Nothing outside the source is looked at.
 */
export type Resolved =
  /** `path` is in the source and is no link. */
  | { readonly kind: 'found'; readonly path: string; readonly entry: EntryKind }
  /** A part of the path is not there, or is taken for a folder and is none. */
  | { readonly kind: 'missing'; readonly path: string; readonly code: 'ENOENT' | 'ENOTDIR' }
  /** Links that lead to each other: ELOOP. */
  | { readonly kind: 'loop' }
  /** The link leaves the tree, to `target`: what is there is not known. */
  | { readonly kind: 'outside'; readonly target: string };

/** Linux's own limit on links that one path may lead through. */
const MAX_LINKS = 40;

/** A source, and the place on its agent. */
export interface Tree {
  readonly source: Source;
  /** The absolute path of the work_dir on the agent, without a `/` at its end. */
  readonly home: string;
  /** A record of more bytes is not read (default: 1 GiB). */
  readonly maxRecord?: number | undefined;
}

/**
 * Follows a path through links to what it names, as `realpath` would on the agent. `onLink` is told where each of the
 * links is that it leads through.
 */
export const resolve = (tree: Tree, path: string, onLink?: (place: string) => void): Resolved => {
  // Parts that are still to go, the next one last: links may lead through thousands.
  const rest = path.split('/').reverse();
  let at = '';
  let links = 0;
  let entry: EntryKind = 'folder';
  for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
    // A slash behind a name asks for a folder, too.
    if (entry !== 'folder') return { kind: 'missing', path: name === '' ? at : join(at, name), code: 'ENOTDIR' };
    if (name === '' || name === '.') continue;
    if (name === '..') {
      // Above the root of all is the root.
      if (at === '' && tree.home === '/') continue;
      if (at === '') return { kind: 'outside', target: ['..', ...rest.reverse()].join('/') };
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
      continue;
    }
    const next = join(at, name);
    const kind = tree.source.kindOf(next);
    if (kind === undefined) return { kind: 'missing', path: next, code: 'ENOENT' };
    if (kind !== 'link') {
      at = next;
      entry = kind;
      continue;
    }
    if (++links > MAX_LINKS) return { kind: 'loop' };
    onLink?.(next);
    const target = tree.source.linkTarget(next);
    if (isErrno(target)) return { kind: 'missing', path: next, code: 'ENOENT' };
    if (target.startsWith('/')) {
      const inside = insideOf(tree.home, target);
      if (inside === undefined) return { kind: 'outside', target };
      at = '';
      for (const part of inside.split('/').reverse()) rest.push(part);
    } else for (const part of target.split('/').reverse()) rest.push(part);
  }
  return { kind: 'found', path: at, entry };
};

/** The part of an absolute path that lies below the work_dir; undefined where it lies elsewhere. */
const insideOf = (home: string, target: string): string | undefined => {
  const path = target.replace(/\/(?:\.?\/)+/g, '/');
  const above = home === '/' ? '' : home;
  if (path === home || path === `${above}/`) return '';
  return path.startsWith(`${above}/`) ? path.slice(above.length + 1) : undefined;
};
