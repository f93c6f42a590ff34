import * as names from '../layout/names.ts';
import { AGENTS_PATH, pathOf } from '../layout/place.ts';
import { FolderSource } from '../source/folder.ts';
import { AccessDenied, baseName, isErrno, join } from '../source/source.ts';

/** So many frameworks are looked at: that it is found out quickly is the point. */
const MOST_FRAMEWORKS = 16;

/**
 * Whether a path is that of a work_dir, or of its meta, and a framework of its latest agent has at least so many executors, as far as is
 * told without listing them: by what the file system counts of a folder's folders, and some count none.
 */
export const hasMany = (given: string, many: number): boolean => {
  try {
    return hasManyIn(new FolderSource(given), many) || hasManyIn(new FolderSource(given, names.META), many);
  } catch (error) {
    if (!(error instanceof AccessDenied)) throw error;
    return false;
  }
};

const hasManyIn = (source: FolderSource, many: number): boolean => {
  const target = source.linkTarget(join(AGENTS_PATH, names.LATEST));
  if (isErrno(target)) return false;
  const folder = pathOf({ folder: 'agent', agent: baseName(target), below: names.FRAMEWORKS });
  const frameworks = source.list(folder);
  if (isErrno(frameworks)) return false;
  return frameworks
    .slice(0, MOST_FRAMEWORKS)
    .some(({ name }) => source.countFolders(join(join(folder, name), names.EXECUTORS)) >= many);
};
