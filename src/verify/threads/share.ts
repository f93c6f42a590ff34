import type { Brief, Loader } from '../../checkpoint/load.ts';
import { type Sent, toSend } from './sent.ts';
import { nameAt, SHARE, type Work } from './work.ts';

/** The executors of a share, as a worker reads them: of one that cannot be told by itself, nothing. Without `brief`, none is made short. */
export const readShare = (
  loader: Loader,
  brief: Brief | undefined,
  work: Pick<Work, 'ids' | 'path' | 'names'>,
  share: number,
): readonly (Sent | undefined)[] => {
  const first = share * SHARE;
  const end = Math.min(work.names.ends.length, first + SHARE);
  return Array.from({ length: end - first }, (_, at) => read(loader, brief, work, first + at));
};

const read = (
  loader: Loader,
  brief: Brief | undefined,
  { ids, path, names }: Pick<Work, 'ids' | 'path' | 'names'>,
  number: number,
): Sent | undefined => {
  const name = nameAt(names, number);
  if (name === '') return undefined;
  const own = { ...ids, executor: name };
  try {
    const executor = loader.apart(own, `${path}/${name}`, brief);
    return executor && toSend(executor);
  } catch {
    // The main thread will meet it too, and say what it is.
    return undefined;
  }
};
