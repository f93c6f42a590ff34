import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { trace } from '../program/trace.ts';
import { ArchiveSource, contentOf } from '../source/archive.ts';
import type { Found } from '../source/collect.ts';
import { FolderSource } from '../source/folder.ts';
import { isInputTerminal } from '../source/input.ts';
import type { Tree } from '../source/links.ts';
import { isErrno, join, type Source } from '../source/source.ts';
import { readArchive } from './archive.ts';
import { linkedHome } from './home.ts';
import { type Manifest, ManifestMismatch, readManifest } from './manifest.ts';
import { UnusablePath } from './unusable.ts';

export { UnusablePath };

/** What a given folder is of a work_dir. */
export type Level = 'work_dir' | 'meta' | 'agent' | 'framework' | 'executor' | 'run' | 'task';

/** A folder that was given, opened. */
export interface Opened {
  readonly tree: Tree;
  readonly level: Level;
  /** The given folder's path in the tree. */
  readonly path: string;
  /** Whether the tree is read where it lives on its agent: a link, the one who asks, or its boot id says so. */
  readonly inPlace: boolean;
  /** What it is read from: only a folder can be changed. */
  readonly from: 'folder' | 'archive' | 'memory';
  /** What a snapshot says of itself: host, time and boot id are those of then. */
  readonly manifest?: Manifest;
  /** Where the tree lives was said, here or by its manifest, not found out from its links. */
  readonly isPlaceGiven: boolean;
}

/** Options of `openPath`. */
export interface OpenOptions {
  /**
   * The absolute path of the work_dir on its agent.
   * @default what the links in it say, or its manifest
   */
  readonly workDir?: string | undefined;
  /** The boot id of the machine that this runs on: a tree that holds it, and no link that says where it lives, is in place. */
  readonly ownBootId?: string | undefined;
}

const EXPECTED = "expected the agent's work_dir, its meta, or the folder of an agent, framework, executor, run or task";

const NO_PERMISSION = 'no permission to read it: run as the user that the agent runs as (root)';

/** A PATH that is standard input. */
const STANDARD_INPUT = '-';

/**
 * Opens a checkpoint for reading: a folder of one; or an archive of a work_dir or its `meta`, a tar or a tar in gzip, in a
 * file or (`-`) on standard input, which is read whole into memory, without what is no part of a checkpoint. Throws
 * `UnusablePath` where there is none, it cannot be read, or it is damaged.
 */
export const openPath = (given: string, options: OpenOptions = {}): Opened => {
  const opened = open(given, options);
  const { tree, level, from, inPlace, isPlaceGiven } = opened;
  trace('opened', () => ({ given, from, level, workDir: tree.home, isPlaceGiven, inPlace }));
  return opened;
};

const open = (given: string, options: OpenOptions): Opened => {
  if (given === STANDARD_INPUT) return openArchive(given, undefined, options);
  // By the name that was given: that of a pipe leads nowhere.
  if (isStream(path.resolve(given))) return openArchive(given, path.resolve(given), options);
  const absolute = throughLink(path.resolve(given));
  checkFolder(given, absolute);
  const found = locate(absolute);
  const source = new FolderSource(absolute, found.mount);
  const place = placeOf(absolute, found.mount);
  const said = options.workDir === undefined ? linkedHome(source) : trimmed(options.workDir);
  const home = said ?? place;
  // A work_dir that is reached through a link is in place all the same. One that nothing names is a copy, but on its host.
  const inPlace =
    said === undefined
      ? isOfBoot(source, options.ownBootId)
      : place === said || realPlaceOf(absolute, found.mount) === said;
  return {
    tree: { source, home },
    level: found.level,
    path: found.mount,
    inPlace,
    from: 'folder',
    isPlaceGiven: options.workDir !== undefined,
  };
};

/** A source that is already there, an archive or a tree in memory, as a whole work_dir. */
export const openSource = (source: Source, options: OpenOptions = {}): Opened => ({
  tree: { source, home: options.workDir === undefined ? (linkedHome(source) ?? '/') : trimmed(options.workDir) },
  level: 'work_dir',
  path: '',
  inPlace: false,
  from: 'memory',
  isPlaceGiven: options.workDir !== undefined,
});

/** Whether a path leads to a file, or to what a shell makes of `<(ssh ...)`: an archive, if anything. */
const isStream = (absolute: string): boolean => {
  try {
    const stats = fs.statSync(absolute);
    return stats.isFile() || stats.isFIFO();
  } catch {
    return false;
  }
};

/** Opens an archive: a file by its absolute path, or standard input. */
const openArchive = (given: string, absolute: string | undefined, options: OpenOptions): Opened => {
  if (absolute === undefined && isInputTerminal()) {
    throw new UnusablePath(given, 'standard input is a terminal; pass an archive to it');
  }
  const found = readArchive(given, absolute);
  const { root, isMeta, above } = found;
  const source = new ArchiveSource(given, root, [names.META, names.SLAVES]);
  const workDir = options.workDir === undefined ? undefined : trimmed(options.workDir);
  const manifest = manifestOf(given, found);
  if (manifest !== undefined) {
    const home = workDir ?? manifest.workDir;
    return {
      tree: { source, home },
      level: manifest.level,
      path: manifest.level === 'meta' ? names.META : '',
      inPlace: manifest.inPlace && home === manifest.workDir,
      from: 'archive',
      isPlaceGiven: true,
      manifest,
    };
  }
  // Where an archive was made with whole names, they say where it was.
  const elsewhere = above.length > 0 && !isMeta ? `/${above.join('/')}` : (absolute ?? '/');
  return {
    tree: { source, home: workDir ?? linkedHome(source) ?? elsewhere },
    level: isMeta ? 'meta' : 'work_dir',
    path: isMeta ? names.META : '',
    inPlace: false,
    from: 'archive',
    isPlaceGiven: options.workDir !== undefined,
  };
};

/** What a snapshot says of itself; undefined of any other archive. */
const manifestOf = (given: string, { root }: Found): Manifest | undefined => {
  const node = root.children.get(names.MANIFEST);
  if (node?.kind !== 'file') return undefined;
  try {
    const manifest = readManifest(contentOf(node), root);
    root.isPartial = manifest.hasMore;
    return manifest;
  } catch (error) {
    if (error instanceof ManifestMismatch) throw new UnusablePath(given, error.message);
    throw error;
  }
};

/**
 * Where a given link leads, so that what is there is known under its own name. A `latest` that was copied is resolved by
 * the last component of its target, beside it.
 */
const throughLink = (absolute: string): string => {
  try {
    if (!fs.lstatSync(absolute).isSymbolicLink()) return absolute;
    if (fs.existsSync(absolute)) return fs.realpathSync(absolute);
    const beside = path.join(path.dirname(absolute), path.basename(fs.readlinkSync(absolute)));
    return path.basename(absolute) === names.LATEST && fs.existsSync(beside) ? beside : absolute;
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

const trimmed = (workDir: string): string => {
  if (!path.isAbsolute(workDir)) throw new UnusablePath(workDir, 'the work_dir of an agent is an absolute path');
  return workDir.length > 1 ? workDir.replace(/\/+$/, '') : workDir;
};

/** Tells what a folder is by what it holds, so that a copy is known under any name. */
const locate = (absolute: string): { level: Level; mount: string } => {
  const has = (name: string): boolean => {
    try {
      fs.lstatSync(path.join(absolute, name));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') {
        throw new UnusablePath(absolute, NO_PERMISSION, true);
      }
      return false;
    }
  };
  if (has(names.META)) return { level: 'work_dir', mount: '' };
  if (has(join(names.SLAVES, names.LATEST)) || has('boot_id') || has(names.RESOURCES)) {
    return { level: 'meta', mount: names.META };
  }
  const name = path.basename(absolute);
  const parents = absolute.split('/').slice(0, -1);
  /** The id of what holds it, at a distance, where the path tells. */
  const above = (distance: number): string => parents.at(-distance) ?? 'unknown';
  const agent = (id: string): string => join(join(names.META, names.SLAVES), id);
  const framework = (agentId: string, id: string): string => `${agent(agentId)}/${names.FRAMEWORKS}/${id}`;
  const executor = (agentId: string, frameworkId: string, id: string): string =>
    `${framework(agentId, frameworkId)}/${names.EXECUTORS}/${id}`;
  const run = (agentId: string, frameworkId: string, executorId: string, id: string): string =>
    `${executor(agentId, frameworkId, executorId)}/${names.RUNS}/${id}`;
  if (has('slave.info') || has(names.FRAMEWORKS)) return { level: 'agent', mount: agent(name) };
  if (has('framework.info') || has(names.EXECUTORS)) return { level: 'framework', mount: framework(above(2), name) };
  if (has('executor.info') || has(names.RUNS)) {
    return { level: 'executor', mount: executor(above(4), above(2), name) };
  }
  if (has(names.PIDS) || has(names.TASKS) || has('executor.sentinel')) {
    return { level: 'run', mount: run(above(6), above(4), above(2), name) };
  }
  if (has('task.info') || has('task.updates')) {
    return { level: 'task', mount: `${run(above(8), above(6), above(4), above(2))}/${names.TASKS}/${name}` };
  }
  return { level: name === names.META ? 'meta' : 'work_dir', mount: name === names.META ? names.META : '' };
};

/** The work_dir that a mounted folder belongs to, by its own path. */
const placeOf = (absolute: string, mount: string): string => {
  if (mount === '') return absolute;
  return absolute.endsWith(`/${mount}`) ? absolute.slice(0, -mount.length - 1) : absolute;
};

/** Whether a checkpoint was written since a machine was booted, by its boot id. */
const isOfBoot = (source: Source, ownBootId: string | undefined): boolean => {
  if (ownBootId === undefined) return false;
  const file = source.open(fileIn(names.META, 'boot_id'));
  if (isErrno(file)) return false;
  const bytes = Buffer.alloc(MOST_OF_A_BOOT_ID);
  const count = file.read(bytes, 0, bytes.length, 0);
  file.close();
  return typeof count === 'number' && bytes.toString('latin1', 0, count).trim() === ownBootId;
};

/** A uuid with a newline, and room for blanks. In bytes. */
const MOST_OF_A_BOOT_ID = 64;

const realPlaceOf = (absolute: string, mount: string): string | undefined => {
  try {
    return placeOf(fs.realpathSync(absolute), mount);
  } catch {
    return undefined;
  }
};
