import type { FlagValues } from '../agent/flags/values.ts';
import { parseResources } from '../agent/resources-flag.ts';
import { readFolder } from './disks.ts';
import { type Host, isRunningRoot, isUnseen } from './host.ts';
import { type Known, known, mapKnown, unknown, unseen } from './known.ts';
import { lookAtMade } from './made-folders.ts';
import { readMounts } from './mounts.ts';
import type { PathSetting } from './named-paths.ts';

/** A disk that `--resources` names by a folder. */
export interface ResourceDisk {
  readonly type: 'MOUNT' | 'PATH';
  /** Undefined where it names none, which ends the agent. */
  readonly root: string | undefined;
  readonly origin: string;
  /** What is wrong with the folder; undefined where nothing is. */
  readonly trouble: Known<string | undefined>;
}

/** The disks of `--resources`; none where the flag is not set, or does not parse, which is told elsewhere. */
export const readResourceDisks = (
  host: Host,
  flags: FlagValues,
  setting: PathSetting,
): Known<readonly ResourceDisk[]> => {
  const value = flags('resources');
  if (value.kind === 'unknown') return unknown(value.why);
  if (value.kind === 'default') return known([]);
  const role = flags('default_role');
  const parsed = parseResources(value.value, (role.kind === 'unknown' ? undefined : role.value) ?? '*');
  if (!parsed.ok) return known([]);
  return known(
    parsed.value.listed.flatMap(({ disk }): ResourceDisk[] => {
      const source = disk?.source;
      const type = source?.type;
      if (type !== 'MOUNT' && type !== 'PATH') return [];
      const root = type === 'MOUNT' ? source?.mount?.root : source?.path?.root;
      const given = { type, root, origin: value.from } as const;
      if (root === undefined) return [{ ...given, trouble: known(`a ${type} disk has no root folder`) }];
      const trouble =
        type === 'MOUNT' ? mountTrouble(host, root, setting) : pathTrouble(host, root, value.from, setting);
      return [{ ...given, trouble }];
    }),
  );
};

const pathTrouble = (host: Host, path: string, origin: string, setting: PathSetting): ResourceDisk['trouble'] =>
  mapKnown(lookAtMade(host, { by: '--resources', path, origin }, setting).trouble, (why) =>
    why === undefined ? undefined : `the folder ${path} of a PATH disk cannot be made: ${why}`,
  );

/** Mirrors `Slave::initialize`: the folder without links has to be a mount point. */
const mountTrouble = (host: Host, path: string, { container }: PathSetting): ResourceDisk['trouble'] => {
  if (container !== undefined) return unknown(`what is mounted at ${path} in the agent's container is not known`);
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  // On a copy of one disk, the folders that others are mounted at are there, and empty.
  if (
    stat === undefined &&
    host.stat(path.slice(0, path.lastIndexOf('/')) || '/') === undefined &&
    !isRunningRoot(host)
  ) {
    return unknown(`${path} is not in this copy`);
  }
  if (stat === undefined) return known(`the folder ${path} of a MOUNT disk is not there`);
  const { real } = readFolder(host, path);
  return mapKnown(readMounts(host), (mounts) =>
    mounts.some((mount) => mount.path === real)
      ? undefined
      : `nothing is mounted at ${real}, the folder of a MOUNT disk`,
  );
};
