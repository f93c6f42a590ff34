import { baseName } from '../source/source.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/** Links that are none, that were read as a copy's, or that leave the tree. */
export const checkLinks: Check = (checkpoint, { report }) => {
  walk(checkpoint, {
    latest: (path, link) => {
      if (link.kind === 'found' && link.target === undefined) {
        report('latest-no-link', { path }, `it is no link, so that to the agent the latest is called '${link.name}'`);
      }
      if (link.kind === 'found' && link.copied) {
        report('link-copied', { path }, `it points to ${link.target}; '${baseName(link.name)}' beside it was taken`);
      }
      if (link.kind === 'outside') {
        report('link-leaves-tree', { path }, `it points to ${link.target}, and was not followed`);
      }
    },
  });
};
