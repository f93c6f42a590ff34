import { AgentAbort } from '../../agent/agent-abort.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import { isStarReserved } from '../../recovery/star.ts';
import { resourcePaths } from '../../recovery/state/resources.ts';
import type { Resource } from '../../schema/index.ts';
import type { Check } from './check.ts';

/** A write of both files takes no longer than this, in ms: what differs more was written by something else. */
const ONE_WRITE = 2000;

const collect = (resources: readonly Resource[]): Resources | undefined => {
  try {
    return Resources.of(upgradeResources(resources));
  } catch (error) {
    if (error instanceof AgentAbort) return undefined;
    throw error;
  }
};

/** The pair of files from before 1.8, which a later agent writes too and reads only where `.state` is missing. */
export const checkLegacyResources: Check = ({ resources }, { rules, report }) => {
  if (!rules.stateIsRead || resources.state.kind === 'absent') return;
  const { info, state, target } = resources;
  for (const [path, file] of [
    [resourcePaths.info, info],
    [resourcePaths.target, target],
  ] as const) {
    if (file.kind === 'unreadable' || (file.kind === 'records' && file.ending.kind !== 'clean')) {
      report(
        'resources-unused-damage',
        { path, ...(file.kind === 'records' ? { offset: file.end, length: file.size - file.end } : {}) },
        'it is damaged; this version does not read it, and could not fall back to it',
      );
    }
  }
  if (info.kind !== 'records' || info.ending.kind !== 'clean' || state.kind !== 'whole') return;
  const { infoModified, stateModified } = resources;
  if (infoModified === undefined || stateModified === undefined || infoModified - stateModified <= ONE_WRITE) return;
  const other = otherResources(state.value.resources, info.values);
  if (other === undefined) return;
  report(
    'resource-state-stale',
    { path: resourcePaths.state },
    `it is older than resources.info, which holds ${other}`,
  );
};

/** What a newer list holds, where that is not the same as what an older one does. */
const otherResources = (older: readonly Resource[], newer: readonly Resource[]): string | undefined => {
  if (older.length > MOST_ADDED_UP || newer.length > MOST_ADDED_UP) {
    // Both are written from one sum of the agent's, so that equal sums are equal lists.
    return isSameList(older, newer) ? undefined : `other resources (${newer.length}, and here ${older.length})`;
  }
  const [left, right] = [collect(older), collect(newer)];
  return left === undefined || right === undefined || left.equals(right) ? undefined : `${right}`;
};

/** To add up more takes longer than a note is worth: a hostile list of a few megabytes would take minutes. */
const MOST_ADDED_UP = 1000;

/** Whether two lists have the same resources, in whichever order. */
const isSameList = (left: readonly Resource[], right: readonly Resource[]): boolean => {
  if (left.length !== right.length) return false;
  const texts = (list: readonly Resource[]): readonly string[] =>
    upgradeResources(list.filter((resource) => !isStarReserved(resource)))
      .map(textOfResource)
      .sort();
  const others = texts(right);
  return texts(left).every((text, i) => text === others[i]);
};

/** All that is known of a resource. */
const textOfResource = (resource: Resource): string =>
  JSON.stringify(resource, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
