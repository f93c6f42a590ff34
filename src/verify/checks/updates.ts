import { fileIn } from '../../layout/kinds.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

const NOTE = { strict: 'note', nonStrict: 'note' } as const;

/**
 * Status updates that the agent would abort on, were their log replayed. Where it does, recovery has reported the update
 * at this place before; the logs that are left are of runs that have ended or are not the latest.
 */
export const checkUpdates: Check = (checkpoint, { report }) => {
  walk(checkpoint, {
    task: ({ path, updates }) => {
      if (updates.kind !== 'log' || updates.badUpdate === undefined) return;
      const { offset, length, record } = updates.badUpdate;
      report(
        'update-uuid-invalid',
        { path: fileIn(path, 'task.updates'), offset, length, record },
        'the uuid of an update is not valid; the agent does not replay this log',
        NOTE,
      );
    },
  });
};
