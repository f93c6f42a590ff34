import type { Loader } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { type Summarising, summariseExecutor } from '../../recovery/summarise-executor.ts';
import { nameAt, SHARE, type Work } from './work.ts';

/** The executors of a share, as a worker reads them: of one that cannot be told by itself, nothing. Without `summarising`, none is made short. */
export const readShare = (
  loader: Loader,
  summarising: Summarising | undefined,
  work: Pick<Work, 'ids' | 'path' | 'names'>,
  share: number,
): readonly (Executor | OrdinaryExecutor | undefined)[] => {
  const first = share * SHARE;
  const end = Math.min(work.names.ends.length, first + SHARE);
  return Array.from({ length: end - first }, (_, at) => read(loader, summarising, work, first + at));
};

const read = (
  loader: Loader,
  summarising: Summarising | undefined,
  { ids, path, names }: Pick<Work, 'ids' | 'path' | 'names'>,
  number: number,
): Executor | OrdinaryExecutor | undefined => {
  const name = nameAt(names, number);
  if (name === '') return undefined;
  const own = { ...ids, executor: name };
  try {
    const summarise = summarising && ((executor: Executor) => summariseExecutor(executor, own, summarising));
    return loader.apart(own, `${path}/${name}`, summarise);
  } catch {
    // The main thread will meet it too, and say what it is.
    return undefined;
  }
};
