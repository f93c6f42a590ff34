import * as fs from 'node:fs';
import * as path from 'node:path';
import { JOURNALS, META } from '../layout/names.ts';
import { bytesOf } from '../text/lossless.ts';
import { openBase } from './base.ts';
import { Folder, openRoot, type Root } from './folder.ts';
import { JOURNAL_FILE, readJournal, readText } from './log.ts';
import type { Direction, JournalRecord } from './record.ts';
import { codeOf, Refusal } from './refusal.ts';
import { progressOf } from './run.ts';
import { closeSlots, KEPT, openSlots } from './slots.ts';

/** The tree that is changed: the real path of what holds `meta`, and the name of `meta` in it. */
export interface Target {
  readonly workDir: string;
  readonly meta: string;
}

/** Where a journal is. */
export interface JournalPlace {
  readonly target: Target;
  /** Its name in the folder of journals. */
  readonly id: string;
  /** Its real path; another than that name's where it was made elsewhere. */
  readonly path: string;
}

/** The file that tells, in the folder of journals, where a journal is that was made elsewhere. */
export const POINTER = 'elsewhere';

const ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/;

/** The name of a journal that is made at a time: ISO 8601, but for the colons, which many tools do not like. */
export const idOf = (time: Date, again: number): string =>
  `${time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}${again === 0 ? '' : `-${again + 1}`}`;

/** The journals beside a tree, the oldest first. */
const journalsOf = (target: Target): readonly JournalPlace[] => {
  const root = openRoot(target.workDir, target.meta);
  try {
    const base = openBase(root);
    if (base === undefined) return [];
    try {
      return base.names().flatMap((id) => (ID.test(id) ? placeOf(target, base, id) : []));
    } finally {
      base.close();
    }
  } finally {
    root.folder.close();
  }
};

const placeOf = (target: Target, base: Folder, id: string): readonly JournalPlace[] => {
  if (base.stat(id)?.isDirectory() !== true) return [];
  const folder = base.enter(id);
  try {
    const pointer = readText(folder, POINTER);
    return [{ target, id, path: pointer?.trimEnd() ?? `${target.workDir}/${JOURNALS}/${id}` }];
  } finally {
    folder.close();
  }
};

/**
 * The journal at a path that was given.
 * @throws Refusal where there is none, or where the tree that it names does not know it
 */
export const findJournal = (given: string): JournalPlace => {
  const real = realOf(given);
  const base = path.dirname(real);
  if (path.basename(base) === JOURNALS && ID.test(path.basename(real))) {
    const target = { workDir: path.dirname(base), meta: META };
    const found = journalsOf(target).find(({ id }) => id === path.basename(real));
    if (found === undefined) throw new Refusal(`${given}: no journal; ${HINT}`);
    // A run that was killed before its first step leaves folders, and no record of what they are of.
    return found.path === real && recordAt(real) === undefined ? found : withMeta(found, given);
  }
  return withMeta({ target: { workDir: '', meta: '' }, id: '', path: real }, given);
};

const HINT = '`mesos-ckpt undo --list WORK_DIR` lists the journals of a work_dir';

const realOf = (given: string): string => {
  try {
    return fs.realpathSync(given);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new Refusal(`${given}: no such folder; ${HINT}`);
  }
};

/** A journal's own word of its tree is taken where it lies in the tree, or where the tree points to it. */
const withMeta = (place: JournalPlace, given: string): JournalPlace => {
  const record = recordAt(place.path);
  if (record === undefined) throw new Refusal(`${given}: no journal; ${HINT}`);
  const { id, workDir, meta } = record.header;
  if (place.id !== '' && place.path === `${place.target.workDir}/${JOURNALS}/${place.id}`) {
    return { ...place, target: { ...place.target, meta } };
  }
  const target = { workDir, meta };
  const knows = path.isAbsolute(workDir) && isFolder(workDir) ? journalsOf(target) : [];
  const known = knows.find((each) => each.id === id && each.path === place.path);
  if (known !== undefined) return known;
  throw new Refusal(
    `${given}: ${workDir}, which it says it is of, does not know it (nothing in its ${JOURNALS} points here)`,
  );
};

const isFolder = (at: string): boolean => {
  try {
    return fs.statSync(bytesOf(at)).isDirectory();
  } catch {
    return false;
  }
};

const recordAt = (at: string): JournalRecord | undefined => {
  const folder = Folder.given(at);
  try {
    return readJournal(folder);
  } finally {
    folder.close();
  }
};

/** How a journal stands. */
export type Standing =
  /** All of its steps are done. */
  | { readonly kind: 'applied' }
  /** None is, because they were taken back. */
  | { readonly kind: 'undone' | 'rolled-back' }
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
    return done === 0 && direction === 'apply' ? { kind: 'unused' } : { kind: 'unfinished', direction, done };
  } finally {
    closeSlots(slots);
  }
};
