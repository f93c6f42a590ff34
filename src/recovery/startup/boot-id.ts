import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import type { Context } from '../context.ts';
import { isFolderItself } from '../reading.ts';

/**
 * Why the agent does not survive the end of its recovery: it renames a new boot_id over the old one (`Slave::__recover`),
 * which takes the place of anything but a folder. Undefined where it does.
 */
export const checkBootId = (context: Context, { hasMeta, bootId }: Checkpoint): string | undefined => {
  if (!hasMeta || !isFolderItself(bootId)) return undefined;
  const path = fileIn(names.META, 'boot_id');
  context.report('boot-id-unwritable', { path }, 'a folder is in its place, and the agent cannot write its boot id');
  const temporary = context.full(`${names.META}/XXXXXX`);
  return (
    'CHECK_SOME(state::checkpoint(path, bootId.get())): ' +
    `Failed to rename '${temporary}' to '${context.full(path)}': Is a directory`
  );
};
