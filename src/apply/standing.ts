import { sizesOf } from '../repair/plan/fingerprint.ts';
import { PathEffects } from '../repair/plan/path-effects.ts';
import { Folder, openRoot, type Root } from './folder.ts';
import { type JournalPlace, journalsOf, type Target } from './journals.ts';
import { JOURNAL_FILE, readJournal } from './log.ts';
import { changedSince, isKept, look } from './look.ts';
import type { Direction, JournalRecord, RecordedChange } from './record.ts';
import { codeOf, Refusal } from './refusal.ts';
import { progressOf } from './run.ts';
import { closeSlots, KEPT, openSlots } from './slots.ts';

/** How a journal stands. */
export type Standing =
  /** All of its steps are done. */
  | { readonly kind: 'applied' }
  /** None is, because they were taken back. */
  | { readonly kind: 'undone' | 'rolled-back' }
  /** All were done, and the tree holds again what they took away: a copy was put in its place. */
  | { readonly kind: 'put-back' }
  /** A run in a direction ended too early: so many steps are done. */
  | { readonly kind: 'unfinished'; readonly direction: Direction; readonly done: number }
  /** Nothing was changed: it ended before the first step. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** A journal, and how it stands. */
export interface JournalState {
  readonly place: JournalPlace;
  /** Undefined where it was never written, or cannot be read. */
  readonly record: JournalRecord | undefined;
  readonly standing: Standing;
}

/** The journals of a tree, the oldest first; those of another `meta` beside it are not among them. */
export const statesOf = (target: Target): readonly JournalState[] =>
  journalsOf(target)
    .map(stateOfJournal)
    .filter(({ record }) => record === undefined || record.header.meta === target.meta);

/**
 * The same, which looks at the tree as well: whether it still holds what the plan has made of it, or what it found there. A
 * snapshot, or a backup, may have been put in the place of a tree whose journals stay.
 */
export const stateInTree = (state: JournalState): JournalState => {
  const { standing, record, place } = state;
  if (standing.kind !== 'applied' || record === undefined) return state;
  const root = openRoot(place.target.workDir, place.target.meta);
  try {
    return isPutBack(root, record.steps) ? { ...state, standing: { kind: 'put-back' } } : state;
  } catch (error) {
    // What cannot be looked at may be as the plan has left it.
    if (!(error instanceof Refusal) && codeOf(error) === undefined) throw error;
    return state;
  } finally {
    root.folder.close();
  }
};

/** Whether each path holds what was there before the first step that changed it, and not all of them what was made of it. */
const isPutBack = (root: Root, steps: readonly RecordedChange[]): boolean => {
  const effects = new PathEffects();
  let isChanged = false;
  for (const step of steps) {
    const { change, before } = step;
    const isFirst = effects.of(change.path) === undefined;
    effects.carry(change);
    const found = look(root, change.path, sizesOf(before, step.made));
    if (isFirst && !isKept(before, found)) return false;
    isChanged ||= changedSince(step, found) !== undefined;
  }
  return isChanged;
};

/** Looks at a journal, and changes nothing. */
export const stateOfJournal = (place: JournalPlace): JournalState => {
  try {
    return withJournal(place, (record, standing) => ({ place, record, standing }));
  } catch (error) {
    if (!(error instanceof Refusal) && codeOf(error) === undefined) throw error;
    return { place, record: undefined, standing: { kind: 'unreadable', why: (error as Error).message } };
  }
};

const withJournal = (
  { target, path: at }: JournalPlace,
  use: (record: JournalRecord | undefined, standing: Standing) => JournalState,
): JournalState => {
  const root = openRoot(target.workDir, target.meta);
  try {
    const journal = Folder.given(at);
    try {
      const record = readJournal(journal);
      return use(record, record === undefined ? standingWithout(journal) : standingOf(root, journal, record));
    } finally {
      journal.close();
    }
  } finally {
    root.folder.close();
  }
};

/** A folder without a record is one that was never begun, unless it holds what was taken. */
const standingWithout = (journal: Folder): Standing => {
  const isTaken = journal.has(KEPT) && withKept(journal, (kept) => kept.names().length > 0);
  return isTaken
    ? { kind: 'unreadable', why: `${journal.name}/${JOURNAL_FILE} is gone, and what was taken lies in ${KEPT}` }
    : { kind: 'unused' };
};

const withKept = <T>(journal: Folder, use: (kept: Folder) => T): T => {
  const kept = journal.enter(KEPT);
  try {
    return use(kept);
  } finally {
    kept.close();
  }
};

const standingOf = (root: Root, journal: Folder, { steps, log }: JournalRecord): Standing => {
  const slots = openSlots(journal.again());
  try {
    const done = progressOf({ root, ...slots }, steps, 'look');
    const last = log.at(-1);
    const direction = log.findLast((entry) => entry.log === 'begin')?.direction ?? 'apply';
    const ending = last?.log === 'end' ? last.ending : undefined;
    if (ending === 'applied' && done === steps.length) return { kind: 'applied' };
    if ((ending === 'undone' || ending === 'rolled-back') && done === 0) return { kind: ending };
    // Before its first step, a run may have been killed when a file had a second name in there already.
    const isUnused = done === 0 && direction === 'apply' && slots.kept.names().length === 0;
    return isUnused ? { kind: 'unused' } : { kind: 'unfinished', direction, done };
  } finally {
    closeSlots(slots);
  }
};
