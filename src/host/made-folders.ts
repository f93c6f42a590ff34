import { posix } from 'node:path';
import { denialOf, SEARCH, WRITE } from './access.ts';
import { readFolder } from './disks.ts';
import { hostPathOf } from './flags/contained.ts';
import { type Host, isUnseen, namesAt } from './host.ts';
import { type Known, known, mapKnown, unseen } from './known.ts';
import { isReadOnly, readMounts } from './mounts.ts';
import type { GivenPath, PathSetting } from './named-paths.ts';
import { isUser } from './user.ts';

/** A folder that the agent makes where it is not there. */
export interface MadeFolder extends GivenPath {
  /** What keeps the agent from making it; undefined where nothing does. */
  readonly trouble: Known<string | undefined>;
}

/** Looks whether the agent can make a folder, or has it already. */
export const lookAtMade = (host: Host, given: GivenPath, setting: PathSetting): MadeFolder => ({
  ...given,
  trouble: troubleOf(host, given.path, setting),
});

const troubleOf = (host: Host, path: string, setting: PathSetting): MadeFolder['trouble'] => {
  const at = path.startsWith('/') ? hostPathOf(path, setting.container) : undefined;
  // The container has a folder of its own there, which the agent may make.
  if (at === undefined) return known(undefined);
  const { real, there, mount } = readFolder(host, at);
  if (!there.known) return there;
  if (there.value) return known(undefined);
  const stat = host.stat(real);
  if (isUnseen(stat)) return unseen(real, stat);
  if (stat !== undefined && stat.kind !== 'folder') return known(`${real} is not a folder`);
  if (mount.known && mount.value !== undefined && isReadOnly(mount.value)) {
    return known(`${mount.value.path} is mounted read-only`);
  }
  const { user } = setting;
  if (!user.known) return user;
  if (!isUser(user.value)) return known(undefined);
  const { name } = user.value;
  return mapKnown(denialOf(host, real, user.value, WRITE | SEARCH), (denial) =>
    denial === undefined ? undefined : `${name} may not write ${denial.at}, which is ${denial.owner}`,
  );
};

/** Why the agent cannot remove a folder with all that is in it, as it does at its start; undefined where it can. */
export const removalTrouble = (host: Host, path: string, setting: PathSetting): Known<string | undefined> => {
  const at = hostPathOf(path, setting.container);
  if (at === undefined) return known(undefined);
  const stat = host.stat(at);
  if (isUnseen(stat)) return unseen(at, stat);
  if (stat === undefined) return known(undefined);
  const mounts = readMounts(host);
  if (!mounts.known) return mounts;
  const { real, mount } = readFolder(host, at);
  const inside = mounts.value.find((each) => each.path === real || each.path.startsWith(`${real}/`));
  if (inside !== undefined) return known(`${inside.path} is a mount point`);
  if (setting.container?.volumes.some((volume) => volume.inside === path)) {
    return known(`${path} is a volume of the agent's container`);
  }
  if (mount.known && mount.value !== undefined && isReadOnly(mount.value)) {
    return known(`${mount.value.path} is mounted read-only`);
  }
  const { user } = setting;
  if (!user.known) return user;
  if (!isUser(user.value)) return known(undefined);
  const { name } = user.value;
  for (const folder of namesAt(host, at).length > 0 ? [posix.dirname(real), real] : [posix.dirname(real)]) {
    const denial = denialOf(host, folder, user.value, WRITE | SEARCH);
    if (!denial.known) return denial;
    if (denial.value !== undefined)
      return known(`${name} may not write ${denial.value.at}, which is ${denial.value.owner}`);
  }
  return known(undefined);
};
