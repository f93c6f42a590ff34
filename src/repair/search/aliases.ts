import type { FollowedLink } from '../../checkpoint/files.ts';
import { isComeUpon } from '../../layout/place.ts';
import { foldersOf } from './scope.ts';

/**
 * Links in a checkpoint can make one file be seen under several names, so that a change to it shows at each of them. No
 * agent makes such links, but for `latest`; somebody who has moved or shared folders may have.
 */

/** Every path under which the agent finds something else once what is at `place` has changed: `place` is no link's way. */
export const namesOf = (links: readonly FollowedLink[], place: string): readonly string[] => {
  if (links.length === 0) return [place];
  const index = indexOf(links);
  const names = new Set([place]);
  const seen = new Set<FollowedLink>();
  for (const folder of upFrom(place)) {
    for (const link of index.byTarget.get(folder) ?? []) {
      seen.add(link);
      // A link to a folder above, or in the place of a file, gives all below it a name that nobody asks for.
      const name = link.path + behind(place, folder);
      if (isComeUpon(name)) names.add(name);
    }
  }
  // What they lead through, or to, may be gone.
  for (const link of index.reaching.get(place) ?? []) if (!seen.has(link)) names.add(link.path);
  return [...names];
};

/** The links under which more is seen of a place than by its own name. */
export const linksTo = (links: readonly FollowedLink[], place: string): readonly FollowedLink[] =>
  links.length === 0 ? links : found(indexOf(links), 'byTarget', place);

/** The links that a path leads through by its name, or is. */
export const linksAbove = (links: readonly FollowedLink[], path: string): readonly FollowedLink[] =>
  links.length === 0 ? links : found(indexOf(links), 'byPath', path);

/** The place that a path leads to through links, as far as they were followed. */
export const placeThrough = (links: readonly FollowedLink[], path: string): string => {
  // What the innermost link leads to is a place already, which no part of is a link.
  const last = linksAbove(links, path).reduce<FollowedLink | undefined>(
    (inner, link) =>
      link.to === undefined || (inner !== undefined && inner.path.length >= link.path.length) ? inner : link,
    undefined,
  );
  return last?.to === undefined ? path : last.to + behind(path, last.path);
};

const found = (index: Index, by: 'byPath' | 'byTarget', path: string): readonly FollowedLink[] =>
  upFrom(path)
    .flatMap((folder) => index[by].get(folder) ?? [])
    .sort((a, b) => (index.order.get(a) ?? 0) - (index.order.get(b) ?? 0));

/** Links by what they are asked for: there may be as many as there are changes. */
interface Index {
  readonly order: ReadonlyMap<FollowedLink, number>;
  readonly byPath: ReadonlyMap<string, readonly FollowedLink[]>;
  /** By the place that each leads to. */
  readonly byTarget: ReadonlyMap<string, readonly FollowedLink[]>;
  /** By place: the links that lead to something below it, or through it or something below it. */
  readonly reaching: ReadonlyMap<string, ReadonlySet<FollowedLink>>;
}

const indexes = new WeakMap<readonly FollowedLink[], Index>();

const indexOf = (links: readonly FollowedLink[]): Index => {
  const index = indexes.get(links) ?? madeOf(links);
  indexes.set(links, index);
  return index;
};

const madeOf = (links: readonly FollowedLink[]): Index => {
  const byPath = new Map<string, FollowedLink[]>();
  const byTarget = new Map<string, FollowedLink[]>();
  const reaching = new Map<string, Set<FollowedLink>>();
  for (const link of links) {
    const { path, through, to } = link;
    valueIn(byPath, path, () => []).push(link);
    if (to !== undefined) valueIn(byTarget, to, () => []).push(link);
    const places = to === undefined ? through : [to, ...through];
    for (const folder of places.flatMap(upFrom)) valueIn(reaching, folder, () => new Set()).add(link);
  }
  return { order: new Map(links.map((link, i) => [link, i])), byPath, byTarget, reaching };
};

const valueIn = <T>(map: Map<string, T>, key: string, make: () => T): T => {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
};

/** A path, and the folders that it is in, up to the work_dir. */
const upFrom = (path: string): readonly string[] => (path === '' ? [''] : [path, ...foldersOf(path), '']);

/** What a path has behind that of a folder, with the `/` between them. */
const behind = (path: string, folder: string): string => (folder === '' ? `/${path}` : path.slice(folder.length));
