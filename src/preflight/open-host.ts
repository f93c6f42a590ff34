import { isArchive } from '../checkpoint/open.ts';
import { readCollected } from '../checkpoint/open-archive.ts';
import { collectedHost } from '../host/collected.ts';
import { FolderHost } from '../host/folder.ts';
import type { Host } from '../host/host.ts';

/**
 * Opens a host: a folder that is its root; or what `mesos-ckpt collect` wrote of it, a tar or a tar in gzip, in a file or (`-`)
 * on standard input, of which up to `maxSize` bytes are kept in memory.
 * @throws UnusablePath where an archive cannot be read, is damaged, or is none of a host; where a folder cannot be looked at,
 * the error of the system call
 */
export const openHost = (given: string, maxSize?: number): Host =>
  isArchive(given) ? collectedHost(given, readCollected(given, maxSize)) : new FolderHost(given);
