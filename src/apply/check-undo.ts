import { sizesOf } from '../repair/plan/fingerprint.ts';
import { PathEffects } from '../repair/plan/path-effects.ts';
import { join } from '../source/source.ts';
import { CANNOT_UNDO, isTaking, lostOf } from './carry.ts';
import { parentOf, withFolder } from './folder.ts';
import { changedSince, look, several } from './look.ts';
import type { RecordedChange } from './record.ts';
import { codeOf, TreeChanged } from './refusal.ts';
import type { OpenJournal } from './slots.ts';

/**
 * Looks whether steps that are done can be taken back without overwriting anything.
 * @throws TreeChanged that says what would be overwritten, or is gone
 */
export const checkUndo = (open: OpenJournal, done: readonly RecordedChange[]): void => {
  const changes = whyNotUndone(open, done);
  if (changes.length > 0) throw new TreeChanged(CANNOT_UNDO, several(changes));
};

/** Why steps cannot be taken back, a clause each; none where they can. */
const whyNotUndone = (open: OpenJournal, done: readonly RecordedChange[]): readonly string[] => {
  /** What steps that are taken back before will have made of a path: that cannot be looked at yet. */
  const undone = new PathEffects();
  return done
    .map((step, i) => ({ step, i }))
    .reverse()
    .flatMap(({ step, i }) => {
      const { path, kind } = step.change;
      const problem =
        (undone.of(path) === undefined ? inTheWay(open, step, undone) : undefined) ??
        (isTaking(step) ? lostOf(open, step, i) : undefined);
      if (kind === 'set-aside') undone.replace(path, 'there');
      else if (kind !== 'cut') undone.replace(path, 'absent');
      return problem === undefined ? [] : [problem];
    });
};

/** What has become of the place of a step since it was done, as a clause where it cannot be taken back any more. */
const inTheWay = (open: OpenJournal, step: RecordedChange, undone: PathEffects): string | undefined => {
  const { path, kind } = step.change;
  const parent = parentOf(path);
  if (undone.of(parent) === undefined && !isFolder(open, parent)) {
    return `${parent}, which held ${path}, is gone`;
  }
  if (kind === 'create-folder' && isFolder(open, path)) {
    const names = withFolder(open.root, path, (folder) => folder.names());
    const more = names.find((name) => undone.of(join(path, name)) !== 'absent');
    return more === undefined ? undefined : `${path} holds ${more} by now, which was not put there`;
  }
  return changedSince(step, look(open.root, path, sizesOf(step.made)));
};

const isFolder = ({ root }: OpenJournal, path: string): boolean => {
  try {
    return withFolder(root, path, () => true);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
};
