import * as names from '../layout/names.ts';
import { FolderSource } from '../source/folder.ts';
import { AccessDenied } from '../source/source.ts';
import { executorPlaces } from './executor-folders.ts';

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
  let looked = 0;
  for (const { path } of executorPlaces(source)) {
    if (source.countFolders(path) >= many) return true;
    if (++looked === MOST_FRAMEWORKS) break;
  }
  return false;
};
