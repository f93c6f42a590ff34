import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { trace } from '../program/trace.ts';
import { ArchiveSource, contentOf } from '../source/archive.ts';
import { CollectedSource } from '../source/collected/source.ts';
import { type CollectedAbout, CollectedTree, type FoundNode } from '../source/collected/tree.ts';
import { FolderSource } from '../source/folder.ts';
import { isInputTerminal } from '../source/input.ts';
import type { Tree } from '../source/links.ts';
import { isErrno, type Source } from '../source/source.ts';
import { type FoundInArchive, type OddMemberAt, oddMembersOf, readArchive } from './archive.ts';
import { findFolder, isFileOfCheckpoint, partOnly, throughLatest } from './find.ts';
import { linkedHome } from './home.ts';
import type { Level } from './level.ts';
import { type Manifest, ManifestMismatch, readManifest } from './manifest.ts';
import { NO_PERMISSION, UnusablePath } from './unusable.ts';

export type { Level };
export { UnusablePath };

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
  /** What a host that was collected says of itself, and its boot id then. */
  readonly collected?: CollectedAbout & { readonly bootId: string | undefined };
  /** All of that host, of which the checkpoint is a part: standard input cannot be read again. */
  readonly collectedTree?: CollectedTree;
  /** Where the tree lives was said, here or by its manifest, not found out from its links. */
  readonly isPlaceGiven: boolean;
  /** The path on this machine of the work_dir that a folder is of, where its own path tells. */
  readonly place: string | undefined;
  /** Why something else is opened than what was given, a clause that names it; undefined where it is that. */
  readonly instead: string | undefined;
  /** Of an archive: members that replace others, and those that tar cannot unpack. */
  readonly oddMembers?: readonly OddMemberAt[];
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
  /**
   * Whether the tree is known to be read where it lives, under another path than its agent has for it: the `workDir`.
   * @default what the links in it, or the boot id, say
   */
  readonly inPlace?: boolean | undefined;
  /**
   * Whether only a whole checkpoint will do: where a part of one was given, all of it is opened.
   * @default false: the part alone is
   */
  readonly whole?: boolean | undefined;
  /**
   * Whether the folder is known to be a work_dir: one without a `meta` is then what it is, whatever lies below it.
   * @default false: a work_dir below it is opened
   */
  readonly isWorkDir?: boolean | undefined;
  /**
   * The most bytes of a checkpoint that are taken from an archive into memory.
   * @default 4 GiB
   */
  readonly maxSize?: number | undefined;
  /**
   * Whether large files in `meta` that no agent reads are taken from an archive, too: what copies or compares all of it
   * needs them.
   * @default false: a file of more than 1 MiB is passed over, and to open it is an error
   */
  readonly strays?: boolean | undefined;
  /**
   * The most bytes of one record that are brought into memory; what reads a larger one throws `RecordTooLarge`.
   * @default 1 GiB
   */
  readonly maxRecord?: number | undefined;
}

const EXPECTED = "expected the agent's work_dir, its meta, or the folder of an agent, framework, executor, run or task";

/** A PATH that is standard input. */
const STANDARD_INPUT = '-';

/**
 * Opens a checkpoint for reading: a folder of one; or an archive of a work_dir or its `meta`, a tar or a tar in gzip, in a
 * file or (`-`) on standard input, which is read whole into memory, without what is no part of a checkpoint. Throws
 * `UnusablePath` where there is none, it cannot be read, or it is damaged.
 */
export const openPath = (given: string, options: OpenOptions = {}): Opened => {
  const opened = open(given, options);
  const { tree, level, from, inPlace, isPlaceGiven, instead } = opened;
  trace('opened', () => ({ given, from, level, workDir: tree.home, isPlaceGiven, inPlace, instead }));
  return opened;
};

const open = (given: string, options: OpenOptions): Opened => {
  if (given === STANDARD_INPUT) return openArchive(given, undefined, options);
  // By the name that was given: that of a pipe leads nowhere.
  if (isArchive(given)) return openArchive(given, path.resolve(given), options);
  const asked = throughLinks(path.resolve(given));
  if (!isFileOfCheckpoint(asked)) checkFolder(given, asked);
  const { absolute, instead, ...found } = findFolder(given, asked, {
    whole: options.whole === true,
    isWorkDir: options.isWorkDir === true,
  });
  const source = new FolderSource(absolute, found.mount);
  const place = placeOf(absolute, found.mount);
  const said = options.workDir === undefined ? linkedHome(source) : trimmed(options.workDir);
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
    home: options.workDir === undefined ? (linkedHome(source) ?? '/') : trimmed(options.workDir),
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
 * Reads what `mesos-ckpt collect` wrote of a host, in a file or (`-`) on standard input.
 * @throws UnusablePath where it cannot be read, is damaged, or is another archive
 */
export const readCollected = (given: string, maxSize?: number): CollectedTree => {
  const found = readGiven(given, given === STANDARD_INPUT ? undefined : path.resolve(given), { maxSize });
  if (found instanceof CollectedTree) return found;
  throw new UnusablePath(given, 'it holds a checkpoint alone; mesos-ckpt collect makes an archive of a host');
};

const readGiven = (given: string, absolute: string | undefined, options: Pick<OpenOptions, 'maxSize' | 'strays'>) => {
  if (absolute === undefined && isInputTerminal()) {
    throw new UnusablePath(given, 'standard input is a terminal; pass an archive to it');
  }
  return readArchive(given, absolute, options);
};

/** Opens an archive: a file by its absolute path, or standard input. */
const openArchive = (given: string, absolute: string | undefined, options: OpenOptions): Opened => {
  const found = readGiven(given, absolute, options);
  if (found instanceof CollectedTree) return openCollected(given, found, options);
  const { root, level, mount, above } = found;
  const isWhole = level === 'work_dir' || level === 'meta';
  if (options.whole === true && !isWhole) throw partOnly(given, level);
  const source = new ArchiveSource(given, root, [names.META, names.SLAVES]);
  const workDir = options.workDir === undefined ? undefined : trimmed(options.workDir);
  const manifest = manifestOf(given, found);
  const { maxRecord } = options;
  const oddMembers = oddMembersOf(found);
  if (manifest !== undefined) {
    const home = workDir ?? manifest.workDir;
    return {
      tree: { source, home, maxRecord },
      level: manifest.level,
      path: manifest.level === 'meta' ? names.META : '',
      inPlace: manifest.inPlace && home === manifest.workDir,
      from: 'archive',
      isPlaceGiven: true,
      place: undefined,
      instead: undefined,
      oddMembers,
      manifest,
    };
  }
  // Where an archive was made with whole names, they say where it was.
  const elsewhere = above.length > 0 && level === 'work_dir' ? `/${above.join('/')}` : (absolute ?? '/');
  return {
    tree: { source, home: workDir ?? linkedHome(source) ?? elsewhere, maxRecord },
    level,
    path: mount,
    inPlace: false,
    from: 'archive',
    isPlaceGiven: options.workDir !== undefined,
    place: undefined,
    instead: above.length === 0 ? undefined : whereIn(level, above),
    oddMembers,
  };
};

/** Opens the checkpoint of a host that was collected: the one that it has, or that which `workDir` names. */
const openCollected = (given: string, tree: CollectedTree, { workDir, maxRecord }: OpenOptions): Opened => {
  const { path, node, asked } = checkpointOf(given, tree, workDir);
  const source = new CollectedSource(given, node);
  const home = asked ?? linkedHome(source) ?? path;
  return {
    tree: { source, home, maxRecord },
    level: 'work_dir',
    path: '',
    // It was read where it lives, at the time that the host says, and its boot id is that of then.
    inPlace: tree.about.isLive,
    from: 'archive',
    collected: { ...tree.about, bootId: bootIdOf(tree) },
    collectedTree: tree,
    isPlaceGiven: asked !== undefined,
    place: undefined,
    instead: undefined,
  };
};

interface ChosenCheckpoint extends FoundNode {
  /** The path that was asked for, where that is one of the host's. */
  readonly asked: string | undefined;
}

const checkpointOf = (given: string, tree: CollectedTree, workDir: string | undefined): ChosenCheckpoint => {
  const asked = workDir === undefined ? undefined : trimmed(workDir);
  const at = (path: string): FoundNode | undefined => {
    const found = tree.follow(path);
    return found === undefined || isErrno(found) ? undefined : found;
  };
  const byPath = new Map(
    tree.about.workDirs.flatMap((path) => ((found) => (found ? [[found.path, found]] : []))(at(path))),
  );
  const own = asked === undefined ? undefined : byPath.get(at(asked)?.path ?? '');
  if (own !== undefined) return { ...own, asked };
  const [only, ...more] = byPath.values();
  if (only === undefined) {
    throw new UnusablePath(given, 'no checkpoint was collected with the host; collect it with --work-dir');
  }
  if (more.length > 0) {
    const paths = [...byPath.keys()].slice(0, 5).join(', ');
    throw new UnusablePath(given, `it holds ${byPath.size} checkpoints (${paths}); name one with --work-dir`);
  }
  return { ...only, asked };
};

const bootIdOf = (tree: CollectedTree): string | undefined => {
  const file = new CollectedSource('', tree.root).open('proc/sys/kernel/random/boot_id');
  if (isErrno(file)) return undefined;
  const bytes = Buffer.alloc(MOST_OF_A_BOOT_ID);
  const count = file.read(bytes, 0, bytes.length, 0);
  const text = typeof count === 'number' ? bytes.toString('latin1', 0, count).trim() : '';
  return text === '' ? undefined : text;
};

/** Where in an archive something is that is opened. */
const whereIn = (level: Level, above: readonly string[]): string => {
  const what = level === 'work_dir' || level === 'meta' ? `the ${level}` : `the folder of one ${level}`;
  return `${what} in it is read: ${above.join('/')}`;
};

/** No text can be longer. In bytes. */
const MOST_OF_A_MANIFEST = 512 * 1024 * 1024;

/** What a snapshot says of itself; undefined of any other archive. */
const manifestOf = (given: string, { root }: FoundInArchive): Manifest | undefined => {
  const node = root.children.get(names.MANIFEST);
  if (node?.kind !== 'file') return undefined;
  try {
    if (node.size > MOST_OF_A_MANIFEST) throw new ManifestMismatch('its manifest is larger than any is');
    const manifest = readManifest(contentOf(node), root);
    root.isPartial = manifest.hasMore;
    return manifest;
  } catch (error) {
    if (error instanceof ManifestMismatch) throw new UnusablePath(given, error.message);
    throw error;
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

const trimmed = (workDir: string): string => {
  if (!path.isAbsolute(workDir)) throw new UnusablePath(workDir, 'the work_dir of an agent is an absolute path');
  return workDir.length > 1 ? workDir.replace(/\/+$/, '') : workDir;
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

/** Whether two paths lead to one folder: through links, or as a mount of it. */
const isOneFolder = (a: string, b: string): boolean => {
  try {
    const [one, other] = [fs.statSync(a, { bigint: true }), fs.statSync(b, { bigint: true })];
    return one.dev === other.dev && one.ino === other.ino;
  } catch {
    return false;
  }
};
