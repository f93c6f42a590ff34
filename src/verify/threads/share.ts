import type { Loader } from '../../checkpoint/load.ts';
import type { Executor, OrdinaryExecutor } from '../../checkpoint/model.ts';
import { summariseExecutor } from '../../recovery/summarise-executor.ts';
import type { Rules } from '../../recovery/versions.ts';
import { nameAt, SHARE, type Work } from './work.ts';

/** The executors of a share, as a worker reads them: of one that cannot be told by itself, nothing. Without `rules`, none is made short. */
export const readShare = (
  loader: Loader,
  rules: Rules | undefined,
  work: Pick<Work, 'ids' | 'path' | 'names'>,
  share: number,
): readonly (Executor | OrdinaryExecutor | undefined)[] => {
  const first = share * SHARE;
  const end = Math.min(work.names.ends.length, first + SHARE);
  return Array.from({ length: end - first }, (_, at) => read(loader, rules, work, first + at));
};

const read = (
  loader: Loader,
  rules: Rules | undefined,
  { ids, path, names }: Pick<Work, 'ids' | 'path' | 'names'>,
  number: number,
): Executor | OrdinaryExecutor | undefined => {
  const name = nameAt(names, number);
  if (name === '') return undefined;
  const own = { ...ids, executor: name };
  try {
    const summarise = rules && ((executor: Executor) => summariseExecutor(executor, own, rules));
    return loader.apart(own, `${path}/${name}`, summarise);
  } catch {
    // The main thread will meet it too, and say what it is.
    return undefined;
  }
};
