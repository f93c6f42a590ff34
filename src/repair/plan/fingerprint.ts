import { createHash, type Hash } from 'node:crypto';
import { advance, during } from '../../program/progress.ts';
import { errnoText } from '../../source/errno.ts';
import {
  AccessDenied,
  type Entry,
  type Errno,
  isErrno,
  join,
  type OpenFile,
  type Source,
} from '../../source/source.ts';
import { bytesOf } from '../../text/lossless.ts';

/** What a plan found at a path that it touches, to tell later whether the tree has changed since. */
export type Fingerprint =
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'file';
      readonly size: number;
      /** Nanoseconds since 1970, in decimal: more digits than a number holds. */
      readonly modified: string;
      /** Of the whole content, in hex; 64 zeros where it could not be read. */
      readonly sha256: string;
    }
  | { readonly kind: 'link'; readonly target: string }
  /** `sha256` is of the sorted listing of all below it: kinds, paths, sizes and link targets. */
  | { readonly kind: 'folder'; readonly sha256: string }
  | { readonly kind: 'other' };

/** Bytes that are read at a time. */
const CHUNK = 1 << 20;
/** The checksum of fewer bytes is computed before anybody would be told of it. */
const LARGE = 64 * CHUNK;

/**
 * The digest of a content that the disk does not give: no content has it. Such a file can be set aside all the same, which
 * does not read it; that it is the same one is told by its size and time.
 */
export const UNREAD = '0'.repeat(64);

/** What was to be looked at may not be read, or not be listed: a plan cannot name it. */
export class Unreadable extends AccessDenied {
  override readonly name = 'Unreadable';
  constructor(path: string, code: string) {
    if (isForbidden(code)) super(path);
    else super(path, errnoText(code), 'cannot read');
  }
}

const isForbidden = (code: string): boolean => code === 'EACCES' || code === 'EPERM';

/**
 * What is at a path of a source now, in the words of a plan: the same for the same tree, whenever it is asked.
 * @throws Unreadable where it, or something below it, may not be read
 */
export const fingerprintOf = (source: Source, path: string): Fingerprint =>
  fingerprintBy(source, path, (modified) => ({ kind: 'file', ...contentOf(source, path), modified }));

/** The same where it is to be compared: a file of another size than these is not read, which may be a large one. */
export const fingerprintOfSizes = (source: Source, path: string, sizes: readonly number[]): Fingerprint =>
  fingerprintBy(source, path, (modified) => ({ kind: 'file', ...contentOf(source, path, sizes), modified }));

/** The size of a file that was found, to be compared with another. */
export const sizesOf = (...all: readonly (Fingerprint | { readonly size: number } | undefined)[]): readonly number[] =>
  all.flatMap((each) => (each !== undefined && 'size' in each ? [each.size] : []));

/**
 * The same, but a file is read when its sum is first asked for: of plans that are compared, most are never written or carried
 * out, and a file may be large. Its size and time are of now, so that a file which changes meanwhile is no longer like it.
 * @throws Unreadable as `fingerprintOf` does, at once
 */
export const glanceAt = (source: Source, path: string): Fingerprint =>
  fingerprintBy(source, path, (modified) => {
    const size = openedSizeOf(source, path);
    let sha256: string | undefined;
    return {
      kind: 'file',
      size,
      get sha256() {
        sha256 ??= contentOf(source, path).sha256;
        return sha256;
      },
      modified,
    };
  });

type FileFingerprint = Extract<Fingerprint, { readonly kind: 'file' }>;

const fingerprintBy = (source: Source, path: string, fileOf: (modified: string) => FileFingerprint): Fingerprint => {
  const kind = source.kindOf(path);
  switch (kind) {
    case undefined:
      return { kind: 'absent' };
    case 'file':
      return fileOf(modifiedOf(source, path).toString());
    case 'link':
      return { kind: 'link', target: targetOf(source, path) };
    case 'folder':
      return { kind: 'folder', sha256: listingOf(source, path) };
    case 'other':
      return { kind: 'other' };
  }
};

/** Whether two looks at a path found the same. */
export const isSameFingerprint = (a: Fingerprint, b: Fingerprint): boolean => {
  if (a.kind === 'file' && b.kind === 'file') {
    return a.size === b.size && a.modified === b.modified && a.sha256 === b.sha256;
  }
  if (a.kind === 'link' && b.kind === 'link') return a.target === b.target;
  if (a.kind === 'folder' && b.kind === 'folder') return a.sha256 === b.sha256;
  return a.kind === b.kind;
};

const targetOf = (source: Source, path: string): string => {
  const target = source.linkTarget(path);
  if (isErrno(target)) throw new Unreadable(path, target.code);
  return target;
};

/** A source that tells milliseconds only, such as one in memory, gives as many digits as it has. */
const modifiedOf = (source: Source, path: string): bigint =>
  source.modifiedNs?.(path) ?? BigInt(Math.round((source.modified(path) ?? 0) * 1e6));

const contentOf = (
  source: Source,
  path: string,
  sizes?: readonly number[],
): { readonly size: number; readonly sha256: string } => {
  const file = source.open(path);
  if (isErrno(file)) return unread(path, file.code, 0);
  try {
    const size = file.size();
    if (sizes?.includes(size) === false) return { size, sha256: UNREAD };
    const found = size < LARGE ? summed(file) : during('computing a checksum', size, () => summed(file, advance), true);
    return isErrno(found) ? unread(path, found.code, file.size()) : found;
  } finally {
    file.close();
  }
};

const summed = (
  file: OpenFile,
  onRead?: (bytes: number) => void,
): { readonly size: number; readonly sha256: string } | Errno => {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, file.size())));
  for (let size = 0; ; ) {
    const count = file.read(buffer, 0, buffer.length, size);
    if (isErrno(count)) return count;
    if (count === 0) return { size, sha256: hash.digest('hex') };
    hash.update(buffer.subarray(0, count));
    size += count;
    onRead?.(count);
  }
};

/** Bytes in a file; 0 where the disk fails on it. */
const openedSizeOf = (source: Source, path: string): number => {
  const file = source.open(path);
  if (isErrno(file)) return unread(path, file.code, 0).size;
  const size = file.size();
  file.close();
  return size;
};

/** A file that the disk fails on; what it may not be read for is another matter, which somebody can mend. */
const unread = (path: string, code: string, size: number): { readonly size: number; readonly sha256: string } => {
  if (isForbidden(code)) throw new Unreadable(path, code);
  return { size, sha256: UNREAD };
};

const listingOf = (source: Source, folder: string): string => {
  const hash = createHash('sha256');
  addListing(source, folder, '', hash);
  return hash.digest('hex');
};

/** A line for each path below a folder, parents first, the names of a folder in the order of their bytes. */
const addListing = (source: Source, folder: string, below: string, hash: Hash): void => {
  const entries = source.list(folder);
  if (isErrno(entries)) throw new Unreadable(folder, entries.code);
  for (const entry of entries.toSorted(byBytes)) {
    const path = join(folder, entry.name);
    const name = join(below, entry.name);
    // A name holds no 0, and neither does a target, so that no two listings are the same text.
    const detail = entry.kind === 'file' ? sizeOf(source, path) : entry.kind === 'link' ? targetOf(source, path) : '';
    hash.update(bytesOf(`${entry.kind}\0${name}\0${detail}\0`));
    if (entry.kind === 'folder') addListing(source, path, name, hash);
  }
};

const byBytes = (a: Entry, b: Entry): number => bytesOf(a.name).compare(bytesOf(b.name));

const sizeOf = (source: Source, path: string): string => {
  const file = source.open(path);
  if (isErrno(file)) {
    if (isForbidden(file.code)) throw new Unreadable(path, file.code);
    return file.code;
  }
  try {
    return String(file.size());
  } finally {
    file.close();
  }
};
