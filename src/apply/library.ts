import { hostname } from 'node:os';
import type { Plan } from '../repair/plan/plan.ts';
import { applySteps, lookWhetherUndone, resumeApply, undoSteps } from './actions.ts';
import { findJournal, type JournalState, type Standing, stateOfJournal, statesOf, type Target } from './journals.ts';
import type { Processes } from './lock.ts';
import { stepsOf } from './plan-steps.ts';
import { Refusal } from './refusal.ts';
import type { Ran, Watch } from './run.ts';
import { checkNobodyRuns } from './running.ts';
import type { PlannedChange } from './steps.ts';
import { targetOf, withTree } from './tree.ts';

/** How a tree is changed. All of it may be left out. */
export interface ChangeOptions extends Partial<Pick<Watch, 'onStep' | 'shouldStop' | 'now'>> {
  /** Do it although an agent runs on the tree, because it is known to be a copy. */
  readonly force?: boolean | undefined;
  /** Where the host's processes are looked at; `/proc` unless it is said. */
  readonly processes?: string | undefined;
}

/** How a plan is applied. */
export interface ApplyPlanOptions extends ChangeOptions {
  /** Where to keep what goes: an absolute path, on the same file system; in `mesos-ckpt` beside `meta` unless given. */
  readonly journal?: string | undefined;
  /** Who does it, for whoever reads the journal. */
  readonly by?: string | undefined;
}

/** What came of a run through the steps of a journal. */
export interface Changed extends Ran {
  /** The real path of the journal: `undoJournal` takes it back. */
  readonly journal: string;
}

/** A journal of a tree, and how it stands. */
export interface ListedJournal {
  /** Its real path. */
  readonly path: string;
  /** Its name: the time at which it was made. */
  readonly id: string;
  readonly standing: Standing;
  /** What was planned; empty where it cannot be read. */
  readonly steps: readonly PlannedChange[];
  /** Why it cannot be undone; undefined where it can, or where nothing is left to undo. */
  readonly problem: string | undefined;
}

/** A checkpoint that `openPath` gave, as far as it matters to whoever changes it. */
export interface ChangeableTree {
  readonly from: 'folder' | 'archive' | 'memory';
  readonly level: string;
  readonly tree: { readonly source: { readonly name: string } };
}

/**
 * Carries out a plan of `planRepair` on the folder that it was made of. What goes is moved into a journal; killed at any
 * moment, the tree is as between two steps, and `resumeJournal` or `undoJournal` goes on. Where a step fails, what was done
 * is taken back.
 * @throws Refusal where nothing was changed, or all was taken back: an agent runs, the tree has changed since it was
 * planned for, another run ended too early, the plan has no steps, nothing may be written; Unfinished where something is left to take back
 */
export const applyPlan = async (
  opened: ChangeableTree,
  plan: Plan,
  options: ApplyPlanOptions = {},
): Promise<Changed> => {
  const target = changeable(opened);
  const steps = stepsOf(plan);
  if (steps.length === 0) throw new Refusal('the plan has no steps: there is nothing to apply');
  const { journal, by = 'mesos-ckpt' } = options;
  return changing(target, options, (tree, watch) => {
    const unfinished = statesOf(target).find(({ standing }) => standing.kind === 'unfinished');
    if (unfinished !== undefined) {
      throw new Refusal(`${unfinished.place.path} ended too early: go on with it, or take it back, first`);
    }
    return applySteps(tree, steps, { ...watch, journal, by, host: hostname() }).then(
      ({ place, ending, done, of, notes }) => ({ journal: place.path, ending, done, of, notes }),
    );
  });
};

/**
 * Goes on with a journal whose run ended too early, in the direction that it had.
 * @throws Refusal where there is nothing to go on with, or it cannot be done; Unfinished as `applyPlan`
 */
export const resumeJournal = async (journal: string, options: ChangeOptions = {}): Promise<Changed> => {
  const { place } = readable(journal);
  return changing(place.target, options, async (tree, watch) => {
    const { standing } = stateOfJournal(place);
    if (standing.kind !== 'unfinished') throw new Refusal(`${place.path}: there is nothing to go on with`);
    const run = standing.direction === 'apply' ? resumeApply : undoSteps;
    return { ...(await run(tree, place, watch)), journal: place.path };
  });
};

/**
 * Takes back what is done of a journal: contents, modes, owners, times and links are as they were, to the byte. Where
 * nothing is done, nothing is changed.
 * @throws TreeChanged where something would be overwritten, and a Refusal where it cannot be done
 */
export const undoJournal = async (journal: string, options: ChangeOptions = {}): Promise<Changed> => {
  const { place } = readable(journal);
  return changing(place.target, options, async (tree, watch) => {
    const { record, standing } = stateOfJournal(place);
    const hasSteps = standing.kind === 'applied' || standing.kind === 'unfinished';
    if (!hasSteps) return { journal: place.path, ending: 'undone', done: 0, of: record?.steps.length ?? 0, notes: [] };
    return { ...(await undoSteps(tree, place, watch)), journal: place.path };
  });
};

/** The journals of a checkpoint, the oldest first; nothing is changed. */
export const listJournals = (opened: ChangeableTree): readonly ListedJournal[] =>
  statesOf(changeable(opened)).map((state) => {
    const { place, standing, record } = state;
    return { path: place.path, id: place.id, standing, steps: record?.steps ?? [], problem: whyNotUndone(state) };
  });

/** Why a journal cannot be undone; undefined where it can, or where there is nothing to undo. */
export const whyNotUndone = ({ standing, place }: JournalState): string | undefined => {
  if (standing.kind === 'unreadable') return standing.why;
  if (standing.kind !== 'applied' && standing.kind !== 'unfinished') return undefined;
  return lookWhetherUndone(place).problem?.message;
};

const changeable = ({ from, level, tree: { source } }: ChangeableTree): Target => {
  if (from !== 'folder') throw new Refusal(`${source.name}: no folder, and only what is in one can be changed`);
  if (level !== 'work_dir' && level !== 'meta') {
    throw new Refusal(`${source.name}: the folder of one ${level}; expected the agent's work_dir, or its meta`);
  }
  return targetOf(source.name, level === 'meta');
};

const readable = (journal: string): JournalState => {
  const state = stateOfJournal(findJournal(journal));
  if (state.standing.kind === 'unreadable') throw new Refusal(state.standing.why);
  return state;
};

/** Holds a tree that no agent runs on, and says of what could not be taken back where that is. */
const changing = async <T>(
  target: Target,
  options: ChangeOptions,
  change: (tree: Parameters<typeof applySteps>[0], watch: Watch) => Promise<T>,
): Promise<T> => {
  const { force = false, processes: folder = '/proc', onStep, shouldStop, now = () => new Date() } = options;
  const processes: Processes = { folder, pid: process.pid, host: hostname() };
  if (!force) checkNobodyRuns(target, processes);
  return withTree(target, processes, (tree) => change(tree, { pid: process.pid, now, onStep, shouldStop }));
};
