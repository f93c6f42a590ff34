import type { ResourceDisk } from '../../host/resource-disks.ts';
import { count } from '../../text/words.ts';
import { aboutFlag, endsStart, notSeen, ok, type PreflightCheck, type Row } from './check.ts';

/** Whether the disks of the resources are there. */
export const disks: PreflightCheck<'disks'> = {
  code: 'disks',
  title: 'Disks that --resources names are there',
  looksAtStart: true,
  explanation:
    'A disk of type MOUNT has a folder that something has to be mounted at when the agent starts, and the agent exits where nothing is: a disk that is not in /etc/fstab, that did not come up, or that the unit does not wait for. The folder of a PATH disk is made where it is not there.',
  remedy: 'Mount the disk before the agent starts, and let its unit wait for it: RequiresMountsFor= with the folder.',
  visibility: 'Run this on the host itself, where /proc/mounts shows what is mounted.',
  judge: ({ facts }) =>
    facts.resourceDisks.known
      ? judgeDisks(facts.resourceDisks.value)
      : [aboutFlag(facts, notSeen(facts.resourceDisks))],
};

const judgeDisks = (all: readonly ResourceDisk[]): readonly Row[] => {
  const rows = all.flatMap(({ trouble, origin }) => {
    if (!trouble.known) return [notSeen(trouble)];
    return trouble.value === undefined ? [] : [endsStart(trouble.value, origin)];
  });
  if (rows.length > 0) return rows;
  return [ok(all.length === 0 ? '--resources names none by a folder' : `${count(all.length, 'disk')} are there`)];
};
