import { rulesOf } from '../../recovery/versions.ts';
import { about, fail, ok, type PreflightCheck, warn } from './check.ts';
import { isReadable } from './volume-gids.ts';

/** The devices of control groups. */
export const devices: PreflightCheck<'devices'> = {
  code: 'devices',
  title: "Containers' devices can be read",
  looksAtStart: true,
  explanation:
    'With cgroups v2 the agent keeps which devices each control group may use in device_manager/device.state (from 1.12 on). It refuses to start where the file is damaged.',
  remedy: 'Restore the file from a copy. Without one, wait until no container runs, and move the file aside.',
  visibility: 'Run this as root, where the work_dir is.',
  judge: ({ facts }) =>
    about(facts.checkpoint, ({ verification }) => {
      const place = `${verification.home}/meta/device_manager/device.state`;
      const file = verification.checkpoint.devices;
      if (file.kind === 'absent') return [ok('none is here')];
      if (!rulesOf(verification.version).devicesAreRead) return [ok('this version does not read it', place)];
      if (file.kind === 'empty') return [warn('the file is empty: what containers may use is forgotten', place)];
      return [isReadable(file) ? ok('read as a record', place) : fail('damaged: the agent refuses to start', place)];
    }),
};
