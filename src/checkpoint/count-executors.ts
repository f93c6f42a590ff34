import * as names from '../layout/names.ts';
import { pathOf } from '../layout/place.ts';
import { isErrno, join, type Source } from '../source/source.ts';

/** How many executors' folders an agent's folder holds, by listing alone: nothing is followed, and no file is read. */
export const countExecutors = (source: Source, agent: string): number =>
  foldersIn(source, pathOf({ folder: 'agent', agent, below: names.FRAMEWORKS })).reduce(
    (sum, framework) => sum + foldersIn(source, join(framework, names.EXECUTORS)).length,
    0,
  );

const foldersIn = (source: Source, folder: string): readonly string[] => {
  const entries = source.list(folder);
  return isErrno(entries) ? [] : entries.flatMap(({ name, kind }) => (kind === 'folder' ? [join(folder, name)] : []));
};
