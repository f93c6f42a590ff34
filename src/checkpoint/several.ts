import * as fs from 'node:fs';
import * as path from 'node:path';
import { foldersOfCheckpoint, isOneCheckpoint } from './find.ts';
import { isArchive } from './open.ts';

/** What a folder holds of agents. */
export interface FoundIn {
  /** The path of each, below the folder as it was given, in the order of their names. */
  readonly paths: readonly string[];
  /** Names of files in it that are no archive by their names. */
  readonly passedOver: readonly string[];
}

/**
 * What a PATH stands for that is no checkpoint itself, but a folder of archives or of several checkpoints: each of them;
 * undefined where it is one PATH, or nothing that is known.
 */
export const agentsIn = (given: string, holds = CHECKPOINTS): FoundIn | undefined => {
  if (isArchive(given)) return undefined;
  const absolute = path.resolve(given);
  const entries = entriesOf(absolute);
  if (entries === undefined || holds.isOne(absolute)) return undefined;
  const paths: string[] = [];
  const passedOver: string[] = [];
  for (const { name, kind } of entries) {
    const own = path.join(given, name);
    if (kind === 'file') (ARCHIVE.test(name) ? paths : passedOver).push(ARCHIVE.test(name) ? own : name);
    if (kind === 'folder') for (const below of holds.below(own)) paths.push(below);
  }
  const isOneFolder = paths.length === 1 && !ARCHIVE.test(paths[0] ?? '');
  return paths.length === 0 || isOneFolder ? undefined : { paths, passedOver };
};

/** What is looked for in folders. */
interface Holds {
  /** Whether a folder is one itself, or is of one: then it is opened as it is. */
  readonly isOne: (absolute: string) => boolean;
  /** Those that a folder in it is or holds, as paths below the one that is given. */
  readonly below: (folder: string) => readonly string[];
}

/** A folder may be a work_dir or hold one; or archives, as one of each day does. */
const CHECKPOINTS: Holds = {
  isOne: isOneCheckpoint,
  below: (folder) => {
    const own = foldersOfCheckpoint(folder);
    return own.length > 0 ? own : archivesIn(folder);
  },
};

/** A folder may be the root of a host, or hold some; or archives. */
const HOSTS: Holds = {
  isOne: (absolute) => looksLikeRoot(absolute),
  below: (folder) => (looksLikeRoot(folder) ? [folder] : archivesIn(folder)),
};

/** What a PATH stands for that is no host's root itself, but a folder of several, or of archives. */
export const hostsIn = (given: string): FoundIn | undefined => agentsIn(given, HOSTS);

/** Whether a folder has what the root of every host has. */
const looksLikeRoot = (folder: string): boolean =>
  ['etc', 'proc', 'var'].some((name) => kindOf(path.join(folder, name)) === 'folder');

/** What an archive is called; what is in it is looked at when it is opened. */
const ARCHIVE = /\.(?:tar|tar\.gz|tgz)$/i;

/** The archives in a folder, by their names. */
const archivesIn = (folder: string): readonly string[] =>
  (entriesOf(folder) ?? [])
    .filter(({ name, kind }) => kind === 'file' && ARCHIVE.test(name))
    .map(({ name }) => path.join(folder, name));

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** What is in a folder, links followed, in the order of names; undefined where it is none, or may not be looked at. */
const entriesOf = (folder: string): readonly Entry[] | undefined => {
  try {
    return fs
      .readdirSync(folder)
      .sort()
      .map((name) => ({ name, kind: kindOf(path.join(folder, name)) }));
  } catch {
    return undefined;
  }
};

const kindOf = (absolute: string): Entry['kind'] => {
  try {
    const stats = fs.statSync(absolute);
    return stats.isDirectory() ? 'folder' : stats.isFile() ? 'file' : 'other';
  } catch {
    // A link that leads nowhere is said of when it is opened.
    return 'file';
  }
};
