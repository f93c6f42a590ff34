import { type Finding, findingOf } from '../../findings/finding.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Links that are none, or that leave the tree for what is not here. */
export const checkLinks: Check = (checkpoint) => {
  const found: Finding[] = [];
  walk(checkpoint, {
    latest: (path, link) => {
      if (link.kind === 'found' && link.target === undefined) {
        const message = `it is not a link, so to the agent the latest is called '${link.name}'`;
        found.push(findingOf('latest-no-link', { path }, message));
      }
      if (link.kind === 'outside' && !link.beside) {
        found.push(findingOf('link-leaves-tree', { path }, `it points to ${link.target}, and was not followed`));
      }
    },
  });
  return found;
};
