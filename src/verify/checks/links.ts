import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Links that are none, or that leave the tree for what is not here. */
export const checkLinks: Check = (checkpoint, { report }) => {
  walk(checkpoint, {
    latest: (path, link) => {
      if (link.kind === 'found' && link.target === undefined) {
        report('latest-no-link', { path }, `it is no link, so that to the agent the latest is called '${link.name}'`);
      }
      if (link.kind === 'outside' && !link.beside) {
        report('link-leaves-tree', { path }, `it points to ${link.target}, and was not followed`);
      }
    },
  });
};
