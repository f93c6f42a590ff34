import { alike } from '../../findings/entry.ts';
import { type Finding, findingOf } from '../../findings/finding.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

/**
 * Status updates that the agent would abort on, were their log replayed. Where it does, recovery has met the update at
 * this place before; the logs that are left are of runs that have ended or are not the latest.
 */
export const checkUpdates: Check = (checkpoint) => {
  const found: Finding[] = [];
  walk(checkpoint, {
    log: (path, log) => {
      if (log.kind !== 'log' || log.badUpdate === undefined) return;
      const { offset, length, record } = log.badUpdate;
      const location = { path, offset, length, record };
      const message = 'the uuid of an update is not valid; the agent does not replay this log';
      found.push(findingOf('update-uuid-invalid', location, message, alike('note')));
    },
  });
  return found;
};
