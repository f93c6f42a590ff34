import type { Version } from '../agent/version.ts';
import type { Opened } from '../checkpoint/open.ts';
import { isTraced } from '../program/trace.ts';
import { FolderSource } from '../source/folder.ts';
import { threadedReaders } from '../verify/threads/readers.ts';
import type { VerifyOptions } from '../verify/verification.ts';

const readers = threadedReaders(new URL('./worker.cjs', import.meta.url));

/** Threads that help to read what is on disk: in brief, or whole. */
export const readersFor = (
  { tree }: Opened,
  { brief, version }: { readonly brief: boolean; readonly version: Version },
): VerifyOptions['readExecutors'] => {
  const { source, home, maxRecord } = tree;
  // Of what other threads read, the trace would not tell.
  if (isTraced() || !(source instanceof FolderSource)) return undefined;
  return readers({ folder: source.folder, mount: source.mount, home, version, maxRecord, isWhole: !brief });
};
