import * as fs from 'node:fs';
import * as path from 'node:path';
import type { FolderKind } from '../layout/folders.ts';
import * as names from '../layout/names.ts';
import { type PlaceParts, pathOf, placeOf } from '../layout/place.ts';
import { type Has, IN_META, isMetaOfAgent, type Level, levelOf, type Part, partOf, sureLevelOf } from './level.ts';
import { NO_PERMISSION, UnusablePath } from './unusable.ts';

/** The folder that is opened, which need not be the one that was given. */
export interface FoundFolder extends Part {
  /** Its own path. */
  readonly absolute: string;
  /** Why it is opened in place of what was given, a clause that names it; undefined where it is that. */
  readonly instead: string | undefined;
}

/** What is asked for. */
interface Asked {
  /** The whole checkpoint, where a part of one was given. */
  readonly whole: boolean;
  /** The path is known to be that of a work_dir. */
  readonly isWorkDir: boolean;
}

/**
 * Finds what is to be opened at or around a path, which may be a level off: above a work_dir, or in a checkpoint.
 * @throws UnusablePath where that is not one, or may not be looked at
 */
export const findFolder = (given: string, absolute: string, { whole, isWorkDir }: Asked): FoundFolder => {
  const has = hasIn(absolute);
  const own = levelOf(has);
  const itself = (level: Level): FoundFolder => {
    const part = partOf(level, absolute.split('/'));
    return { ...part, absolute, instead: undefined };
  };
  if (own === 'work_dir' && isMetaOfAgent(hasIn(path.join(absolute, names.META)))) return itself(own);
  if (own === 'meta' && (has(names.SLAVES) || has('boot_id'))) return itself(own);
  const around = checkpointAround(absolute);
  if (around !== undefined) return whole ? wholeOf(around) : partIn(around, absolute);
  if (own !== undefined) {
    if (!whole || own === 'work_dir' || own === 'meta') return itself(own);
    throw partOnly(given, own);
  }
  if (path.basename(absolute) === names.META) return itself('meta');
  return (isWorkDir ? undefined : findBelow(given, absolute, whole)) ?? itself('work_dir');
};

/** Whether a path is that of a file of a checkpoint, or the link or marker in the place of one. */
export const isFileOfCheckpoint = (absolute: string): boolean => {
  const around = checkpointAround(absolute);
  return around !== undefined && placeOf(around.inWorkDir).file !== undefined;
};

/** A folder in which only a part is told by the file that only it has. */
export const partOnly = (given: string, level: Level): UnusablePath =>
  new UnusablePath(given, `the folder of one ${level}; expected the agent's work_dir, or its meta`);

/** Tells what a folder holds. */
const hasIn =
  (folder: string): Has =>
  (name) => {
    try {
      fs.lstatSync(path.join(folder, name));
      return true;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES' || code === 'EPERM') throw new UnusablePath(folder, NO_PERMISSION, true);
      return false;
    }
  };

/** A checkpoint that a path lies in. */
interface Around {
  /** The folder of its work_dir, or its `meta` under another name. */
  readonly folder: string;
  readonly level: 'work_dir' | 'meta';
  /** The path from the work_dir; a sandbox's is that of its run. */
  readonly inWorkDir: string;
}

/** The nearest checkpoint that a path lies in, by the names that lead there from a folder that holds one. */
const checkpointAround = (absolute: string): Around | undefined => {
  const parts = absolute.split('/');
  for (let at = parts.length - 1; at > 0; at--) {
    const name = parts[at] as string;
    const folder = parts.slice(0, at).join('/') || '/';
    const below = parts.slice(at).join('/');
    if (IN_WORK_DIR.has(name) && isMetaOfAgent(hasIn(path.join(folder, names.META)))) {
      // Sandboxes have the names of what they are of.
      return { folder, level: 'work_dir', inWorkDir: name === names.SLAVES ? `${names.META}/${below}` : below };
    }
    if (IN_META.has(name) && path.basename(folder) !== names.META && isMeta(folder)) {
      return { folder, level: 'meta', inWorkDir: `${names.META}/${below}` };
    }
  }
  return undefined;
};

const IN_WORK_DIR: ReadonlySet<string> = new Set([names.META, names.SLAVES, names.JOURNALS]);

/** Whether a folder of any name is a `meta`: it holds what nothing else does. */
const isMeta = (folder: string): boolean => {
  const has = hasIn(folder);
  return has(`${names.SLAVES}/${names.LATEST}`) || (has('boot_id') && has(names.SLAVES));
};

const wholeOf = ({ folder, level }: Around): FoundFolder => {
  const part = partOf(level, folder.split('/'));
  return { ...part, absolute: folder, instead: `it lies in a checkpoint, which is read whole: ${folder}` };
};

/** What of a checkpoint a path in it is to show: the innermost folder of an entry that it is, or lies in. */
const partIn = (around: Around, given: string): FoundFolder => {
  const { below: _, file: __, ...place } = placeOf(around.inWorkDir);
  for (let folder: FolderKind = place.folder; ; ) {
    const row = SHOWN[folder];
    if (row === undefined) return wholeOf(around);
    const { level, up } = row;
    const mount = pathOf({ ...place, folder } as PlaceParts);
    const inFolder = around.level === 'meta' ? mount.slice(names.META.length + 1) : mount;
    const absolute = path.join(around.folder, inFolder);
    if (level !== undefined && isFolder(absolute)) {
      const instead = `it lies in the folder of one ${level}, which is shown: ${absolute}`;
      return { level, mount, absolute, instead: absolute === given ? undefined : instead };
    }
    folder = up;
  }
};

/** The folders that are shown alone, and those that each other one lies in. */
const SHOWN: Partial<Record<FolderKind, { readonly level?: Level; readonly up: FolderKind }>> = {
  task: { level: 'task', up: 'run' },
  run: { level: 'run', up: 'executor' },
  executor: { level: 'executor', up: 'framework' },
  framework: { level: 'framework', up: 'agent' },
  operation: { up: 'agent' },
  provider: { up: 'agent' },
  'provider registry': { up: 'agent' },
  agent: { level: 'agent', up: 'meta' },
};

const isFolder = (absolute: string): boolean => {
  try {
    return fs.statSync(absolute).isDirectory();
  } catch {
    return false;
  }
};

/** What is found below a folder that is nothing of a checkpoint itself; undefined where nothing is. */
const findBelow = (given: string, absolute: string, whole: boolean): FoundFolder | undefined => {
  const entries = foldersIn(absolute);
  // A work_dir whose meta is gone is just that: what is kept beside it is no longer the agent's.
  if (isLostWorkDir(entries)) return undefined;
  const search = new Search(given);
  const children = entries.map((name) => path.join(absolute, name));
  for (const child of children) search.look(child);
  if (search.checkpoints.size === 0) {
    for (const child of children) for (const name of foldersIn(child)) search.look(path.join(child, name));
  }
  const found = search.only(search.checkpoints, 'checkpoints');
  if (found !== undefined) {
    return { ...found, instead: `not a work_dir itself; reading the one below it: ${found.absolute}` };
  }
  // Of a copy of meta/slaves alone, what latest names is the agent's.
  const latest = throughLatest(path.join(absolute, names.LATEST));
  const part =
    search.parts.get(latest) ?? search.only(search.parts, 'folders of agents, frameworks, executors or tasks');
  if (part === undefined) {
    if (search.denied !== undefined) throw search.denied;
    return undefined;
  }
  if (whole) throw new UnusablePath(given, `it holds no more than the folder of one ${part.level}; expected ${WHOLE}`);
  return { ...part, instead: `the folder of one ${part.level} in it is shown: ${part.absolute}` };
};

/**
 * Whether a folder is a checkpoint or a part of one, lies in one, or is a work_dir that has lost its `meta`: what is below it is
 * not looked for then.
 */
export const isOneCheckpoint = (absolute: string): boolean => {
  try {
    if (levelOf(hasIn(absolute)) !== undefined || path.basename(absolute) === names.META) return true;
    return checkpointAround(absolute) !== undefined || isLostWorkDir(foldersIn(absolute));
  } catch {
    // What may not be looked at is told where it is opened.
    return true;
  }
};

/** The work_dirs that a folder is or holds, in the order of their names; itself where it may not be looked at. */
export const foldersOfCheckpoint = (folder: string): readonly string[] => {
  const isWorkDir = (each: string): boolean => {
    try {
      return isMetaOfAgent(hasIn(path.join(each, names.META)));
    } catch {
      return true;
    }
  };
  if (isWorkDir(folder)) return [folder];
  return foldersIn(folder)
    .toSorted()
    .map((name) => path.join(folder, name))
    .filter(isWorkDir);
};

/** Whether a folder with these in it is a work_dir without its `meta`. */
const isLostWorkDir = (entries: readonly string[]): boolean =>
  entries.some((name) => IN_WORK_DIR.has(name) || BESIDE_META.has(name) || name.startsWith(names.META));

/** What an agent may have in its work_dir beside `meta`. */
const BESIDE_META: ReadonlySet<string> = new Set(['volumes', 'provisioner', 'store']);

const WHOLE = "the agent's work_dir, or its meta";

/** What is found on the way through folders. */
class Search {
  readonly #given: string;
  readonly checkpoints = new Map<string, FoundFolder>();
  readonly parts = new Map<string, FoundFolder>();
  denied: UnusablePath | undefined;

  constructor(given: string) {
    this.#given = given;
  }

  look(folder: string): void {
    try {
      const real = fs.realpathSync(folder);
      const has = hasIn(real);
      // A meta under another name may be one that was put aside.
      const isWorkDir = isMetaOfAgent(hasIn(path.join(real, names.META)));
      const level = isWorkDir ? 'work_dir' : sureLevelOf(has);
      if (level === undefined) return;
      const found = { ...partOf(level, real.split('/')), absolute: real, instead: undefined };
      (isWorkDir ? this.checkpoints : this.parts).set(real, found);
    } catch (error) {
      if (error instanceof UnusablePath) this.denied ??= error;
    }
  }

  /** The one of several that there is. */
  only(found: ReadonlyMap<string, FoundFolder>, what: string): FoundFolder | undefined {
    const [first, ...more] = found.values();
    if (more.length === 0) return first;
    const all = [...found.keys()].sort();
    const named = `${all.slice(0, 5).join(', ')}${all.length > 5 ? ', ...' : ''}`;
    throw new UnusablePath(this.#given, `it holds ${found.size} ${what}: ${named}; give one of them`);
  }
}

/** The folders, and links to some, in a folder; none where it may not be looked at, which is told of what is looked for. */
const foldersIn = (folder: string): readonly string[] => {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((e) => e.isDirectory() || e.isSymbolicLink()).map(({ name }) => name);
  } catch {
    return [];
  }
};

/** Where a `latest` leads: to the name that it has beside it, so that a copy's leads into the copy. */
export const throughLatest = (link: string): string => {
  try {
    const beside = path.join(path.dirname(link), path.basename(fs.readlinkSync(link)));
    return fs.existsSync(beside) ? fs.realpathSync(beside) : fs.realpathSync(link);
  } catch {
    return link;
  }
};
