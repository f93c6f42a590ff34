import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { type Context, refuses } from '../context.ts';
import { damageText } from '../damage.ts';
import { meetNoReturn } from '../no-return.ts';
import { readRecord } from '../reading.ts';

/** Recovers which devices containers may use: `DeviceManagerProcess::recover`. */
export const recoverDevices = (context: Context, { devices }: Checkpoint): void => {
  if (!context.rules.devicesAreRead) return;
  const path = fileIn(names.META, 'device.state');
  const read = readRecord(devices, context.full(path));
  const damage = damageText.of(devices);
  if (read.kind === 'abort' || read.kind === 'hang') meetNoReturn(context, { path }, damage, read);
  if (read.kind !== 'error') return;
  const stop = refuses(`Failed to read device configuration info from '${context.full(path)}': ${read.message}`);
  context.meet('device-state-damaged', { path, ...damageText.location(devices) }, damage, stop);
};
