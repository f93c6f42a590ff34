import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';

/**
 * Whether a plan may change what is at a path: the files of a checkpoint, but neither `meta` itself nor the folders right
 * below it. A plan that is made keeps to it, and a plan file that is read is held to it.
 */
export const isOfCheckpoint = (path: string): boolean => {
  const parts = path.split('/');
  return (parts.length >= 3 && parts[0] === names.META) || path === BOOT_ID;
};

const BOOT_ID = fileIn(names.META, 'boot_id');
