import { resourcePaths } from '../recovery/state/resources.ts';
import { AgentAbort } from '../resources/agent-abort.ts';
import { upgradeResources } from '../resources/reservation-format.ts';
import { Resources } from '../resources/resources.ts';
import type { Resource } from '../schema/index.ts';
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
  const [older, newer] = [collect(state.value.resources), collect(info.values)];
  if (older === undefined || newer === undefined || older.equals(newer)) return;
  report(
    'resource-state-stale',
    { path: resourcePaths.state },
    `it is older than resources.info, which holds ${newer}`,
  );
};
