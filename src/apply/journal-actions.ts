import type { Opened } from '../checkpoint/open.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { lookWhetherUndone, resumeApply, undoSteps } from './actions.ts';
import { type Changed, type ChangeOptions, changeable, changing } from './changing.ts';
import { findJournal } from './journals.ts';
import { Refusal } from './refusal.ts';
import { type JournalState, type Standing, stateOfJournal, statesOf } from './standing.ts';

/** A journal of a tree, and how it stands. */
export interface ListedJournal {
  /** Its real path. */
  readonly path: string;
  /** Its name: the time at which it was made. */
  readonly id: string;
  readonly standing: Standing;
  /** What was planned; empty where it cannot be read. */
  readonly changes: readonly PlannedChange[];
  /** Why it cannot be undone; undefined where it can, or where nothing is left to undo. */
  readonly problem: string | undefined;
}

/**
 * Goes on with a journal whose run ended too early, in the direction that it had.
 * @throws Refusal where there is nothing to go on with, or it cannot be done; Unfinished as `applyPlan`
 */
export const resumeJournal = async (journal: string, options: ChangeOptions = {}): Promise<Changed> => {
  const { place } = readJournalAt(journal);
  return changing(place.target, options, async (tree, watch) => {
    const { standing } = stateOfJournal(place);
    if (standing.kind !== 'unfinished') throw new Refusal(`${place.path}: there is nothing to go on with`);
    const run = standing.direction === 'apply' ? resumeApply : undoSteps;
    return { ...(await run(tree, place, watch)), journal: place.path, listed: place.listed };
  });
};

/**
 * Takes back what is done of a journal: contents, modes, owners, times and links are as they were, to the byte. Where
 * nothing is done, nothing is changed.
 * @throws TreeChanged where something would be overwritten, and a Refusal where it cannot be done
 */
export const undoJournal = async (journal: string, options: ChangeOptions = {}): Promise<Changed> => {
  const state = readJournalAt(journal);
  const { place, record } = state;
  if (isTakenBack(state)) {
    return {
      journal: place.path,
      listed: place.listed,
      ending: 'undone',
      done: 0,
      of: record?.steps.length ?? 0,
      notes: [],
    };
  }
  return changing(place.target, options, async (tree, watch) => ({
    ...(await undoSteps(tree, place, watch)),
    journal: place.path,
    listed: place.listed,
  }));
};

/** Whether there is nothing to take back; an undo that was stopped may still owe folders their times. */
export const isTakenBack = ({ standing: { kind } }: JournalState): boolean =>
  kind === 'undone' || kind === 'rolled-back' || kind === 'unused';

/** The journals of a checkpoint, the oldest first; nothing is changed. */
export const listJournals = (opened: Opened): readonly ListedJournal[] =>
  statesOf(changeable(opened)).map((state) => {
    const { place, standing, record } = state;
    return { path: place.path, id: place.id, standing, changes: record?.steps ?? [], problem: whyNotUndone(state) };
  });

/** Why a journal cannot be undone; undefined where it can, or where there is nothing to undo. */
export const whyNotUndone = ({ standing, place }: JournalState): string | undefined => {
  if (standing.kind === 'unreadable') return standing.why;
  if (standing.kind !== 'applied' && standing.kind !== 'unfinished') return undefined;
  return lookWhetherUndone(place).problem?.message;
};

/**
 * The journal at a path, and how it stands.
 * @throws Refusal where there is none, or it cannot be read
 */
export const readJournalAt = (path: string): JournalState => {
  const state = stateOfJournal(findJournal(path));
  if (state.standing.kind === 'unreadable') throw new Refusal(state.standing.why);
  return state;
};
