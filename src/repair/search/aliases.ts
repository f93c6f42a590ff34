import type { FollowedLink } from '../../checkpoint/files.ts';

/**
 * Links in a checkpoint can make one file be seen under several names, so that a change to it shows at each of them. No
 * agent makes such links, but for `latest`; somebody who has moved or shared folders may have.
 */

/** Every path under which the agent finds something else once what is at `place` has changed: `place` is no link's way. */
export const namesOf = (links: readonly FollowedLink[], place: string): readonly string[] => {
  if (links.length === 0) return [place];
  const names = new Set([place]);
  for (const { path, through, to } of links) {
    if (to !== undefined && isIn(place, to)) names.add(path + behind(place, to));
    // What it leads through, or to, may be gone.
    else if (to !== undefined && isIn(to, place)) names.add(path);
    else if (through.some((link) => isIn(link, place))) names.add(path);
  }
  return [...names];
};

/** The links under which more is seen of a place than by its own name. */
export const linksTo = (links: readonly FollowedLink[], place: string): readonly FollowedLink[] =>
  links.filter(({ to }) => to !== undefined && isIn(place, to));

const isIn = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** What a path has behind that of a folder, with the `/` between them. */
const behind = (path: string, folder: string): string => (folder === '' ? `/${path}` : path.slice(folder.length));
