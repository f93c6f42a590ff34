import { META } from '../../layout/names.ts';
import { placeOf } from '../../layout/place.ts';

/** Whether a path leads into the checkpoint or the sandboxes, or is one of the two folders that hold them. */
export const isOfAgent = (path: string): boolean => {
  const { folder, isSandbox } = placeOf(path);
  return isSandbox || folder !== 'work_dir';
};

/** The folders that hold all others. */
export const isOutermost = (path: string): boolean => isOfAgent(path) && !path.includes('/');

/**
 * Whether a plan may change what is at a path: the files of a checkpoint, but neither `meta` itself nor the folders right
 * below it. A plan that is made keeps to it, and a plan file that is read is held to it.
 */
export const isOfCheckpoint = (path: string): boolean => {
  const { isSandbox, file } = placeOf(path);
  if (isSandbox || !isOfAgent(path)) return false;
  return file === 'boot_id' || !isRightIn(META, path);
};

/** Whether a path is a folder, or right in it. */
const isRightIn = (folder: string, path: string): boolean =>
  path === folder || path.slice(0, Math.max(0, path.lastIndexOf('/'))) === folder;
