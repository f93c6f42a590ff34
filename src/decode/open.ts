import * as path from 'node:path';
import { FileReader } from '../checkpoint/read.ts';
import * as names from '../layout/names.ts';
import { Failure } from '../program/failure.ts';
import { errnoText } from '../source/errno.ts';
import { FolderSource } from '../source/folder.ts';
import { readInput } from '../source/input.ts';
import type { Tree } from '../source/links.ts';
import { MemoryFile } from '../source/memory.ts';
import { realPathOf } from '../source/mounts.ts';
import { AccessDenied, isErrno, type OpenFile } from '../source/source.ts';
import { sizeText } from '../text/words.ts';

/** A file cannot be decoded: it is none, or nothing says what is in it. */
export class UnusableFile extends Failure {
  override readonly name = 'UnusableFile';
  readonly path: string;
  constructor(file: string, why: string) {
    super('unusable-file', `cannot decode ${file}: ${why}`);
    this.path = file;
  }
}

/**
 * Opens a file of this machine, where links lead.
 * @throws UnusableFile where it is none, AccessDenied where it may not be read
 */
export const openFile = (given: string): OpenFile => {
  const real = realPathOf(given) ?? path.resolve(given);
  const source = new FolderSource(path.dirname(real));
  const name = path.basename(real);
  checkKind(given, source.kindOf(name) ?? 'file');
  const file = source.open(name);
  if (!isErrno(file)) return file;
  const inTree = file.code === 'ENOENT' ? throughLatest(given) : undefined;
  if (inTree === undefined) throw failed(given, file.code);
  throw new UnusableFile(given, `in a copy, ${names.LATEST} leads nowhere; give --in ${inTree}, which follows it`);
};

/** A path through a `latest` that leads nowhere here, as --in takes it: a work_dir, and the path in it. */
const throughLatest = (given: string): string | undefined => {
  const parts = path.normalize(given).split('/');
  const [meta, latest] = [parts.lastIndexOf(names.META), parts.lastIndexOf(names.LATEST)];
  if (meta < 0 || latest < meta) return undefined;
  const link = parts.slice(0, latest + 1).join('/');
  const isLink = new FolderSource(path.dirname(path.resolve(link))).kindOf(names.LATEST) === 'link';
  if (!isLink || realPathOf(link) !== undefined) return undefined;
  return `${parts.slice(0, meta).join('/') || (path.isAbsolute(given) ? '/' : '.')} ${parts.slice(meta).join('/')}`;
};

/** Opens a file of a checkpoint by its path in the work_dir, as the agent finds it. */
export const openInTree = (tree: Tree, given: string): OpenFile => {
  const within = withinHome(tree.home, given);
  const reader = new FileReader(tree);
  // Folders on the way may be links, as slaves/latest is, to a place that only the agent's host has.
  const resolved = reader.follow(within);
  if (resolved.kind === 'outside')
    throw new UnusableFile(given, `it is a link that leaves the tree, to ${resolved.target}`);
  if (resolved.kind === 'loop') throw failed(given, 'ELOOP');
  if (resolved.kind === 'missing') throw new UnusableFile(given, 'there is no such file in it');
  const file = reader.open(resolved.path, resolved.entry, 'record');
  if (!('kind' in file)) return file;
  if (file.kind === 'absent') throw new UnusableFile(given, 'there is no such file in it');
  if (file.instead !== undefined) checkKind(given, file.instead.endsWith('folder') ? 'folder' : 'other');
  throw failed(given, file.code);
};

/** A path in a work_dir, from one that may begin with where the work_dir is, or with a slash or a dot as in a listing. */
const withinHome = (home: string, given: string): string => {
  const normal = path.posix.normalize(given);
  const own = home === '/' ? '/' : `${home}/`;
  return (normal.startsWith(own) ? normal.slice(own.length) : normal).replace(/^\/+/, '');
};

const checkKind = (given: string, kind: 'file' | 'folder' | 'link' | 'other'): void => {
  if (kind === 'folder') throw new UnusableFile(given, 'it is a folder; inspect shows what is in one');
  // To open a FIFO waits for its other end, and to open a device may act on it.
  if (kind === 'other') throw new UnusableFile(given, 'it is a FIFO, a socket or a device, not a file');
};

const failed = (given: string, code: string): Failure =>
  code === 'EACCES' || code === 'EPERM' ? new AccessDenied(given) : new UnusableFile(given, errnoText(code));

/** Standard input, read to its end into memory: at most so many bytes. */
export const openInput = (most: number): OpenFile => {
  const chunks: Buffer[] = [];
  let size = 0;
  readInput(undefined, (chunk) => {
    size += chunk.length;
    if (size > most) throw new UnusableFile('-', `it has more than ${sizeText(most)}, and --max-size is that`);
    chunks.push(chunk);
  });
  return new MemoryFile(Buffer.concat(chunks, size));
};
