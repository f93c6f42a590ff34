import type { Rules } from '../../recovery/versions.ts';
import { baseName } from '../../source/source.ts';
import type { Check } from './check.ts';
import { type AnyFile, walk } from './walk.ts';

/** An empty message is four zeros: it is as it should be where it is all of the file. */
const isEmptyMessage = (file: AnyFile): boolean => file.kind === 'whole' && file.size === 4;
/** Where being full of zeros has a code of its own. */
const isState = (path: string, rules: Rules): boolean =>
  rules.stateIsRead && baseName(path) === 'resources_and_operations.state';

const sizeOf = (file: AnyFile): number => ('size' in file ? file.size : file.kind === 'text' ? file.text.length : 0);

/** Files that are empty or full of zeros, vanished, or reached by a link that leaves the tree; bytes behind a record. */
export const checkFiles: Check = (checkpoint, { rules, report }) => {
  walk(checkpoint, {
    file: (path, file) => {
      if (file.kind === 'absent') {
        if (file.vanished)
          report('vanished', { path }, 'it was there when its folder was listed, and gone a moment later');
        return;
      }
      if (file.kind === 'unreadable') {
        if (file.outside !== undefined) {
          report('link-leaves-tree', { path }, `it leads to ${file.outside}, and was not followed`);
        }
        return;
      }
      if ('zeros' in file && file.zeros && !isEmptyMessage(file) && !isState(path, rules)) {
        report('zero-filled-file', { path, offset: 0, length: sizeOf(file) }, 'all its bytes are zero');
      }
      if (file.kind === 'whole' && !file.zeros && file.trailing !== undefined) {
        const { offset, length } = file.trailing;
        report(
          'trailing-bytes',
          { path, offset, length },
          `${length} byte${length === 1 ? '' : 's'} behind the record, which the agent does not look at`,
        );
      }
      if (file.kind === 'log' && 'outOfOrder' in file && file.outOfOrder !== undefined) {
        const { offset, length, record } = file.outOfOrder;
        report('updates-out-of-order', { path, offset, length, record }, 'the update is older than one before it');
      }
    },
  });
};
