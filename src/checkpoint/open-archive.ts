import * as path from 'node:path';
import * as names from '../layout/names.ts';
import { ArchiveSource } from '../source/archive.ts';
import { CollectedSource } from '../source/collected/source.ts';
import { CollectedTree, type FoundNode } from '../source/collected/tree.ts';
import { contentOf } from '../source/extents.ts';
import { isInputTerminal } from '../source/input.ts';
import { isErrno } from '../source/source.ts';
import { type Beside, type FoundInArchive, oddMembersOf, readArchive, readArchiveBeside } from './archive.ts';
import { bootIdIn } from './boot-id.ts';
import { partOnly } from './find.ts';
import { givenHome, linkedHome } from './home.ts';
import type { Level } from './level.ts';
import { type Manifest, ManifestMismatch, readManifest } from './manifest.ts';
import { type Opened, type OpenOptions, STANDARD_INPUT } from './opened.ts';
import { UnusablePath } from './unusable.ts';

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
  refuseTerminal(given, absolute);
  return readArchive(given, absolute, options);
};

const refuseTerminal = (given: string, absolute: string | undefined): void => {
  if (absolute === undefined && isInputTerminal()) {
    throw new UnusablePath(given, 'standard input is a terminal; pass an archive to it');
  }
};

/** Opens an archive: a file by its absolute path, or standard input. */
export const openArchive = (given: string, absolute: string | undefined, options: OpenOptions): Opened =>
  openFound(given, absolute, readGiven(given, absolute, options), options);

/** The same, which unpacks gzip in another thread beside reading what came out. */
export const openArchiveBeside = async (
  given: string,
  absolute: string | undefined,
  options: OpenOptions & Beside,
): Promise<Opened> => {
  refuseTerminal(given, absolute);
  return openFound(given, absolute, await readArchiveBeside(given, absolute, options), options);
};

const openFound = (
  given: string,
  absolute: string | undefined,
  found: FoundInArchive | CollectedTree,
  options: OpenOptions,
): Opened => {
  if (found instanceof CollectedTree) return openCollected(given, found, options);
  const { tree, level, mount, above } = found;
  const isWhole = level === 'work_dir' || level === 'meta';
  if (options.whole === true && !isWhole) throw partOnly(given, level);
  const source = new ArchiveSource(given, tree, [names.META, names.SLAVES]);
  const workDir = options.workDir === undefined ? undefined : givenHome(options.workDir);
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
  const asked = workDir === undefined ? undefined : givenHome(workDir);
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

const bootIdOf = (tree: CollectedTree): string | undefined =>
  bootIdIn(new CollectedSource('', tree.root), 'proc/sys/kernel/random/boot_id') || undefined;

/** Where in an archive something is that is opened. */
const whereIn = (level: Level, above: readonly string[]): string => {
  const what = level === 'work_dir' || level === 'meta' ? `the ${level}` : `the folder of one ${level}`;
  return `${what} in it is read: ${above.join('/')}`;
};

/** No text can be longer. In bytes. */
const MOST_OF_A_MANIFEST = 512 * 1024 * 1024;

/** What a snapshot says of itself; undefined of any other archive. */
const manifestOf = (given: string, { tree }: FoundInArchive): Manifest | undefined => {
  const node = tree.child(tree.root, names.MANIFEST);
  if (node === undefined || tree.kindOf(node) !== 'file') return undefined;
  try {
    const size = tree.sizeOf(node);
    if (size > MOST_OF_A_MANIFEST) throw new ManifestMismatch('its manifest is larger than any is');
    const manifest = readManifest(contentOf({ size, extents: tree.extentsOf(node) }), tree);
    tree.setPartial(tree.root, manifest.hasMore);
    return manifest;
  } catch (error) {
    if (error instanceof ManifestMismatch) throw new UnusablePath(given, error.message);
    throw error;
  }
};
