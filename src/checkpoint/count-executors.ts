import * as names from '../layout/names.ts';
import { pathOf } from '../layout/place.ts';
import { isErrno, join, type Source } from '../source/source.ts';

/** How many executors' folders an agent's folder holds, by listing alone: nothing is followed, and no file is read. */
export const countExecutors = (source: Source, agent: string): number => {
  let number = 0;
  for (const executors of executorsByFramework(source, agent)) number += executors;
  return number;
};

/** The same of one framework after the other, as they are listed. */
export function* executorsByFramework(source: Source, agent: string): Generator<number> {
  for (const framework of foldersIn(source, pathOf({ folder: 'agent', agent, below: names.FRAMEWORKS }))) {
    yield foldersIn(source, join(framework, names.EXECUTORS)).length;
  }
}

const foldersIn = (source: Source, folder: string): readonly string[] => {
  const entries = source.list(folder);
  return isErrno(entries) ? [] : entries.flatMap(({ name, kind }) => (kind === 'folder' ? [join(folder, name)] : []));
};
