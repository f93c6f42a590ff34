import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { meetNoReturn } from '../no-return.ts';
import { readRecord } from '../reading.ts';

/** Recovers the gids of volumes: `VolumeGidManagerProcess::recover`. */
export const recoverVolumeGids = (context: Context, { volumeGids }: Checkpoint): void => {
  if (!context.rules.operationsAreRead) return;
  const path = fileIn(names.META, 'volume_gids');
  const read = readRecord(volumeGids, context.full(path));
  const damage = damageText.of(volumeGids);
  if (read.kind === 'none') context.meet('volume-gids-empty', { path }, 'the file is empty');
  if (read.kind === 'abort' || read.kind === 'hang') meetNoReturn(context, { path }, damage, read);
  if (read.kind !== 'error') return;
  const stop = refuses(`Failed to read volume gid infos from '${context.full(path)}' ${read.message}`);
  context.meet('volume-gids-damaged', { path, ...damageText.location(volumeGids) }, damage, stop);
};
