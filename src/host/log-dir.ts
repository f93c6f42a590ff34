import { errnoText } from '../source/errno.ts';
import { readFolder } from './disks.ts';
import type { ContainerStart } from './flags/agent-process.ts';
import { hostPathOf } from './flags/contained.ts';
import { type Host, isUnseen } from './host.ts';
import { type Known, known, mapKnown, unseen } from './known.ts';
import { isReadOnly } from './mounts.ts';

/**
 * Why the folder for the agent's log cannot be made, in the words of the C library; undefined where it can, or is there. What
 * the permissions of folders allow is not looked at. Mirrors `os::mkdir` of stout, which takes what is there for a folder.
 */
export const readLogDir = (
  host: Host,
  given: string | undefined,
  container: ContainerStart | undefined,
): Known<string | undefined> => {
  const path = given === undefined ? undefined : hostPathOf(given, container);
  if (path === undefined) return known(undefined);
  const stat = host.stat(path);
  if (isUnseen(stat)) return unseen(path, stat);
  if (stat !== undefined) return known(undefined);
  const folder = readFolder(host, path);
  const nearest = host.stat(folder.real);
  if (nearest !== undefined && !isUnseen(nearest) && nearest.kind !== 'folder') return known(errnoText('ENOTDIR'));
  return mapKnown(folder.mount, (mount) => (mount !== undefined && isReadOnly(mount) ? errnoText('EROFS') : undefined));
};
