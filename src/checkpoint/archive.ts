import { FOLDERS } from '../layout/folders.ts';
import { fileNames } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { advance, during } from '../program/progress.ts';
import { trace } from '../program/trace.ts';
import {
  Collector,
  type Found,
  foldersWhere,
  type Layout,
  nothingIn,
  type OddMember,
  severalIn,
  UnusableArchive,
} from '../source/collect.ts';
import { HostCollector, MANIFEST } from '../source/collected/collector.ts';
import type { CollectedTree } from '../source/collected/tree.ts';
import { eachChunk, sizeOf } from '../source/input.ts';
import { LIMITS } from '../source/limits.ts';
import { baseName } from '../source/source.ts';
import type { Visitor } from '../source/tar/reader.ts';
import type { ArchiveTree } from '../source/tree/tree.ts';
import { DamagedArchive, Unpacker } from '../source/unpack.ts';
import { atOnce, inTurns, type Waiting } from '../source/waiting.ts';
import { type Has, IN_META, type Level, type Part, partOf, sureLevelOf } from './level.ts';
import { UnusablePath } from './unusable.ts';

/** How a checkpoint is known in an archive. */
export const ARCHIVE_LAYOUT: Layout = {
  meta: names.META,
  slaves: names.SLAVES,
  inMeta: IN_META,
  files: fileNames,
  levels: [FOLDERS.framework.name, FOLDERS.executor.name, FOLDERS.run.name],
  manifest: names.MANIFEST,
};

/** What was found in an archive, and which part of a work_dir that is. */
export interface FoundInArchive extends Part, Omit<Found, 'what'> {}

/** A member that replaces another or cannot be unpacked, by its path from the work_dir. */
export interface OddMemberAt extends Pick<OddMember, 'outcome' | 'why'> {
  readonly path: string;
}

/** The odd members of what is opened, without those that are of something else. */
export const oddMembersOf = ({ above, mount, odd }: FoundInArchive): readonly OddMemberAt[] =>
  odd
    .filter(({ parts }) => above.every((part, at) => parts[at] === part))
    .map(({ parts, outcome, why }) => {
      const below = parts.slice(above.length);
      return { path: [...(mount === '' ? [] : [mount]), ...below].join('/'), outcome, why };
    });

/** How much of an archive is kept. */
interface ReadOptions {
  readonly maxSize?: number | undefined;
  readonly strays?: boolean | undefined;
}

/** What a program wants that has no more to do than to read a checkpoint. */
export interface Beside {
  /** Is called where an archive turns out to have many members, before most of them are read. */
  readonly whenMany?: (() => void) | undefined;
}

/**
 * Reads an archive whole: a file by its absolute path, or standard input. Of its checkpoint, up to `maxSize` bytes are kept,
 * and with `strays` large files of no agent, too; of what `collect` wrote, the host as a whole.
 * @throws UnusablePath where it cannot be read, is damaged, or is no host and holds no checkpoint and no part of one
 */
export const readArchive = (
  given: string,
  absolute: string | undefined,
  options: ReadOptions = {},
): FoundInArchive | CollectedTree => atOnce(reading(given, absolute, options, 'here'));

/** An archive is unpacked in another thread from so many bytes on: less is unpacked in less time than it takes to begin. */
const WORTH_IT = 512 * 1024;

/** So many members are many: reading them and what follows takes longer than a start. */
const MANY_MEMBERS = 4000;

/** The same, which unpacks gzip in another thread beside reading what came out. */
export const readArchiveBeside = (
  given: string,
  absolute: string | undefined,
  options: ReadOptions & Beside = {},
): Promise<FoundInArchive | CollectedTree> => inTurns(reading(given, absolute, options, 'beside'));

function* reading(
  given: string,
  absolute: string | undefined,
  { maxSize = LIMITS.bytes, strays = false, whenMany }: ReadOptions & Beside,
  where: 'here' | 'beside',
): Waiting<FoundInArchive | CollectedTree> {
  const limits = { ...LIMITS, bytes: maxSize, ...(strays ? { stray: maxSize } : {}) };
  let host: HostCollector | undefined;
  const collector = new Collector(ARCHIVE_LAYOUT, limits);
  let isHere = where === 'here';
  let members = 0;
  const member: Visitor['member'] = (each) => {
    members++;
    // What its first member is tells what an archive is.
    if (members === 1 && each.name === MANIFEST) host = new HostCollector(limits);
    if (members === MANY_MEMBERS) whenMany?.();
    return (host ?? collector).member(each);
  };
  try {
    const size = sizeOf(absolute);
    isHere ||= size !== undefined && size < WORTH_IT;
    const unpacker = new Unpacker({ member, joins: (name) => host?.joins(name) === true }, isHere ? 'here' : 'beside');
    // A pipe may be slow.
    const how = !isHere && size === undefined ? 'awaited' : 'at once';
    const read = isHere ? atOnce<undefined> : inTurns<undefined>;
    yield during('reading the archive', size, () => read(feeding(unpacker, absolute, how)), true);
    yield* unpacker.ending();
    if (host !== undefined) return host.finish();
    const { what, ...found } = collector.finish();
    const part = what === 'nothing' ? partOfArchive(found.tree, found.odd) : { ...found, ...partOf(what, []) };
    trace('archive', () => ({ path: given, level: part.level, above: part.above }));
    return part;
  } catch (error) {
    // What came out just before the damage is lost in another thread: read here, it is known how far that was.
    if (error instanceof DamagedArchive && !isHere && absolute !== undefined && isFile(absolute)) {
      return readArchive(given, absolute, { maxSize, strays });
    }
    if (error instanceof DamagedArchive || error instanceof UnusableArchive) {
      throw new UnusablePath(given, error.message);
    }
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') throw new UnusablePath(given, 'no permission to read it', true);
    if (code !== undefined && /^E[A-Z0-9]+$/.test(code)) throw new UnusablePath(given, `cannot be read (${code})`);
    throw error;
  }
}

/** Whether what was read can be read again. */
const isFile = (absolute: string): boolean => sizeOf(absolute) !== undefined;

/** Gives an unpacker what is in a file, or comes from a pipe. */
function* feeding(unpacker: Unpacker, absolute: string | undefined, how: 'at once' | 'awaited'): Waiting<undefined> {
  const feed = function* (chunk: Buffer): Waiting<void> {
    yield* unpacker.writing(chunk);
    advance(chunk.length);
  };
  yield* eachChunk(absolute, feed, how);
  return undefined;
}

/**
 * The one folder of an agent, a framework, an executor or a task that an archive without a `meta` has: of several agents,
 * that which `latest` beside them names.
 * @throws UnusableArchive where there is none, or more than one
 */
const partOfArchive = (tree: ArchiveTree, odd: readonly OddMember[]): FoundInArchive => {
  const hasIn =
    (folder: number): Has =>
    (name) =>
      tree.child(folder, name) !== undefined;
  const all = foldersWhere(tree, (folder) => sureLevelOf(hasIn(folder)) !== undefined);
  const named = all.filter((path) => path.at(-1) === latestIn(tree, tree.nodeAt(path.slice(0, -1))));
  const [only, ...more] = named.length === 1 ? named : all;
  if (only === undefined) throw nothingIn(ARCHIVE_LAYOUT);
  if (more.length > 0) throw severalIn(all, 'folders of agents, frameworks, executors or tasks');
  const node = tree.nodeAt(only) as number;
  const part = partOf(sureLevelOf(hasIn(node)) as Level, only);
  tree.beginIn(tree.add({ kind: 'folder' }));
  tree.place(part.mount.split('/'), node);
  return { ...part, tree, above: only, odd };
};

/** The name that the `latest` in a folder leads to. */
const latestIn = (tree: ArchiveTree, folder: number | undefined): string | undefined => {
  const link = tree.isFolder(folder) ? tree.child(folder, names.LATEST) : undefined;
  return link !== undefined && tree.kindOf(link) === 'link' ? baseName(tree.targetOf(link)) : undefined;
};
