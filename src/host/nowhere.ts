import type { Host } from './host.ts';

/** A host of which nothing is known: what its agent is started with is only what the operator says. */
export const nowhere: Host = {
  root: '',
  isOwn: false,
  read: () => undefined,
  list: () => undefined,
  stat: () => undefined,
  link: () => undefined,
  real: () => undefined,
  local: () => undefined,
  space: () => undefined,
};
