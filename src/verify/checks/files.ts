import type { AnyFile } from '../../checkpoint/each-file.ts';
import type { LogFacts, LogFile } from '../../checkpoint/files.ts';
import { type Finding, findingOf } from '../../findings/finding.ts';
import type { Rules } from '../../recovery/versions.ts';
import { baseName } from '../../source/source.ts';
import { count } from '../../text/words.ts';
import type { Check } from './check.ts';
import { walk } from './walk.ts';

type Shown = AnyFile | LogFile<LogFacts>;

/** An empty message is four zeros: it is as it should be where it is all of the file. */
const isEmptyMessage = (file: Shown): boolean => file.kind === 'whole' && file.size === 4;
/** Where being full of zeros has a code of its own. */
const isState = (path: string, rules: Rules): boolean =>
  rules.stateIsRead && baseName(path) === 'resources_and_operations.state';

const sizeOf = (file: Shown): number => ('size' in file ? file.size : file.kind === 'text' ? file.text.length : 0);

/** Files that are empty or full of zeros, vanished, or reached by a link that leaves the tree; bytes behind a record. */
export const checkFiles: Check = (checkpoint, { rules }) => {
  const found: Finding[] = [];
  walk(checkpoint, { file: (path, file) => found.push(...findingsOf(path, file, rules)) });
  return found;
};

const findingsOf = (path: string, file: Shown, rules: Rules): readonly Finding[] => {
  if (file.kind === 'absent') {
    const message = 'it was there when its folder was listed, and gone a moment later';
    return file.vanished ? [findingOf('vanished', { path }, message)] : [];
  }
  if (file.kind === 'unreadable') {
    const message = `it leads to ${file.outside}, and was not followed`;
    return file.outside === undefined ? [] : [findingOf('link-leaves-tree', { path }, message)];
  }
  const found: Finding[] = [];
  if ('zeros' in file && file.zeros && !isEmptyMessage(file) && !isState(path, rules)) {
    const location = { path, offset: 0, length: sizeOf(file) };
    found.push(findingOf('zero-filled-file', location, 'all its bytes are zero'));
  }
  if (file.kind === 'whole' && !file.zeros && file.trailing !== undefined) {
    const { offset, length } = file.trailing;
    const message = `${count(length, 'byte')} after the record, which the agent does not look at`;
    found.push(findingOf('trailing-bytes', { path, offset, length }, message));
  }
  if (file.kind === 'log' && 'outOfOrder' in file && file.outOfOrder !== undefined) {
    const { offset, length, record } = file.outOfOrder;
    const location = { path, offset, length, record };
    found.push(findingOf('updates-out-of-order', location, 'the update is older than one before it'));
  }
  return found;
};
