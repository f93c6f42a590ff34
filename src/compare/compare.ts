import { FOLDERS, type FolderKind } from '../layout/folders.ts';
import { checkpointFiles, type FileKind, namesIn, rowOf } from '../layout/kinds.ts';
import { LATEST } from '../layout/names.ts';
import { type Place, placeOf } from '../layout/place.ts';
import { advance } from '../program/progress.ts';
import type { Tree } from '../source/links.ts';
import { type EntryKind, isErrno, join, type Source } from '../source/source.ts';
import { type Side, SideReader } from './sides.ts';
import { type Holds, type KnownUnlike, type Unlike, unlikeIn } from './trees.ts';

/** A difference of two checkpoints. */
export type Difference =
  /** A folder with all that is in it. */
  | {
      readonly kind: 'folder';
      readonly what: 'came' | 'went';
      readonly path: string;
      readonly place: Place;
      readonly holds: Holds;
      readonly isRead: boolean;
    }
  | {
      readonly kind: 'file';
      readonly what: 'came' | 'went' | 'changed';
      readonly path: string;
      readonly place: Place;
      /** What it is; undefined of what no agent writes. */
      readonly file: FileKind | undefined;
      readonly a: Side;
      readonly b: Side;
      /** Whether any agent makes something of what differs. */
      readonly isRead: boolean;
    };

/** A tree, and what reads its files. */
interface ReadTree {
  readonly source: Source;
  readonly reader: SideReader;
}

/**
 * Compares the checkpoints of two trees. Differences come in the order of the paths, and are read one by one. What is
 * `known` of folders is not looked for again.
 */
export function* compareTrees(a: Tree, b: Tree, known?: KnownUnlike): Generator<Difference> {
  const trees = [a, b].map((tree): ReadTree => ({ source: tree.source, reader: new SideReader(tree) }));
  const [first, second] = trees as [ReadTree, ReadTree];
  for (const unlike of unlikeIn(a.source, b.source, known)) {
    // It may take long to say what one is, and how many there are is not what is counted.
    advance(0);
    yield differenceOf(unlike, first, second);
  }
}

const whatOf = ({ a, b }: Unlike): 'came' | 'went' | 'changed' =>
  a === undefined ? 'came' : b === undefined ? 'went' : 'changed';

const differenceOf = (unlike: Unlike, a: ReadTree, b: ReadTree): Difference => {
  const { path } = unlike;
  const place = placeOf(path);
  const what = whatOf(unlike);
  const folder = unlike.a ?? unlike.b;
  if (folder === 'folder' && what !== 'changed') {
    const { source } = what === 'came' ? b : a;
    return {
      kind: 'folder',
      what,
      path,
      place,
      holds: unlike.holds ?? heldIn(source, path),
      isRead: isKnownFolder(place),
    };
  }
  const file = place.file;
  const sides = unlike.sides ?? {
    a: sideOf(a.reader, path, unlike.a, file),
    b: sideOf(b.reader, path, unlike.b, file),
  };
  return { kind: 'file', what, path, place, file, ...sides, isRead: isRead(file, sides.a, sides.b) };
};

/** Whether a folder, or one that leads to it, is one that the agent knows. */
const isKnownFolder = (place: Place): boolean => {
  if (place.isSandbox) return false;
  if (place.below === '') return true;
  const [first = ''] = place.below.split('/');
  return (
    namesIn(place.folder).has(first) ||
    Object.values(FOLDERS).some((row) => row.in === place.folder && row.name === first)
  );
};

/** Whether any agent makes something of the difference: not of bytes behind the only record, nor of files of its own. */
const isRead = (file: FileKind | undefined, a: Side, b: Side): boolean => {
  if (file === undefined || !(checkpointFiles as readonly FileKind[]).includes(file)) return false;
  if (a.kind !== 'records' || b.kind !== 'records') return a.kind !== 'marker' || b.kind !== 'marker';
  const isSame =
    a.ending.kind === 'clean' &&
    b.ending.kind === 'clean' &&
    a.messages.length === b.messages.length &&
    a.messages.every((message, i) => b.messages[i]?.equals(message) === true);
  return !isSame;
};

/** What a tree has at a path where a listing shows `kind`, and the layout has a file of that kind. */
export const sideOf = (
  reader: SideReader,
  path: string,
  kind: EntryKind | undefined,
  file: FileKind | undefined,
): Side => {
  if (kind === undefined) return { kind: 'absent' };
  if (kind === 'folder' || kind === 'other') return { kind };
  if (kind === 'link') return reader.link(path);
  const row = file === undefined ? undefined : rowOf(file);
  if (row === undefined || (row.message === undefined && row.form !== 'text' && row.form !== 'marker')) {
    return reader.bytes(path);
  }
  if (row.form === 'marker') return { kind: 'marker' };
  if (row.message === undefined) return reader.text(path);
  return row.form === 'log' ? reader.log(path, row.message) : reader.records(path, row.message, row.form === 'record');
};

/** How many folders of each kind are in one, itself among them. */
export const heldIn = (source: Source, folder: string): Holds => {
  const holds: Partial<Record<FolderKind, number>> = {};
  const look = (path: string): void => {
    const place = placeOf(path);
    if (place.below === '' && place.folder !== 'work_dir') holds[place.folder] = (holds[place.folder] ?? 0) + 1;
    const entries = source.list(path);
    if (isErrno(entries)) return;
    for (const { name, kind } of entries) if (kind === 'folder' && name !== LATEST) look(join(path, name));
  };
  look(folder);
  return holds;
};
