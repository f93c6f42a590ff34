import type { Brief, Loader } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { nameAt, SHARE, type Work } from './work.ts';

/** The executors of a share, as a worker reads them: of one that cannot be told by itself, nothing. Without `brief`, none is made short. */
export const readShare = (
  loader: Loader,
  brief: Brief | undefined,
  work: Pick<Work, 'ids' | 'path' | 'names'>,
  share: number,
): readonly (Executor | OrdinaryExecutor | undefined)[] => {
  const first = share * SHARE;
  const end = Math.min(work.names.ends.length, first + SHARE);
  return Array.from({ length: end - first }, (_, at) => read(loader, brief, work, first + at));
};

const read = (
  loader: Loader,
  brief: Brief | undefined,
  { ids, path, names }: Pick<Work, 'ids' | 'path' | 'names'>,
  number: number,
): Executor | OrdinaryExecutor | undefined => {
  const name = nameAt(names, number);
  if (name === '') return undefined;
  const own = { ...ids, executor: name };
  try {
    return loader.apart(own, `${path}/${name}`, brief);
  } catch {
    // The main thread will meet it too, and say what it is.
    return undefined;
  }
};
