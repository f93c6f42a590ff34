import * as fs from 'node:fs';
import { META, SLAVES } from '../layout/names.ts';
import { isInFolder } from '../source/mounts.ts';
import { bytesOf, textOf } from '../text/lossless.ts';
import { Folder } from './folder.ts';
import { idOf, type JournalPlace, POINTER, POINTER_BEGUN, writePointer } from './journals.ts';
import { JOURNAL_FILE, UNFINISHED_FILE } from './log.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';
import { FRESH, isSlot, KEPT, makeSlots, type Slots, TIMES } from './slots.ts';
import type { HeldTree } from './tree.ts';

/** Where a new journal is to be. */
export interface NewJournalOptions {
  /** An absolute path; in the folder of journals, under the time, unless given. */
  readonly journal?: string | undefined;
  readonly now: () => Date;
}

/** A journal that is being made. */
export interface NewJournal {
  readonly slots: Slots;
  readonly place: JournalPlace;
}

/**
 * Makes the folders of a journal; it is none until its file is there.
 * @throws Refusal where that cannot be
 */
export const makeJournal = (tree: HeldTree, options: NewJournalOptions): NewJournal => {
  const { target, base } = tree;
  const id = freeId(base, options.now());
  const listed = base.enter(id);
  const place = { target, id, listed: listed.name };
  if (options.journal === undefined) return { slots: slotsIn(listed), place: { ...place, path: listed.name } };
  let journal: Folder | undefined;
  try {
    journal = elsewhere(tree, options.journal);
    writePointer(listed, journal.name);
    return { slots: slotsIn(journal), place: { ...place, path: journal.name } };
  } catch (error) {
    journal?.close();
    dropListed(place);
    throw error;
  } finally {
    listed.close();
  }
};

const slotsIn = (journal: Folder): Slots => {
  try {
    const slots = makeSlots(journal);
    journal.sync();
    return slots;
  } catch (error) {
    throw journalProblem(journal.name, error);
  }
};

/** Makes a folder of a name that is free. */
const freeId = (base: Folder, now: Date): string => {
  for (let again = 0; ; again++) {
    const id = idOf(now, again);
    try {
      fs.mkdirSync(base.place(id), 0o700);
      base.sync();
      return id;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw journalProblem(base.name, error);
    }
  }
};

/** Opens, or makes, the folder that the operator named: it has to be empty, and out of the agent's way. */
const elsewhere = ({ target: { workDir, meta } }: HeldTree, given: string): Folder => {
  for (const name of [meta, SLAVES]) {
    if (!isInFolder(given, `${workDir}/${name}`)) continue;
    throw new Refusal(
      `--journal: ${given} is in ${name === meta ? META : name}, which is the agent's: choose another folder` +
        (name === meta ? ` (without --journal, one is made that no agent reads)` : ''),
    );
  }
  const folder = openOrMake(given);
  if (folder.names().length === 0) return folder;
  folder.close();
  throw new Refusal(`--journal: ${given} is not empty: choose a new folder`);
};

const openOrMake = (given: string): Folder => {
  try {
    try {
      fs.mkdirSync(bytesOf(given), 0o700);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    return Folder.given(textOf(fs.realpathSync(bytesOf(given), { encoding: 'buffer' })));
  } catch (error) {
    throw journalProblem(given, error);
  }
};

const journalProblem = (place: string, error: unknown): unknown =>
  codeOf(error) === undefined
    ? error
    : new Refusal(`no journal can be made in ${place}: ${problemText(error)}`, { cause: error });

/** Takes away a journal that was not begun: it holds nothing that is not in the tree. */
export const dropJournal = ({ slots, place }: NewJournal): void => {
  emptyOut(slots.journal);
  if (place.path !== place.listed) quietly(() => fs.rmdirSync(bytesOf(place.path)));
  dropListed(place);
};

/** The same for one that a run which was killed has left; a folder that the operator named stays, so that it can be used. */
export const dropUnwritten = (place: JournalPlace): void => {
  if (place.path !== place.listed) emptyOutAt(place.path);
  dropListed(place);
};

/** Takes away what is in the folder of journals of a journal that was never written. */
const dropListed = ({ listed }: Pick<JournalPlace, 'listed'>): void => {
  emptyOutAt(listed);
  quietly(() => fs.rmdirSync(bytesOf(listed)));
};

const emptyOutAt = (at: string): void =>
  quietly(() => {
    const folder = Folder.given(at);
    try {
      emptyOut(folder);
    } finally {
      folder.close();
    }
  });

/**
 * Empties a journal's folder: of what lies in `kept`, which is the tree's, nothing is taken away. Its file goes first, as it
 * speaks of the rest.
 */
const emptyOut = (journal: Folder): void => {
  const drop = (name: string): void => quietly(() => fs.unlinkSync(journal.place(name)));
  drop(JOURNAL_FILE);
  for (const name of [FRESH, TIMES, KEPT]) quietly(() => emptyFolder(journal, name, name !== KEPT));
  for (const name of [UNFINISHED_FILE, POINTER, POINTER_BEGUN]) drop(name);
};

const emptyFolder = (journal: Folder, name: string, isOurs: boolean): void => {
  const folder = journal.enter(name);
  try {
    for (const each of isOurs ? folder.names().filter(isSlot) : []) {
      if (folder.stat(each)?.isDirectory() === true) fs.rmdirSync(folder.place(each));
      else fs.unlinkSync(folder.place(each));
    }
  } finally {
    folder.close();
  }
  fs.rmdirSync(journal.place(name));
};

/** What is tidied up on the way out of a failure must not hide it. */
const quietly = (tidy: () => void): void => {
  try {
    tidy();
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
};
