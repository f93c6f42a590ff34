import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { trace } from '../program/trace.ts';
import { FolderSource } from '../source/folder.ts';
import type { Source } from '../source/source.ts';
import type { Beside } from './archive.ts';
import { bootIdIn } from './boot-id.ts';
import { findFolder, isFileOfCheckpoint, throughLatest } from './find.ts';
import { givenHome, linkedHome } from './home.ts';
import type { Level } from './level.ts';
import { openArchive, openArchiveBeside } from './open-archive.ts';
import { type Opened, type OpenOptions, STANDARD_INPUT } from './opened.ts';
import { NO_PERMISSION, UnusablePath } from './unusable.ts';

export type { Level, Opened, OpenOptions };
export { UnusablePath };

const EXPECTED = "expected the agent's work_dir, its meta, or the folder of an agent, framework, executor, run or task";

/**
 * Opens a checkpoint for reading: a folder of one; or an archive of a work_dir or its `meta`, a tar or a tar in gzip, in a
 * file or (`-`) on standard input, which is read whole into memory, without what is no part of a checkpoint. Throws
 * `UnusablePath` where there is none, it cannot be read, or it is damaged.
 */
export const openPath = (given: string, options: OpenOptions = {}): Opened =>
  told(given, isArchive(given) ? openArchive(given, absoluteOf(given), options) : openFolder(given, options));

/** The same, which unpacks an archive in gzip in another thread beside reading what came out. */
export const openPathBeside = async (given: string, options: OpenOptions & Beside = {}): Promise<Opened> =>
  isArchive(given) ? told(given, await openArchiveBeside(given, absoluteOf(given), options)) : openPath(given, options);

/** By the name that was given: that of a pipe leads nowhere. Of standard input there is none. */
const absoluteOf = (given: string): string | undefined => (given === STANDARD_INPUT ? undefined : path.resolve(given));

/** What was opened, which a trace tells. */
const told = (given: string, opened: Opened): Opened => {
  const { tree, level, from, inPlace, isPlaceGiven, instead } = opened;
  trace('opened', () => ({ given, from, level, workDir: tree.home, isPlaceGiven, inPlace, instead }));
  return opened;
};

const openFolder = (given: string, options: OpenOptions): Opened => {
  const asked = throughLinks(path.resolve(given));
  if (!isFileOfCheckpoint(asked)) checkFolder(given, asked);
  const { absolute, instead, ...found } = findFolder(given, asked, {
    whole: options.whole === true,
    isWorkDir: options.isWorkDir === true,
  });
  const source = new FolderSource(absolute, found.mount);
  const place = placeOf(absolute, found.mount);
  const said = options.workDir === undefined ? linkedHome(source) : givenHome(options.workDir);
  const home = said ?? place;
  // One that nothing names is a copy, but on its host.
  const inPlace =
    options.inPlace === true ||
    (said === undefined ? isOfBoot(source, options.ownBootId) : place === said || isOneFolder(place, said));
  return {
    tree: { source, home, maxRecord: options.maxRecord },
    level: found.level,
    path: found.mount,
    inPlace,
    from: 'folder',
    isPlaceGiven: options.workDir !== undefined,
    place,
    instead,
  };
};

/** A source that is already there, an archive or a tree in memory, as a whole work_dir. */
export const openSource = (source: Source, options: OpenOptions = {}): Opened => ({
  tree: {
    source,
    home: options.workDir === undefined ? (linkedHome(source) ?? '/') : givenHome(options.workDir),
    maxRecord: options.maxRecord,
  },
  level: 'work_dir',
  path: '',
  inPlace: options.inPlace === true,
  from: 'memory',
  isPlaceGiven: options.workDir !== undefined,
  place: undefined,
  instead: undefined,
});

/**
 * Whether a path is standard input, or leads to a file or to what a shell makes of `<(ssh ...)`: an archive, if anything.
 * A file of a checkpoint is none.
 */
export const isArchive = (given: string): boolean => {
  if (given === STANDARD_INPUT) return true;
  const absolute = path.resolve(given);
  try {
    const stats = fs.statSync(absolute);
    return (stats.isFile() || stats.isFIFO()) && !isFileOfCheckpoint(throughLinks(absolute));
  } catch {
    return false;
  }
};

/**
 * Where a given path leads, so that what is there is known under its own name: a link at its end is followed, and a `latest`
 * on the way by the last component of its target, beside it.
 */
const throughLinks = (absolute: string): string => {
  const parts = absolute.split('/');
  for (let at = 1; at < parts.length; at++) {
    if (parts[at] !== names.LATEST) continue;
    const link = parts.slice(0, at + 1).join('/');
    const to = throughLatest(link);
    if (to !== link) return throughLinks([to, ...parts.slice(at + 1)].join('/'));
  }
  try {
    return fs.lstatSync(absolute).isSymbolicLink() ? fs.realpathSync(absolute) : absolute;
  } catch {
    return absolute;
  }
};

const checkFolder = (given: string, absolute: string): void => {
  try {
    fs.readdirSync(absolute);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UnusablePath(given, `no such folder; ${EXPECTED}`);
    if (code === 'ENOTDIR') throw new UnusablePath(given, `not a folder; ${EXPECTED}`);
    if (code === 'EACCES' || code === 'EPERM') {
      throw new UnusablePath(given, NO_PERMISSION, true);
    }
    throw new UnusablePath(given, `cannot be read (${code ?? String(error)}); ${EXPECTED}`);
  }
};

/** The work_dir that a mounted folder belongs to, by its own path. */
const placeOf = (absolute: string, mount: string): string => {
  if (mount === '') return absolute;
  return absolute.endsWith(`/${mount}`) ? absolute.slice(0, -mount.length - 1) : absolute;
};

/** Whether a checkpoint was written since a machine was booted, by its boot id. */
const isOfBoot = (source: Source, ownBootId: string | undefined): boolean =>
  ownBootId !== undefined && bootIdIn(source, fileIn(names.META, 'boot_id')) === ownBootId;

/** Whether two paths lead to one folder: through links, or as a mount of it. */
const isOneFolder = (a: string, b: string): boolean => {
  try {
    const [one, other] = [fs.statSync(a, { bigint: true }), fs.statSync(b, { bigint: true })];
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
};
