import type { RecordFile } from '../../checkpoint/files.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { about, fail, ok, type PreflightCheck, warn } from './check.ts';

/** The gids of volumes. */
export const volumeGids: PreflightCheck<'volume-gids'> = {
  code: 'volume-gids',
  title: "Volumes' gids can be read",
  looksAtStart: true,
  explanation:
    'With --volume_gid_range the agent gives shared volumes gids of their own, and keeps them in volume_gid_manager/volume_gids (from 1.8.0 on). It refuses to start where the file is damaged; an empty one is noted, and the gids are given again.',
  remedy:
    'Restore the file from a copy. Without one, wait until no volume of that kind is in use, and move the file aside.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const place = `${verification.home}/meta/volume_gid_manager/volume_gids`;
      const file = verification.checkpoint.volumeGids;
      if (!rulesOf(verification.version).operationsAreRead) return [ok('this version reads none')];
      if (file.kind !== 'absent' && facts.flags.isComplete && !facts.flags.flags.has('volume_gid_range')) {
        return [ok('--volume_gid_range is not set, so none is read')];
      }
      if (file.kind === 'empty') return [warn('the file is empty: the gids in use are forgotten', place)];
      return [
        isReadable(file)
          ? ok(file.kind === 'absent' ? 'none is here' : 'read as a record', file.kind === 'absent' ? undefined : place)
          : fail('damaged: the agent refuses to start', place),
      ];
    }),
};

/** Whether there is nothing, or a whole record. */
export const isReadable = ({ kind }: RecordFile<unknown>): boolean => kind === 'absent' || kind === 'whole';
