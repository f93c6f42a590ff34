import { compareTexts } from '../text/lossless.ts';
import {
  type Entry,
  type EntryKind,
  type Errno,
  isErrno,
  join,
  type OpenFile,
  type Source,
  type SpecialKind,
} from './source.ts';

/** A span of bytes that an overlay leaves out of a file. */
interface Hole {
  readonly offset: number;
  readonly length: number;
}

/** What an overlay has at a path, instead of what its base has there. */
type Laid =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' }
  /** The base's own file, without some of its bytes. */
  | { readonly kind: 'cut'; readonly holes: readonly Hole[] };

/** What does not fit the tree that it is laid over: a file made where one is, a cut behind a file's end. */
export class OverlayConflict extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = 'OverlayConflict';
    this.path = path;
  }
}

/**
 * A tree with changes laid over it in memory; the tree itself is only read. What is changed are paths themselves: no link
 * is followed. Changes that do not fit throw `OverlayConflict`, as carrying them out would fail.
 */
export class OverlaySource implements Source {
  readonly name: string;
  readonly #base: Source;
  readonly #laid = new Map<string, Laid>();
  /** By folder: the names in it that something was laid at. */
  readonly #names = new Map<string, Set<string>>();
  /** Whether a folder was taken away, so that what is below it has to be looked for above. */
  #hidesFolders = false;

  constructor(base: Source) {
    this.name = base.name;
    this.#base = base;
  }

  /** Takes away what is at a path, with all below it. */
  remove(path: string): void {
    const kind = this.kindOf(path);
    if (kind === undefined) throw new OverlayConflict(path, 'nothing is there to be taken away');
    if (kind === 'folder') {
      this.#hidesFolders = true;
      for (const below of [...this.#laid.keys()]) if (below.startsWith(`${path}/`)) this.#forget(below);
    }
    this.#lay(path, { kind: 'nothing' });
  }

  /** Takes spans of bytes out of a file of the base; they are in order, and apart. */
  cut(path: string, holes: readonly Hole[]): void {
    if (this.#laidAt(path) !== undefined) throw new OverlayConflict(path, 'it was changed already');
    if (this.kindOf(path) !== 'file') throw new OverlayConflict(path, 'no file is there to be cut');
    const file = this.#base.open(path);
    if (isErrno(file)) throw new OverlayConflict(path, `it cannot be opened (${file.code})`);
    const size = file.size();
    file.close();
    let end = -1;
    for (const { offset, length } of holes) {
      if (offset <= end || length <= 0 || offset + length > size) {
        throw new OverlayConflict(path, `bytes ${offset} to ${offset + length} of ${size} cannot be cut`);
      }
      end = offset + length;
    }
    this.#lay(path, { kind: 'cut', holes });
  }

  /** Makes a file. */
  createFile(path: string, bytes: Uint8Array): void {
    this.#checkFree(path);
    this.#lay(path, { kind: 'file', bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) });
  }

  /** Makes a link. */
  createLink(path: string, target: string): void {
    this.#checkFree(path);
    this.#lay(path, { kind: 'link', target });
  }

  /** Makes an empty folder. */
  createFolder(path: string): void {
    this.#checkFree(path);
    this.#lay(path, { kind: 'folder' });
  }

  /** The source that has what is at a path, as it is there; undefined where something was laid there, or above. */
  originOf(path: string): Source | undefined {
    return this.#laidAt(path) === undefined ? originOf(this.#base, path) : undefined;
  }

  list(folder: string): readonly Entry[] | Errno {
    const laid = this.#laidAt(folder);
    if (laid !== undefined && laid.kind !== 'folder') return { code: laid.kind === 'nothing' ? 'ENOENT' : 'ENOTDIR' };
    const base = laid === undefined ? this.#base.list(folder) : [];
    const names = this.#names.get(folder);
    if (isErrno(base) || names === undefined) return base;
    const entries = base.filter(({ name }) => !names.has(name));
    for (const name of names) {
      const kind = this.kindOf(join(folder, name));
      if (kind !== undefined) entries.push({ name, kind });
    }
    return entries.sort((a, b) => compareTexts(a.name, b.name));
  }

  kindOf(path: string): EntryKind | undefined {
    const laid = this.#laidAt(path);
    if (laid === undefined) return this.#base.kindOf(path);
    return laid.kind === 'nothing' ? undefined : laid.kind === 'cut' ? 'file' : laid.kind;
  }

  specialKind(path: string): SpecialKind | undefined {
    return this.#laidAt(path) === undefined ? this.#base.specialKind?.(path) : undefined;
  }

  linkTarget(path: string): string | Errno {
    const laid = this.#laidAt(path);
    if (laid === undefined) return this.#base.linkTarget(path);
    return laid.kind === 'link' ? laid.target : { code: laid.kind === 'nothing' ? 'ENOENT' : 'EINVAL' };
  }

  /** Of what was changed it is not known: it will be the time at which that is carried out. */
  modified(path: string): number | undefined {
    return this.#laidAt(path) === undefined ? this.#base.modified(path) : undefined;
  }

  modifiedNs(path: string): bigint | undefined {
    return this.#laidAt(path) === undefined ? this.#base.modifiedNs?.(path) : undefined;
  }

  open(path: string): OpenFile | Errno {
    const laid = this.#laidAt(path);
    switch (laid?.kind) {
      case undefined:
        return this.#base.open(path);
      case 'nothing':
        return { code: 'ENOENT' };
      case 'folder':
        return { code: 'EISDIR' };
      case 'link':
        return { code: 'ELOOP' };
      case 'file':
        return new BytesFile(laid.bytes);
      case 'cut': {
        const file = this.#base.open(path);
        return isErrno(file) ? file : new CutFile(file, laid.holes);
      }
    }
  }

  #lay(path: string, laid: Laid): void {
    this.#laid.set(path, laid);
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, slash));
    const names = this.#names.get(folder) ?? new Set();
    names.add(path.slice(slash + 1));
    this.#names.set(folder, names);
  }

  #forget(path: string): void {
    this.#laid.delete(path);
    const slash = path.lastIndexOf('/');
    this.#names.get(path.slice(0, Math.max(0, slash)))?.delete(path.slice(slash + 1));
  }

  /** What was laid at a path, or above it. */
  #laidAt(path: string): Laid | undefined {
    const own = this.#laid.get(path);
    if (own !== undefined || !this.#hidesFolders) return own;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = this.#laid.get(path.slice(0, end));
      // A folder that was made where one was taken away holds just what was laid into it.
      if (above !== undefined) return { kind: 'nothing' };
    }
    return undefined;
  }

  #checkFree(path: string): void {
    if (this.kindOf(path) !== undefined) throw new OverlayConflict(path, 'something is there already');
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder !== '' && this.kindOf(folder) !== 'folder') throw new OverlayConflict(path, `${folder} is not a folder`);
  }
}

class BytesFile implements OpenFile {
  readonly #bytes: Buffer;
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }
  size(): number {
    return this.#bytes.length;
  }
  read(target: Buffer, at: number, length: number, position: number): number {
    if (position >= this.#bytes.length) return 0;
    return this.#bytes.copy(target, at, position, Math.min(position + length, this.#bytes.length));
  }
  close(): void {
    // Nothing is held.
  }
}

/** A file without some of its bytes. */
class CutFile implements OpenFile {
  readonly #file: OpenFile;
  readonly #holes: readonly Hole[];
  /** For each hole, how many bytes it and those before it leave out. */
  readonly #omitted: readonly number[];

  constructor(file: OpenFile, holes: readonly Hole[]) {
    this.#file = file;
    this.#holes = holes;
    let sum = 0;
    this.#omitted = holes.map(({ length }) => (sum += length));
  }

  size(): number {
    return this.#file.size() - (this.#omitted.at(-1) ?? 0);
  }

  read(target: Buffer, at: number, length: number, position: number): number | Errno {
    const wanted = Math.min(length, this.size() - position);
    let read = 0;
    while (read < wanted) {
      const { from, room } = this.#locate(position + read);
      const count = this.#file.read(target, at + read, Math.min(wanted - read, room), from);
      if (typeof count !== 'number') return read > 0 ? read : count;
      if (count === 0) break;
      read += count;
    }
    return read;
  }

  zerosAt(position: number): number {
    const { from, room } = this.#locate(position);
    return Math.min(room, this.#file.zerosAt?.(from) ?? 0);
  }

  close(): void {
    this.#file.close();
  }

  /** Where in the whole file a position is, and how many bytes there are before the next hole. */
  #locate(position: number): { from: number; room: number } {
    // The first hole that lies behind it: there may be as many as there are reads.
    let [low, high] = [0, this.#holes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const before = middle === 0 ? 0 : (this.#omitted[middle - 1] as number);
      if ((this.#holes[middle] as Hole).offset - before > position) high = middle;
      else low = middle + 1;
    }
    const from = position + (low === 0 ? 0 : (this.#omitted[low - 1] as number));
    const next = this.#holes[low];
    return { from, room: next === undefined ? Number.MAX_SAFE_INTEGER : next.offset - from };
  }
}

/** The source that has what is at a path, below all that was laid over it; undefined where that was changed. No link is followed. */
export const originOf = (source: Source, path: string): Source | undefined =>
  source instanceof OverlaySource ? source.originOf(path) : source;
