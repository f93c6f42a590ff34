import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { PathEffects } from '../repair/plan/path-effects.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { bytesOf } from '../text/lossless.ts';
import { giveTimes, type Missed, type TimeToGive } from './attributes.ts';
import { type Folder, parentOf, type Root, withFolder } from './folder.ts';
import type { RecordedFolder } from './record.ts';
import { codeOf, Refusal } from './refusal.ts';

/** Folders whose names steps change: the change gives them another time, which an undo gives back. */

/** The folders whose names steps change, as they are now; those that the steps make themselves are not among them. */
export const recordFolders = (root: Root, steps: readonly PlannedChange[]): readonly RecordedFolder[] => {
  const effects = new PathEffects();
  const found = new Map<string, RecordedFolder>();
  for (const { change } of steps) {
    const path = parentOf(change.path);
    if (!found.has(path) && effects.of(path) === undefined) found.set(path, recordOf(root, path));
    effects.carry(change);
  }
  return [...found.values()];
};

const recordOf = (root: Root, path: string): RecordedFolder =>
  withFolder(root, path, (folder) => {
    const { mtimeNs } = fs.fstatSync(folder.descriptor, { bigint: true });
    return { path, modified: mtimeNs, names: namesOf(folder) };
  });

/** SHA-256 of the names in a folder, or of some of them. */
export const namesOf = (folder: Folder, counts: (name: string) => boolean = () => true): string => {
  const hash = createHash('sha256');
  for (const name of folder.names().filter(counts)) hash.update(bytesOf(`${name}\0`));
  return hash.digest('hex');
};

/**
 * Gives folders the times that they had, where they hold the same names again. Returns what could not be given, in
 * words: a folder that is gone, or that holds other names by now, keeps its time.
 */
export const giveBackTimes = (root: Root, folders: readonly RecordedFolder[]): readonly string[] => {
  let inexact = 0;
  let refused = 0;
  for (let at = 0; at < folders.length; at += AT_ONCE) {
    const missed = giveBackSome(root, folders.slice(at, at + AT_ONCE));
    inexact += missed.inexact;
    refused += missed.refused;
  }
  const notes: string[] = [];
  const of = 'of the folders did not get back the time at which they were modified';
  if (inexact > 0) notes.push(`${inexact} ${of} to the nanosecond: that needs coreutils`);
  if (refused > 0) notes.push(`${refused} ${of}: only their owner, or root, may give it`);
  return notes;
};

/** As many folders as are held open. */
const AT_ONCE = 64;

const giveBackSome = (root: Root, folders: readonly RecordedFolder[]): Missed => {
  const open: Folder[] = [];
  try {
    const times = folders.flatMap((recorded): readonly TimeToGive[] => {
      const folder = openAsItWas(root, recorded);
      if (folder === undefined) return [];
      open.push(folder);
      const { mtimeNs } = fs.fstatSync(folder.descriptor, { bigint: true });
      return mtimeNs === recorded.modified ? [] : [{ descriptor: folder.descriptor, modified: recorded.modified }];
    });
    return giveTimes(times);
  } finally {
    for (const folder of open) folder.close();
  }
};

const openAsItWas = (root: Root, { path, names }: RecordedFolder): Folder | undefined => {
  try {
    const folder = withFolder(root, path, (each) => each.again());
    if (namesOf(folder) === names) return folder;
    folder.close();
    return undefined;
  } catch (error) {
    // A link in the way is as good as a folder that is gone.
    if (error instanceof Refusal || ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw error;
  }
};
