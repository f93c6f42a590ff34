import * as fs from 'node:fs';
import * as path from 'node:path';
import { JOURNALS, JOURNALS_IN_META, META } from '../layout/names.ts';
import { bytesOf, compareTexts, textOf } from '../text/lossless.ts';
import { openBases } from './base.ts';
import { Folder, openRoot } from './folder.ts';
import { readBytes, readJournal, writeNew } from './log.ts';
import type { JournalRecord } from './record.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';
import { FRESH, KEPT } from './slots.ts';

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
  /** Its real path; another than `listed` where it was made elsewhere. */
  readonly path: string;
  /** The real path of its folder in the folder of journals. */
  readonly listed: string;
}

/** The file that tells, in the folder of journals, where a journal is that was made elsewhere. */
export const POINTER = 'elsewhere';
export const POINTER_BEGUN = 'elsewhere.new';

const ID = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/;

/** The name of a journal that is made at a time: ISO 8601, but for the colons, which many tools do not like. */
export const idOf = (time: Date, again: number): string =>
  `${time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')}${again === 0 ? '' : `-${again + 1}`}`;

/** By time, and of those of one second by their number. */
const compareIds = (a: string, b: string): number => {
  const [[timeA, numberA], [timeB, numberB]] = [a, b].map((id) => {
    const at = id.indexOf('Z') + 1;
    return [id.slice(0, at), Number(id.slice(at + 1) || '1')] as const;
  }) as [readonly [string, number], readonly [string, number]];
  return compareTexts(timeA, timeB) || numberA - numberB;
};

/** The journals of a tree, the oldest first. */
export const journalsOf = (target: Target): readonly JournalPlace[] => {
  const root = openRoot(target.workDir, target.meta);
  try {
    return openBases(root)
      .flatMap((base) => {
        try {
          return base.names().flatMap((id) => (ID.test(id) ? placeOf(target, base, id) : []));
        } finally {
          base.close();
        }
      })
      .sort((a, b) => compareIds(a.id, b.id));
  } finally {
    root.folder.close();
  }
};

const placeOf = (target: Target, base: Folder, id: string): readonly JournalPlace[] => {
  if (base.stat(id)?.isDirectory() !== true) return [];
  const folder = base.enter(id);
  try {
    return [{ target, id, path: readPointer(folder) ?? folder.name, listed: folder.name }];
  } finally {
    folder.close();
  }
};

/** Writes where a journal is that was made elsewhere; a name may end in anything, a newline too. */
export const writePointer = (folder: Folder, path: string): void => {
  writeNew(folder, POINTER_BEGUN, bytesOf(`${path}\n`));
  fs.renameSync(folder.place(POINTER_BEGUN), folder.place(POINTER));
  folder.sync();
};

const readPointer = (folder: Folder): string | undefined => {
  const text = textOf(readBytes(folder, POINTER) ?? Buffer.alloc(0));
  // One that a kill has cut short leads anywhere.
  return text.endsWith('\n') ? text.slice(0, -1) : undefined;
};

/**
 * The journal at a path that was given.
 * @throws Refusal where there is none, or where the tree that it names does not know it
 */
export const findJournal = (given: string): JournalPlace => {
  const real = realOf(given);
  const target = ID.test(path.basename(real)) ? holderOf(path.dirname(real)) : undefined;
  if (target === undefined)
    return withMeta({ target: { workDir: '', meta: '' }, id: '', path: real, listed: '' }, given);
  const found = journalsOf(target).find(({ listed }) => listed === real);
  if (found === undefined) throw new NoJournal(`${given}: no journal; ${HINT}`);
  // A run that was killed before its first step leaves folders, and no record of what they are of.
  return recordAt(found.path) === undefined ? found : withMeta(found, given);
};

/** Whether a path is a journal, and nothing else that could be meant. */
export const isJournal = (given: string): boolean => {
  if (!isFolder(given)) return false;
  try {
    findJournal(given);
    return true;
  } catch (error) {
    if (error instanceof NoJournal) return false;
    throw error;
  }
};

/** The tree that a folder of journals is of, by the names that lead there. */
const holderOf = (base: string): Target | undefined => {
  const holder = path.dirname(base);
  if (path.basename(base) === JOURNALS) return { workDir: holder, meta: META };
  return path.basename(base) === JOURNALS_IN_META
    ? { workDir: path.dirname(holder), meta: path.basename(holder) }
    : undefined;
};

/** What is at a path is no journal, and looks like none. */
class NoJournal extends Refusal {}

const HINT = '`mesos-ckpt undo --list WORK_DIR` lists the journals of a work_dir';

const realOf = (given: string): string => {
  try {
    return textOf(fs.realpathSync(bytesOf(given), { encoding: 'buffer' }));
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new NoJournal(`${given}: no such folder; ${HINT}`);
  }
};

/** A journal's own word of its tree is taken where it lies in the tree, or where the tree points to it. */
const withMeta = (place: JournalPlace, given: string): JournalPlace => {
  const record = recordAt(place.path);
  if (record === undefined) {
    throw isBegun(place.path) ? new Refusal(`${given}: ${BEGUN}`) : new NoJournal(`${given}: no journal; ${HINT}`);
  }
  const { id, workDir, meta } = record.header;
  if (place.id !== '' && place.path === place.listed) return { ...place, target: { ...place.target, meta } };
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

const recordAt = (at: string): JournalRecord | undefined => inFolder(at, readJournal);

/** Whether a journal was begun in a folder, and nothing done of it: else it would have a record. */
const isBegun = (at: string): boolean => inFolder(at, (folder) => folder.has(KEPT) || folder.has(FRESH));

const BEGUN = 'a run was killed here before its first step: nothing was changed, and there is nothing to take back';

const inFolder = <T>(at: string, use: (folder: Folder) => T): T => {
  try {
    const folder = Folder.given(at);
    try {
      return use(folder);
    } finally {
      folder.close();
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new Refusal(`the journal ${at} cannot be read: ${problemText(error)}`, { cause: error });
  }
};
