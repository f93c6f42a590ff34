import * as fs from 'node:fs';
import type { Folder, Root } from './folder.ts';

/**
 * A journal's folder, open. What steps take away lies in `kept`, what they will put somewhere lies in `new`, each under
 * the number of its step. Both are filled by renames alone, so that which of a step's two places something lies in tells
 * whether the step is done, and nothing else has to.
 */
export interface Slots {
  readonly journal: Folder;
  readonly kept: Folder;
  readonly fresh: Folder;
}

export const KEPT = 'kept';
export const FRESH = 'new';

/** Where a script notes when folders were modified: a file for each, with its time. */
export const TIMES = 'times';

/** A step's name in both places, from 1 as on the screen. */
export const slotOf = (step: number): string => String(step + 1);

/** Whether a name is that of a step. */
export const isSlot = (name: string): boolean => /^[1-9]\d*$/.test(name);

/** What carrying out steps needs: the tree, and the journal. */
export interface OpenJournal extends Slots {
  readonly root: Root;
}

/** Opens the folders of a journal. */
export const openSlots = (journal: Folder): Slots => ({
  journal,
  kept: journal.enter(KEPT),
  fresh: journal.enter(FRESH),
});

/** Makes the folders of a new journal. */
export const makeSlots = (journal: Folder): Slots => {
  for (const name of [KEPT, FRESH]) fs.mkdirSync(journal.place(name), 0o700);
  return openSlots(journal);
};

export const closeSlots = ({ journal, kept, fresh }: Slots): void => {
  for (const folder of [kept, fresh, journal]) folder.close();
};
