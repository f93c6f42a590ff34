import type { Opened } from '../checkpoint/open.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { lookWhetherUndone, resumeApply, undoSteps } from './actions.ts';
import { type Changed, type ChangeOptions, changeable, changing } from './changing.ts';
import { findJournal } from './journals.ts';
import { Refusal } from './refusal.ts';
import { type JournalState, type Standing, stateInTree, stateOfJournal, statesOf } from './standing.ts';

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
  return changing(place.target, options, async (tree, watch) => {
    const newer = overlaidBy(state);
    if (newer !== undefined) throw new Refusal(newer);
    return { ...(await undoSteps(tree, place, watch)), journal: place.path, listed: place.listed };
  });
};

/** Whether there is nothing to take back; an undo that was stopped may still owe folders their times. */
export const isTakenBack = ({ standing: { kind } }: JournalState): boolean =>
  kind === 'undone' || kind === 'rolled-back' || kind === 'unused' || kind === 'put-back';

/** The journals of a checkpoint, the oldest first; nothing is changed. */
export const listJournals = (opened: Opened): readonly ListedJournal[] =>
  statesOf(changeable(opened)).map((each) => {
    const state = stateInTree(each);
    const { place, standing, record } = state;
    return { path: place.path, id: place.id, standing, changes: record?.steps ?? [], problem: whyNotUndone(state) };
  });

/** Why a journal cannot be undone; undefined where it can, or where there is nothing to undo. */
export const whyNotUndone = (state: JournalState): string | undefined => {
  const { standing, place } = state;
  if (standing.kind === 'unreadable') return standing.why;
  if (standing.kind !== 'applied' && standing.kind !== 'unfinished') return undefined;
  return overlaidBy(state) ?? lookWhetherUndone(place).problem?.message;
};

/** Why a journal has to wait: a newer one, which stands, has changed what it would take back. Of two, the newer goes first. */
const overlaidBy = ({ place, record }: JournalState): string | undefined => {
  const own = record?.steps.map(({ change }) => change.path) ?? [];
  const all = statesOf(place.target);
  const newer = all.slice(all.findIndex((each) => each.place.path === place.path) + 1).map(stateInTree);
  for (const { place: other, record: steps, standing } of newer.toReversed()) {
    if (standing.kind !== 'applied' && standing.kind !== 'unfinished') continue;
    const path = steps?.steps.map(({ change }) => change.path).find((each) => own.some((one) => overlaps(one, each)));
    if (path !== undefined) return `${other.path}, which is newer, has changed ${path}: take that back first`;
  }
  return undefined;
};

const overlaps = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`);

/**
 * The journal at a path, and how it stands.
 * @throws Refusal where there is none, or it cannot be read
 */
export const readJournalAt = (path: string): JournalState => {
  const state = stateInTree(stateOfJournal(findJournal(path)));
  if (state.standing.kind === 'unreadable') throw new Refusal(state.standing.why);
  return state;
};
