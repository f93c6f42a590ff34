import { AgentAbort } from '../../agent/agent-abort.ts';
import { upgradeResources } from '../../agent/reservation-format.ts';
import { Resources } from '../../agent/resources.ts';
import type { SequenceFile } from '../../checkpoint/files.ts';
import type { ResourcesFolder } from '../../checkpoint/model.ts';
import { type Finding, findingOf } from '../../findings/finding.ts';
import { isStarReserved } from '../../recovery/star-reservation.ts';
import { resourcePaths } from '../../recovery/state/resource-files.ts';
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
export const checkLegacyResources: Check = ({ resources }, { rules }) => {
  if (!rules.stateIsRead || resources.state.kind === 'absent') return [];
  const unused = (['info', 'target'] as const).flatMap((which) => unusedDamage(resourcePaths[which], resources[which]));
  const other = newerInfo(resources);
  if (other === undefined) return unused;
  const message = `it is older than resources.info, which holds ${other}`;
  return [...unused, findingOf('resource-state-stale', { path: resourcePaths.state }, message)];
};

const unusedDamage = (path: string, file: SequenceFile<Resource>): readonly Finding[] => {
  const message = 'it is damaged; this version does not read it, and could not fall back to it';
  if (file.kind === 'unreadable') return [findingOf('resources-unused-damage', { path }, message)];
  if (file.kind !== 'records' || file.ending.kind === 'clean') return [];
  const location = { path, offset: file.end, length: file.size - file.end };
  return [findingOf('resources-unused-damage', location, message)];
};

/** What `resources.info` holds, where it was written after the state and is not the same. */
const newerInfo = ({ info, state, infoModified, stateModified }: ResourcesFolder): string | undefined => {
  if (info.kind !== 'records' || info.ending.kind !== 'clean' || state.kind !== 'whole') return undefined;
  const isNewer = infoModified !== undefined && stateModified !== undefined && infoModified - stateModified > ONE_WRITE;
  return isNewer ? otherResources(state.value.resources, info.values) : undefined;
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
