import { createHash } from 'node:crypto';
import { sequenceProblem } from '../repair/plan/check-change.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { checkUndo } from './check-undo.ts';
import { Folder, openRoot } from './folder.ts';
import { recordFolders } from './folders.ts';
import type { JournalPlace } from './journals.ts';
import { Log, readJournal, writeJournal } from './log.ts';
import { dropJournal, dropUnwritten, makeJournal, type NewJournalOptions } from './make.ts';
import { checkSpace, precheck } from './precheck.ts';
import { type JournalRecord, renderRecord, stepLine } from './record.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';
import { progressOf, type Ran, runApply, runUndo, type Watch } from './run.ts';
import { closeSlots, type OpenJournal, openSlots } from './slots.ts';
import { stage } from './stage.ts';
import type { JournalState } from './standing.ts';
import type { HeldTree } from './tree.ts';

/** What a plan is known by: SHA-256 of its steps. */
export const planDigest = (steps: readonly PlannedChange[]): string =>
  createHash('sha256').update(steps.map(stepLine).join('\n')).digest('hex');

/** How a plan is to be applied. */
export interface ApplyOptions extends Watch, NewJournalOptions {
  /** The program and its version. */
  readonly by: string;
  readonly host: string;
}

/** What came of applying a plan. */
export interface Applied extends Ran {
  readonly place: JournalPlace;
}

/**
 * Carries out the steps of a plan, each of which is in the journal before it is done.
 * @throws Refusal where nothing was changed, or all was taken back; Unfinished where it was not
 */
export const applySteps = async (
  tree: HeldTree,
  steps: readonly PlannedChange[],
  options: ApplyOptions,
): Promise<Applied> => {
  const problem = sequenceProblem(steps);
  if (problem !== undefined) throw new Refusal(problem);
  const made = makeJournal(tree, options);
  const { slots, place } = made;
  try {
    const open: OpenJournal = { root: tree.root, ...slots };
    const { record, notes } = prepared(open, steps, place, options, () => dropJournal(made));
    const ran = await runApply(open, record, options);
    return { ...ran, notes: [...notes, ...ran.notes], place };
  } finally {
    closeSlots(slots);
  }
};

/** All that is done before the first step; where any of it fails, nothing is left of it. */
const prepared = (
  open: OpenJournal,
  steps: readonly PlannedChange[],
  place: JournalPlace,
  options: ApplyOptions,
  drop: () => void,
): { readonly record: JournalRecord; readonly notes: readonly string[] } => {
  try {
    precheck(open.root, steps, open.journal, options.journal !== undefined);
    checkSpace(open.journal, ...spaceOf(steps));
    const folders = recordFolders(open.root, steps);
    const staged = stage(open, steps);
    const header = {
      id: place.id,
      made: options.now().toISOString(),
      by: options.by,
      host: options.host,
      workDir: place.target.workDir,
      meta: place.target.meta,
      plan: planDigest(steps),
    };
    writeJournal(open.journal, renderRecord(header, staged.steps, folders));
    const record = readJournal(open.journal);
    if (record === undefined) throw new Refusal(`${place.path} cannot be read again`);
    return { record, notes: staged.notes };
  } catch (error) {
    drop();
    if (codeOf(error) === undefined) throw error;
    throw new Refusal(`the plan cannot be applied: ${problemText(error)}; nothing was changed`, { cause: error });
  }
};

/** What a line of the log takes, at most. */
const LINE = 200;

/** Files that staging makes, and bytes that they and the journal take. */
const spaceOf = (steps: readonly PlannedChange[]): readonly [files: number, bytes: number] => {
  const making = steps.filter(({ change }) => change.kind !== 'set-aside');
  const bytes = making.reduce((sum, { change, before }) => {
    if (change.kind === 'create-file') return sum + change.bytes.length;
    return sum + (change.kind === 'cut' && before.kind === 'file' ? before.size : 0);
  }, 0);
  const lines = steps.reduce((sum, step, i) => sum + stepLine(step, i).length + 2 * LINE, 0);
  return [making.length + 4, bytes + 2 * lines];
};

/** Opens a journal of a held tree. */
const withOpenJournal = async <T>(
  tree: HeldTree,
  place: JournalPlace,
  use: (open: OpenJournal, record: JournalRecord) => Promise<T>,
): Promise<T> => {
  const slots = openSlots(Folder.given(place.path));
  try {
    const record = readJournal(slots.journal);
    if (record === undefined) throw new Refusal(`${place.path} is not a journal`);
    return await use({ root: tree.root, ...slots }, record);
  } finally {
    closeSlots(slots);
  }
};

/** Goes on with a journal whose run through the steps ended too early. */
export const resumeApply = (tree: HeldTree, place: JournalPlace, watch: Watch): Promise<Ran> =>
  withOpenJournal(tree, place, (open, record) => runApply(open, record, watch));

/**
 * Takes back what a journal's steps did.
 * @throws TreeChanged where something would be overwritten
 */
export const undoSteps = (tree: HeldTree, place: JournalPlace, watch: Watch): Promise<Ran> =>
  withOpenJournal(tree, place, (open, record) => runUndo(open, record, watch));

/**
 * Puts a journal of which no step is done out of the way, so that nobody goes on with it. In a folder that the operator has
 * named nothing is left of it: the same command is to find that empty again.
 */
export const closeUnused = async (tree: HeldTree, { place, record }: JournalState, now: () => Date): Promise<void> => {
  if (record === undefined || place.path !== place.listed) return dropUnwritten(place);
  return withOpenJournal(tree, place, async (open, { steps }) => {
    if (progressOf(open, steps, 'tidy') > 0) return;
    const log = new Log(open.journal);
    log.add({ log: 'end', ending: 'rolled-back', at: now().toISOString() });
    log.close();
  });
};

/** Whether a journal can be undone, and what stands in the way; nothing is changed. */
export const lookWhetherUndone = (
  place: JournalPlace,
): { readonly done: number; readonly problem: Refusal | undefined } => {
  const root = openRoot(place.target.workDir, place.target.meta);
  try {
    const slots = openSlots(Folder.given(place.path));
    try {
      const record = readJournal(slots.journal);
      const open = { root, ...slots };
      const done = progressOf(open, record?.steps ?? [], 'look');
      return { done, problem: problemOf(() => checkUndo(open, (record?.steps ?? []).slice(0, done))) };
    } finally {
      closeSlots(slots);
    }
  } finally {
    root.folder.close();
  }
};

const problemOf = (check: () => void): Refusal | undefined => {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
};
