import { FileReader } from '../../checkpoint/read.ts';
import type { Span } from '../../format/frames.ts';
import { LENGTH_SIZE, stateOf } from '../../format/frames.ts';
import { readIntoZeros, zerosAtEndOf } from '../../format/zeros.ts';
import { resolve, type Tree } from '../../source/links.ts';
import { baseName, isErrno, join, type OpenFile } from '../../source/source.ts';
import { count } from '../../text/words.ts';
import type { Change } from '../plan/change.ts';
import { isOfCheckpoint } from '../plan/territory.ts';
import { joined } from './log-cuts.ts';
import type { Alternative, Workspace } from './mender.ts';

/**
 * Where a path really is: no part of it before the last is a link. Undefined where it is not in the checkpoint, so that
 * nothing may be changed there.
 */
export const realPlace = (tree: Tree, path: string): string | undefined => {
  const folder = resolve(tree, path.slice(0, Math.max(0, path.lastIndexOf('/'))));
  const place = folder.kind === 'found' && folder.entry === 'folder' ? join(folder.path, baseName(path)) : '';
  return isOfCheckpoint(place) ? place : undefined;
};

/** Sets aside what is at a path; none where nothing is. */
export const setAside = (
  workspace: Workspace,
  path: string,
  options: Partial<Alternative> = {},
): readonly Alternative[] => {
  const place = realPlace(workspace.base, path);
  if (place === undefined || workspace.base.source.kindOf(place) === undefined) return [];
  return [
    { changes: [{ kind: 'set-aside', path: place }], what: `set aside ${baseName(path)}`, loses: '', ...options },
  ];
};

/** Cuts spans out of a file; none where it is no file of that name, or nothing is to be cut. */
export const cut = (
  workspace: Workspace,
  path: string,
  spans: readonly Span[],
  options: Partial<Alternative> = {},
): readonly Alternative[] => {
  const resolved = resolve(workspace.base, path);
  if (spans.length === 0 || resolved.kind !== 'found' || resolved.entry !== 'file') return [];
  // A link may lead to a file of another kind, which is whole as what it is.
  if (!isOfCheckpoint(resolved.path) || baseName(resolved.path) !== baseName(path)) return [];
  const bytes = spans.reduce((sum, { length }) => sum + length, 0);
  return [
    {
      changes: [{ kind: 'cut', path: resolved.path, spans: joined(spans) }],
      what: `cut ${count(bytes, 'byte')} out of ${baseName(path)}`,
      loses: '',
      ...options,
    },
  ];
};

/** Makes a file, in the place of what is there. */
export const putFile = (
  workspace: Pick<Workspace, 'base'>,
  path: string,
  bytes: Uint8Array,
  options: Partial<Alternative> = {},
): readonly Alternative[] => {
  const place = realPlace(workspace.base, path);
  if (place === undefined) return [];
  const create: Change = { kind: 'create-file', path: place, bytes, like: likeOf(workspace.base, place) };
  const isThere = workspace.base.source.kindOf(place) !== undefined;
  return [
    {
      changes: isThere ? [{ kind: 'set-aside', path: place }, create] : [create],
      what: `${isThere ? 'replace' : 'make'} ${baseName(path)}`,
      loses: '',
      ...options,
    },
  ];
};

/** Makes a link, in the place of what is there. */
export const putLink = (
  workspace: Workspace,
  path: string,
  to: string,
  options: Partial<Alternative> = {},
): readonly Alternative[] => {
  const place = realPlace(workspace.base, path);
  if (place === undefined) return [];
  const create: Change = {
    kind: 'create-link',
    path: place,
    // A link leads to a name beside it, wherever its folder really is.
    target: `${workspace.base.home === '/' ? '' : workspace.base.home}/${join(place.slice(0, place.lastIndexOf('/')), baseName(to))}`,
    like: likeOf(workspace.base, place),
  };
  const isThere = workspace.base.source.kindOf(place) !== undefined;
  return [
    {
      changes: isThere ? [{ kind: 'set-aside', path: place }, create] : [create],
      what: `make ${baseName(path)} lead to ${baseName(to)}`,
      loses: '',
      ...options,
    },
  ];
};

/** Whose owner and mode a new file gets: a file's beside it, else its folder's. */
const likeOf = (tree: Tree, path: string): string => {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const entries = tree.source.list(folder);
  const beside = isErrno(entries)
    ? undefined
    : entries.find(({ name, kind }) => kind === 'file' && join(folder, name) !== path);
  return beside === undefined ? folder : join(folder, beside.name);
};

/** Reads files of the tree as it is. */
export const readerOf = (workspace: Workspace): FileReader => new FileReader(workspace.base);

/** All bytes of a file of the tree as it is, or its first ones; undefined where they cannot be read. */
export const bytesAt = (tree: Tree, path: string, length = Number.POSITIVE_INFINITY): Buffer | undefined =>
  openedAt(tree, path, (file) => firstBytes(file, length));

/**
 * The bytes of a file's first record, with its length before it; undefined where it is not whole. What is behind it is
 * not read, which may be much.
 */
export const recordAt = (tree: Tree, path: string): Buffer | undefined =>
  openedAt(tree, path, (file) => {
    const length = file.size() < LENGTH_SIZE ? undefined : firstBytes(file, LENGTH_SIZE);
    if (length === undefined) return undefined;
    const announced = length.readUInt32LE(0);
    return stateOf(announced, file.size() - LENGTH_SIZE) === 'record'
      ? firstBytes(file, LENGTH_SIZE + announced)
      : undefined;
  });

/** So many zeros at the end of a file may be those of its last record. In bytes. */
const KEPT_ZEROS = 1024 * 1024;

/** All bytes of a file but for zeros at its end, which may be many and say nothing; undefined where they cannot be read. */
export const bytesBeforeZeros = (tree: Tree, path: string): Buffer | undefined =>
  openedAt(tree, path, (file) => {
    const end = zerosAtEndOf(file);
    return end === undefined ? undefined : firstBytes(file, end + KEPT_ZEROS);
  });

const openedAt = <T>(tree: Tree, path: string, action: (file: OpenFile) => T): T | undefined => {
  const resolved = resolve(tree, path);
  if (resolved.kind !== 'found' || resolved.entry !== 'file') return undefined;
  const file = tree.source.open(resolved.path);
  if (isErrno(file)) return undefined;
  try {
    return action(file);
  } finally {
    file.close();
  }
};

const firstBytes = (file: OpenFile, length: number): Buffer | undefined => {
  const bytes = Buffer.alloc(Math.min(file.size(), length));
  for (let at = 0; at < bytes.length; ) {
    const count = readIntoZeros(file, bytes, at, bytes.length - at, at);
    if (isErrno(count) || count === 0) return undefined;
    at += count;
  }
  return bytes;
};
