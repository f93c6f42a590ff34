import { expect, it } from 'vitest';
import { FOLDERS, type FolderKind } from '../../src/layout/folders.ts';
import { namesIn } from '../../src/layout/kinds.ts';
import { PIDS } from '../../src/layout/names.ts';
import { IN_EXECUTOR, IN_PIDS, IN_RUN, IN_TASK } from '../../src/recovery/glance/usual-folders.ts';

const folders: ReadonlySet<string> = new Set([PIDS, ...Object.values(FOLDERS).map(({ name }) => name)]);

it.each([
  ['executor', undefined, IN_EXECUTOR],
  ['run', undefined, IN_RUN],
  ['run', PIDS, IN_PIDS],
  ['task', undefined, IN_TASK],
] as const)('what is usual in the folder of %s %s is what an agent puts there', (of: FolderKind, within, usual) => {
  expect(new Set(usual.map(({ name }) => name))).toEqual(namesIn(of, within));
  for (const { name, kind } of usual) expect(kind).toBe(folders.has(name) ? 'folder' : 'file');
});
