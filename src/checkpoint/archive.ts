import { fileNames } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { trace } from '../program/trace.ts';
import { Collector, type Found, type Layout, UnusableArchive } from '../source/collect.ts';
import { readInput } from '../source/input.ts';
import { DamagedArchive, Unpacker } from '../source/unpack.ts';
import { UnusablePath } from './unusable.ts';

/** How a checkpoint is known in an archive. */
export const ARCHIVE_LAYOUT: Layout = {
  meta: names.META,
  slaves: names.SLAVES,
  inMeta: new Set(['boot_id', names.RESOURCES, names.SLAVES, names.VOLUME_GID_MANAGER, names.DEVICE_MANAGER]),
  files: fileNames,
  levels: [names.FRAMEWORKS, names.EXECUTORS, names.RUNS],
  manifest: names.MANIFEST,
};

/**
 * Reads an archive whole: a file by its absolute path, or standard input.
 * @throws UnusablePath where it cannot be read, is damaged, or holds no checkpoint
 */
export const readArchive = (given: string, absolute: string | undefined): Found => {
  const collector = new Collector(ARCHIVE_LAYOUT);
  const unpacker = new Unpacker(collector);
  try {
    readInput(absolute, (chunk) => unpacker.write(chunk));
    unpacker.end();
    const found = collector.finish();
    trace('archive', () => ({ path: given, isMeta: found.isMeta, above: found.above }));
    return found;
  } catch (error) {
    if (error instanceof DamagedArchive || error instanceof UnusableArchive) {
      throw new UnusablePath(given, error.message);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw new UnusablePath(given, 'no permission to read it', true);
    if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) throw new UnusablePath(given, `cannot be read (${code})`);
    throw error;
  }
};
