import * as fs from 'node:fs';
import { JOURNALS, META, SLAVES } from '../layout/names.ts';
import { bytesOf } from '../text/lossless.ts';
import { Folder } from './folder.ts';
import { idOf, type JournalPlace, POINTER, type Target } from './journals.ts';
import { JOURNAL_FILE, writeNew } from './log.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';
import { FRESH, KEPT, makeSlots, type Slots } from './slots.ts';
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
  const own = `${target.workDir}/${JOURNALS}/${id}`;
  if (options.journal === undefined) return { slots: slotsIn(base.enter(id)), place: { target, id, path: own } };
  let journal: Folder | undefined;
  try {
    journal = elsewhere(target, options.journal);
    const real = fs.realpathSync(options.journal);
    const pointing = base.enter(id);
    writeNew(pointing, POINTER, `${real}\n`);
    pointing.sync();
    pointing.close();
    return { slots: slotsIn(journal), place: { target, id, path: real } };
  } catch (error) {
    journal?.close();
    dropAll(base, id);
    throw error;
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
const elsewhere = ({ workDir, meta }: Target, given: string): Folder => {
  try {
    fs.mkdirSync(bytesOf(given), 0o700);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw journalProblem(given, error);
  }
  const real = fs.realpathSync(given);
  for (const name of [meta, SLAVES]) {
    const taken = `${workDir}/${name}`;
    if (real !== taken && !real.startsWith(`${taken}/`)) continue;
    throw new Refusal(
      `--journal: ${given} is in ${name === meta ? META : name}, which is the agent's: choose another folder`,
    );
  }
  const folder = Folder.given(real);
  if (folder.names().length === 0) return folder;
  folder.close();
  throw new Refusal(`--journal: ${given} is not empty: choose a new folder`);
};

const journalProblem = (place: string, error: unknown): unknown =>
  codeOf(error) === undefined
    ? error
    : new Refusal(`no journal can be made in ${place}: ${problemText(error)}`, { cause: error });

/** Takes away a journal that was not begun: it holds nothing that is not in the tree. */
export const dropJournal = (tree: HeldTree, { slots, place }: NewJournal): void => {
  emptyOut(slots.journal);
  if (place.path !== `${tree.target.workDir}/${JOURNALS}/${place.id}`) {
    quietly(() => fs.rmdirSync(bytesOf(place.path)));
  }
  dropAll(tree.base, place.id);
};

/** Takes away what is in the folder of journals of a journal that was never written. */
export const dropAll = (base: Folder, id: string): void =>
  quietly(() => {
    const folder = base.enter(id);
    try {
      emptyOut(folder);
    } finally {
      folder.close();
    }
    fs.rmdirSync(base.place(id));
  });

/** Empties a journal's folder: of what lies in `kept`, which is the tree's, nothing is taken away. */
const emptyOut = (journal: Folder): void => {
  for (const name of [FRESH, KEPT]) quietly(() => emptyFolder(journal, name, name === FRESH));
  for (const name of [JOURNAL_FILE, `${JOURNAL_FILE}.new`, POINTER]) quietly(() => fs.unlinkSync(journal.place(name)));
};

const emptyFolder = (journal: Folder, name: string, isOurs: boolean): void => {
  const folder = journal.enter(name);
  try {
    for (const each of isOurs ? folder.names() : []) {
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
