import type { Fingerprint } from '../repair/plan/fingerprint.ts';
import { fingerprintOfSizes, isSameFingerprint, sizesOf, UNREAD, Unreadable } from '../repair/plan/fingerprint.ts';
import { PathEffects } from '../repair/plan/path-effects.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { AccessDenied, type Source } from '../source/source.ts';
import { type At, type Root, withParent } from './folder.ts';
import type { RecordedChange } from './record.ts';
import { codeOf, Refusal, TreeChanged } from './refusal.ts';

/** What is at an opened place now, to be compared with files of these sizes. */
export const lookAt = ({ folder, name }: At, sizes: readonly number[]): Fingerprint => {
  try {
    return fingerprintOfSizes(folder.source(), name, sizes);
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof AccessDenied)) throw error;
    throw new Refusal(`in ${folder.name}: ${error.message}`, { cause: error });
  }
};

/** What is at a path now, and nothing where the folder that it was in is gone. */
export const look = (root: Root, path: string, sizes: readonly number[]): Fingerprint => {
  try {
    return withParent(root, path, (at) => lookAt(at, sizes));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    throw error;
  }
};

/** What something is, in a few words: `a file of 12 bytes`. */
const describe = (found: Fingerprint): string => {
  switch (found.kind) {
    case 'absent':
      return 'nothing';
    case 'file':
      return `a file of ${found.size} bytes`;
    case 'link':
      return `a link to ${found.target}`;
    case 'folder':
      return 'a folder';
    case 'other':
      return 'no file, link or folder';
  }
};

/** How what is there differs from what was expected, as a clause; undefined where it does not. */
const difference = (path: string, expected: Fingerprint, found: Fingerprint): string | undefined => {
  if (isSameFingerprint(expected, found)) return undefined;
  if (expected.kind === 'file' && found.kind === 'file') {
    if (expected.size !== found.size) return `${path} has ${found.size} bytes, and had ${expected.size}`;
    return expected.sha256 === found.sha256
      ? `${path} was written again, with the same bytes`
      : `${path} has other bytes than it had`;
  }
  if (expected.kind === 'folder' && found.kind === 'folder')
    return `${path} holds other names, sizes or links than it did`;
  return `${path} is ${describe(found)}, and was ${describe(expected)}`;
};

/** What a step that is done has left at its path, as a clause where it is something else by now. */
export const changedSince = ({ change, made }: RecordedChange, found: Fingerprint): string | undefined => {
  const { path } = change;
  const is = `${path} is ${describe(found)}`;
  switch (change.kind) {
    case 'set-aside':
      return found.kind === 'absent' ? undefined : `${is}, which would be overwritten`;
    case 'cut':
    case 'create-file':
      if (found.kind !== 'file') return `${is}, and no longer what was put there`;
      return found.size === made?.size && found.sha256 === made.sha256
        ? undefined
        : `${path} was written to since: what was written would be lost`;
    case 'create-link':
      return found.kind === 'link' && found.target === change.target
        ? undefined
        : `${is}, and no longer what was put there`;
    case 'create-folder':
      return found.kind === 'folder' && found.sha256 === EMPTY_FOLDER
        ? undefined
        : `${is}${found.kind === 'folder' ? ' that holds something by now' : ''}, and no longer what was put there`;
  }
};

/** SHA-256 of no names. */
const EMPTY_FOLDER = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/**
 * Whether what is kept still holds what was taken. Its times may have been lost where the journal was copied; and what could
 * not be read when it was taken may be read by now.
 */
export const isKept = (before: Fingerprint, kept: Fingerprint): boolean =>
  before.kind === 'file' && kept.kind === 'file'
    ? before.size === kept.size && (before.sha256 === kept.sha256 || before.sha256 === UNREAD)
    : isSameFingerprint(before, kept);

/** @throws TreeChanged where a place is not as it is expected to be */
export const expect = (path: string, expected: Fingerprint, at: At): void => {
  const changed = difference(path, expected, lookAt(at, sizesOf(expected)));
  if (changed !== undefined) throw new TreeChanged(CHANGED, [changed]);
};

/** Where a tree is not as a plan found it; what an earlier step will have changed cannot be looked at yet. */
const unlike = (
  steps: readonly PlannedChange[],
  lookAtPath: (path: string, sizes: readonly number[]) => Fingerprint,
): readonly string[] => {
  const effects = new PathEffects();
  return steps.flatMap(({ change, before }) => {
    const made = effects.of(change.path);
    effects.carry(change);
    if (made !== undefined) return [];
    const changed = difference(change.path, before, lookAtPath(change.path, sizesOf(before)));
    return changed === undefined ? [] : [changed];
  });
};

/**
 * Looks at a tree by its source, as a plan did.
 * @throws TreeChanged where it is not as the plan found it
 */
export const checkUnchanged = (source: Source, steps: readonly PlannedChange[]): void => {
  const changes = unlike(steps, (path, sizes) => fingerprintOfSizes(source, path, sizes));
  if (changes.length > 0) throw new TreeChanged(CHANGED, several(changes));
};

const CHANGED = 'the tree has changed since the plan was made';

/** As many places as a message names. */
const MOST = 10;

/** A message's list of places, cut short where it is long. */
export const several = (all: readonly string[]): readonly string[] =>
  all.length > MOST ? [...all.slice(0, MOST), `and ${all.length - MOST} more`] : all;

/** The same for a tree on disk that is about to be changed. */
export const checkUnchangedOnDisk = (root: Root, steps: readonly PlannedChange[]): void => {
  const changes = unlike(steps, (path, sizes) => look(root, path, sizes));
  if (changes.length > 0) throw new TreeChanged(CHANGED, several(changes));
};
