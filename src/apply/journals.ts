import * as fs from 'node:fs';
import * as path from 'node:path';
import { JOURNALS, META } from '../layout/names.ts';
import { bytesOf } from '../text/lossless.ts';
import { openBase } from './base.ts';
import { Folder, openRoot } from './folder.ts';
import { readJournal, readText } from './log.ts';
import type { JournalRecord } from './record.ts';
import { codeOf, Refusal } from './refusal.ts';

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
export const journalsOf = (target: Target): readonly JournalPlace[] => {
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
