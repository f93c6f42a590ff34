import type { Settings } from '../agent/flags/settings.ts';
import { isWithin, since, type Version } from '../agent/version.ts';
import { type CgroupFacts, V2_PLACE, v2Mounts } from './cgroups.ts';
import { ifKnown } from './known.ts';

/** From here on the agent looks for cgroups v2 at all. */
export const KNOWS_V2 = since('1.12.0');

/** Whether the agent takes the host for one of cgroups v2. Mirrors `cgroups2::mounted`: older versions do not look. */
export const usesV2 = (version: Version, { mounts }: CgroupFacts): boolean =>
  isWithin(version, KNOWS_V2) && v2Mounts(ifKnown(mounts) ?? [])[0]?.path === V2_PLACE;

/**
 * The launcher that the agent takes. Mirrors `LinuxLauncher::available`: the Linux launcher where it is root and the kernel
 * has a freezer, or, from 1.12 on, where cgroups v2 is mounted.
 */
export const launcherOf = (
  { launcher }: Pick<Settings, 'launcher'>,
  version: Version,
  isRoot: boolean,
  cgroups: CgroupFacts,
): 'posix' | 'linux' => {
  if (launcher.value === 'posix' || launcher.value === 'linux') return launcher.value;
  if (usesV2(version, cgroups)) return 'linux';
  const { subsystems } = cgroups;
  const hasFreezer = !subsystems.known || subsystems.value?.get('freezer')?.isEnabled === true;
  return isRoot && hasFreezer ? 'linux' : 'posix';
};
