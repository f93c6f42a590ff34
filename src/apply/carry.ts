import * as fs from 'node:fs';
import { sizesOf } from '../repair/plan/fingerprint.ts';
import { type Folder, withParent } from './folder.ts';
import { changedSince, expect, isKept, lookAt } from './look.ts';
import type { RecordedChange } from './record.ts';
import { Refusal, TreeChanged } from './refusal.ts';
import { type OpenJournal, slotOf } from './slots.ts';

/** Whether a step is done. */
export type State = 'ready' | 'done';

/** Whether a look may also tidy up. */
export type Look = 'look' | 'tidy';

/**
 * Looks at the journal's two places, and at the tree where these do not tell, for whether a step is done; to `tidy` is to
 * take away the second name of a file that a run which was killed in between has left. The journal's log is not asked: it
 * may be torn.
 *
 * | step | ready | done |
 * |---|---|---|
 * | set-aside | nothing in `kept` | in `kept` |
 * | create | in `new` | nothing in `new` |
 * | cut | in `new` | in `kept` |
 *
 * A cut file is named twice for a moment: its old bytes, or its new ones, lie in the journal and in the tree.
 */
export const stateOf = (open: OpenJournal, { change }: RecordedChange, step: number, how: Look): State => {
  const slot = slotOf(step);
  if (change.kind === 'set-aside') return open.kept.has(slot) ? 'done' : 'ready';
  if (change.kind !== 'cut') return open.fresh.has(slot) ? 'ready' : 'done';
  const kept = open.kept.stat(slot);
  const fresh = open.fresh.stat(slot);
  if (kept === undefined) return 'ready';
  if (fresh === undefined) return 'done';
  return withParent(open.root, change.path, ({ folder, name }) => {
    const there = folder.stat(name);
    if (isSameFile(there, kept)) return unname(open.kept, slot, 'ready', how);
    if (isSameFile(there, fresh)) return unname(open.fresh, slot, 'done', how);
    throw new TreeChanged('a run that was interrupted cannot be gone on with', [`${change.path} was replaced since`]);
  });
};

const isSameFile = (a: fs.BigIntStats | undefined, b: fs.BigIntStats): boolean =>
  a !== undefined && a.dev === b.dev && a.ino === b.ino;

/** Takes a name from a file that has another. */
const unname = (folder: Folder, slot: string, state: State, how: Look): State => {
  if (how === 'look') return state;
  fs.unlinkSync(folder.place(slot));
  folder.sync();
  return state;
};

/**
 * Carries out a step: one rename, after a look at whether all is as it was when the plan was made.
 * @throws TreeChanged where it is not
 */
export const forward = (open: OpenJournal, { change, before }: RecordedChange, step: number): void => {
  const slot = slotOf(step);
  withParent(open.root, change.path, (at) => {
    const { folder, name } = at;
    switch (change.kind) {
      case 'set-aside':
        expect(change.path, before, at);
        move(folder, name, open.kept, slot);
        break;
      case 'cut':
        expect(change.path, before, at);
        alsoName(folder, name, open.kept, slot);
        move(open.fresh, slot, folder, name);
        break;
      default:
        expect(change.path, { kind: 'absent' }, at);
        move(open.fresh, slot, folder, name);
    }
  });
};

/**
 * Takes a step back: one rename, after a look at whether it would overwrite anything.
 * @throws TreeChanged where it would
 */
export const backward = (open: OpenJournal, recorded: RecordedChange, step: number): void => {
  const { change } = recorded;
  const slot = slotOf(step);
  withParent(open.root, change.path, (at) => {
    const { folder, name } = at;
    const changed =
      changedSince(recorded, lookAt(at, sizesOf(recorded.made))) ??
      (isTaking(recorded) ? lostOf(open, recorded, step) : undefined);
    if (changed !== undefined) throw new TreeChanged(CANNOT_UNDO, [changed]);
    switch (change.kind) {
      case 'set-aside':
        move(open.kept, slot, folder, name);
        break;
      case 'cut':
        alsoName(folder, name, open.fresh, slot);
        move(open.kept, slot, folder, name);
        break;
      default:
        move(folder, name, open.fresh, slot);
    }
  });
};

export const CANNOT_UNDO = 'the tree has changed since the plan was applied';

/** Whether a step takes something into the journal. */
export const isTaking = ({ change }: RecordedChange): boolean => change.kind === 'set-aside' || change.kind === 'cut';

/** What the journal should hold of a step, and does not, as a clause. */
export const lostOf = (open: OpenJournal, { change, before }: RecordedChange, step: number): string | undefined =>
  isKept(before, lookAt({ folder: open.kept, name: slotOf(step) }, sizesOf(before)))
    ? undefined
    : `what the journal kept of ${change.path} is not what was taken`;

/** Renames; both folders' names are on the disk when it returns. What is renamed to is not there, or is ours. */
const move = (from: Folder, name: string, to: Folder, as: string): void => {
  fs.renameSync(from.place(name), to.place(as));
  to.sync();
  from.sync();
};

/** Gives a file a second name in the journal, so that it lives on when the first one is renamed over. */
const alsoName = (from: Folder, name: string, to: Folder, as: string): void => {
  try {
    fs.linkSync(from.place(name), to.place(as));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'EMLINK' && code !== 'ENOSYS') throw error;
    throw new Refusal(`${from.name}/${name} cannot be kept: the file system knows no second name of a file (${code})`);
  }
  to.sync();
};
