import * as fs from 'node:fs';
import { JOURNALS } from '../layout/names.ts';
import { giveTimes } from './attributes.ts';
import type { Folder, Root } from './folder.ts';
import { codeOf, problemText, Refusal } from './refusal.ts';

/** Opens the folder of journals; undefined where there is none. */
export const openBase = (root: Root): Folder | undefined => {
  try {
    return root.folder.enter(JOURNALS);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw baseProblem(root, error);
  }
};

/** Opens the folder of journals, which is made where there is none; its folder keeps the time that it had. */
export const makeBase = (root: Root): Folder => {
  const there = openBase(root);
  if (there !== undefined) return there;
  const { mtimeNs } = fs.fstatSync(root.folder.descriptor, { bigint: true });
  try {
    fs.mkdirSync(root.folder.place(JOURNALS), 0o700);
  } catch (error) {
    // Another mesos-ckpt was faster: the lock will tell.
    if (codeOf(error) !== 'EEXIST') throw baseProblem(root, error);
  }
  root.folder.sync();
  giveTimes([{ descriptor: root.folder.descriptor, modified: mtimeNs }]);
  return openBase(root) ?? makeBase(root);
};

/** Takes the folder of journals away again where there is nothing in it. */
export const dropBase = (root: Root): void => {
  const { mtimeNs } = fs.fstatSync(root.folder.descriptor, { bigint: true });
  try {
    fs.rmdirSync(root.folder.place(JOURNALS));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return;
  }
  giveTimes([{ descriptor: root.folder.descriptor, modified: mtimeNs }]);
};

const baseProblem = (root: Root, error: unknown): unknown => {
  const code = codeOf(error);
  if (code === undefined) return error;
  const place = `${root.folder.name}/${JOURNALS}`;
  const text = code === 'ELOOP' || code === 'ENOTDIR' ? 'it is no folder: move it out of the way' : problemText(error);
  return new Refusal(`the folder of journals, ${place}, cannot be used: ${text}`, { cause: error });
};
