import type { Checkpoint } from '../../checkpoint/model.ts';
import { fileIn } from '../../layout/kinds.ts';
import * as names from '../../layout/names.ts';
import { aborts, type Context } from '../context.ts';
import { isFolderItself } from '../reading.ts';

/**
 * Writes the boot id when all is recovered (`Slave::__recover`): a new file is renamed over the old one, which takes the
 * place of anything but a folder.
 */
export const writeBootId = (context: Context, { hasMeta, bootId }: Checkpoint): void => {
  if (!hasMeta || !isFolderItself(bootId)) return;
  const path = fileIn(names.META, 'boot_id');
  const temporary = context.full(`${names.META}/XXXXXX`);
  const message =
    'CHECK_SOME(state::checkpoint(path, bootId.get())): ' +
    `Failed to rename '${temporary}' to '${context.full(path)}': Is a directory`;
  const detail = 'a folder is in its place, and the agent cannot write its boot id';
  context.meet('boot-id-unwritable', { path }, detail, aborts(message));
};
