import type { Host, Space } from './host.ts';
import { isUnseen } from './host.ts';
import { type Known, known, mapKnown, unknown, unseen } from './known.ts';
import { type Mount, mountOf, readMounts } from './mounts.ts';

/** A folder of the agent's, and the file system that it is on. */
export interface FolderFacts {
  /** As the flags name it. */
  readonly path: string;
  /** Where that leads when links are followed; of what is not there, its nearest parent. */
  readonly real: string;
  readonly there: Known<boolean>;
  /** Undefined where nothing that is mounted holds it. */
  readonly mount: Known<Mount | undefined>;
  readonly space: Known<Space>;
}

const NO_DISK = 'the free space is not known: this is a copy of what was on the disk';

/** Looks at a folder and at the file system that it is on. */
export const readFolder = (host: Host, path: string): FolderFacts => {
  const stat = host.stat(path);
  const there: Known<boolean> = isUnseen(stat) ? unseen(path, stat) : known(stat?.kind === 'folder');
  const nearest = nearestOf(host, path);
  const real = realOf(host, nearest);
  const space = host.space(nearest);
  return {
    path,
    real,
    there,
    mount: mapKnown(readMounts(host), (mounts) => mountOf(mounts, real)),
    space: isUnseen(space) ? unseen(nearest, space) : space === undefined ? unknown(NO_DISK) : known(space),
  };
};

/** A path, or the nearest of its parents that is there. */
const nearestOf = (host: Host, path: string): string => {
  let at = path;
  while (at !== '/' && host.stat(at) === undefined) at = at.slice(0, Math.max(1, at.lastIndexOf('/')));
  return at;
};

/** Where a path leads on its host; the path itself where that cannot be told. */
export const realOf = (host: Host, path: string): string => host.real(path) ?? path;
