import * as fs from 'node:fs';
import { PathEffects } from '../repair/plan/path-effects.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import type { At, Folder, KernelPath, Root } from './folder.ts';
import { parentOf, withParent } from './folder.ts';
import { checkUnchangedOnDisk } from './look.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';

/**
 * Finds out before the first step what can be found out of it: whether the tree is still as the plan found it, and
 * whether each step may be carried out, as far as the kernel tells without trying.
 * @throws TreeChanged, or another Refusal; nothing has been changed then
 */
export const precheck = (root: Root, steps: readonly PlannedChange[], journal: Folder, isChosen: boolean): void => {
  checkUnchangedOnDisk(root, steps);
  const effects = new PathEffects();
  const seen = new Set<string>();
  for (const { change } of steps) {
    const parent = parentOf(change.path);
    if (effects.of(parent) === undefined) {
      withParentThere(root, change.path, (at) => {
        if (!seen.has(parent)) checkFolder(at.folder, journal, isChosen);
        if (change.kind === 'set-aside' || change.kind === 'cut') checkItem(at);
      });
      seen.add(parent);
    }
    effects.carry(change);
  }
};

const withParentThere = (root: Root, path: string, use: (at: At) => void): void => {
  try {
    withParent(root, path, use);
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    throw new Refusal(`${path}: the folder that should hold it is not there`);
  }
};

const checkFolder = (folder: Folder, journal: Folder, isChosen: boolean): void => {
  const areApart =
    folder.device === journal.device
      ? folder.mount === journal.mount
        ? undefined
        : 'different mounts'
      : 'different file systems';
  if (areApart !== undefined) {
    throw new Refusal(
      `${folder.name} and the journal (${journal.name}) are on ${areApart}, and files are moved to the journal by renaming: ` +
        (isChosen
          ? 'leave --journal out, or choose a folder on the same one'
          : 'apply the plan to a copy that is on one mount (cp -a), and put that in place of the tree'),
    );
  }
  checkAccess(folder.place('.'), folder.name, fs.constants.W_OK | fs.constants.X_OK);
};

const checkItem = ({ folder, name }: At): void => {
  const stat = folder.stat(name);
  if (stat === undefined || stat.isSymbolicLink()) return;
  const shown = `${folder.name}/${name}`;
  if (stat.dev !== folder.device) throw new Refusal(`${shown} is a file system of its own, and cannot be moved`);
  // Who may write to its folder may rename a file that he may not write to; but nobody an immutable one, which EPERM
  // tells. Of a folder the name `..` in it is changed too.
  if (stat.isDirectory()) checkAccess(folder.place(name), shown, fs.constants.W_OK);
  else if (stat.isFile()) checkAccess(folder.place(name), shown, fs.constants.W_OK, ['EPERM', 'EROFS']);
};

const checkAccess = (path: KernelPath, shown: string, mode: number, only?: readonly string[]): void => {
  try {
    fs.accessSync(path, mode);
  } catch (error) {
    if (only !== undefined && !only.includes(codeOf(error) ?? '')) return;
    throw new Refusal(`${shown} cannot be changed: ${problemText(error)}`, { cause: error });
  }
};

/** The least that a file system gives to a file. */
const BLOCK = 4096n;

/** @throws Refusal where the journal's file system has no room for so many files and bytes */
export const checkSpace = (journal: Folder, files: number, bytes: number): void => {
  const { bavail, bsize, ffree, files: inodes } = fs.statfsSync(journal.place('.'), { bigint: true });
  const needed = BigInt(bytes) + BigInt(files) * BLOCK;
  const free = bavail * bsize;
  // Some file systems make inodes as they need them, and say that they have none.
  const lacksInodes = inodes > 0n && ffree < BigInt(files);
  if (free >= needed && !lacksInodes) return;
  const what = lacksInodes ? `${files} files, and can take ${ffree}` : `${needed} bytes, and has ${free}`;
  throw new Refusal(`the file system of ${journal.name} needs room for ${what}: nothing was changed; make room first`);
};
