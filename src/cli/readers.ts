import { LATEST_RELEASE, type Version } from '../agent/version.ts';
import { type ExecutorFolder, executorFolders } from '../checkpoint/executor-folders.ts';
import type { Opened } from '../checkpoint/open.ts';
import { isTraced } from '../program/trace.ts';
import { FolderSource } from '../source/folder.ts';
import { AccessDenied, type Source } from '../source/source.ts';
import { isSharedWorth, threadedReaders } from '../verify/threads/readers.ts';
import type { TreeToRead } from '../verify/threads/work.ts';
import type { VerifyOptions } from '../verify/verification.ts';
import { WORKER_FILES } from './worker-files.ts';
import { absoluteOf, goNear } from './working-folder.ts';

const readers = threadedReaders(WORKER_FILES.executors, goNear);

/** How much is read, and for which agent. */
interface Asked {
  readonly brief: NonNullable<VerifyOptions['brief']>;
  readonly version: Version;
}

/** Threads that help to read what is on disk, as much of it as is asked for. */
export const readersFor = (opened: Opened, asked: Asked): VerifyOptions['readExecutors'] => {
  const { source } = opened.tree;
  const tree = onDisk(opened, asked);
  return tree && source instanceof FolderSource ? readers(tree, source) : undefined;
};

/** Has these threads begin with the first large framework of a checkpoint that `preflight` will read, for an agent of any version. */
export class Ahead {
  #leave: (() => void) | undefined;

  readonly begin = (opened: Opened): void => {
    this.end();
    const { source } = opened.tree;
    const tree = onDisk(opened, { brief: 'named', version: LATEST_RELEASE });
    if (tree === undefined || !(source instanceof FolderSource)) return;
    const folder = firstShared(source);
    if (folder !== undefined) this.#leave = readers.ahead(tree, source, folder);
  };

  /** When that was read, or nobody will ask for it: until then the process is where the threads read, and paths have to be absolute. */
  end(): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}

const firstShared = (source: Source): ExecutorFolder | undefined => {
  try {
    for (const folder of executorFolders(source)) if (isSharedWorth(folder.entries, false)) return folder;
  } catch (error) {
    // Who reads it then will meet it too, and say what it is.
    if (!(error instanceof AccessDenied)) throw error;
  }
  return undefined;
};

/** A tree on disk, as threads are told of it; undefined of what they cannot read. */
export const onDisk = ({ tree }: Opened, { brief, version }: Asked): TreeToRead | undefined => {
  const { source, home, maxRecord } = tree;
  // Of what other threads read, the trace would not tell.
  if (isTraced() || !(source instanceof FolderSource)) return undefined;
  return {
    folder: absoluteOf(source.folder),
    mount: source.mount,
    home,
    version,
    maxRecord,
    detail: brief === 'named' ? brief : brief ? 'brief' : 'whole',
  };
};
