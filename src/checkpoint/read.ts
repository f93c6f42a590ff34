import { LENGTH_SIZE } from '../format/frames.ts';
import { MOST_VALUES, parse, valuesOfLast, WireFailure } from '../format/parse.ts';
import { damageOf, type Ending, readRecords } from '../format/records.ts';
import type { Shape } from '../format/shape.ts';
import { MAX_RECORD, Window } from '../format/window.ts';
import { PathsBelow } from '../source/below.ts';
import { type Resolved, resolve, type Tree } from '../source/links.ts';
import {
  AccessDenied,
  type Below,
  type EntryKind,
  isErrno,
  type OpenFile,
  parsingFailure,
  RecordTooLarge,
  type Spot,
} from '../source/source.ts';
import { StandingFolders } from '../source/standing-folders.ts';
import { MAX_TEXT } from '../source/whole.ts';
import { textOf } from '../text/lossless.ts';
import type {
  Absent,
  FollowedLink,
  LostRecords,
  RecordFile,
  SequenceFile,
  TextFile,
  Trailing,
  Unreadable,
} from './files.ts';

const ABSENT: Absent = Object.freeze({ kind: 'absent', vanished: false });
const VANISHED: Absent = Object.freeze({ kind: 'absent', vanished: true });
const EMPTY = Object.freeze({ kind: 'empty' });

/** How a kind of file is opened: the agent opens logs for writing too, which a folder refuses at once. */
export type Opening = 'record' | 'text' | 'log';

/** Reads the files of a tree, one after the other, with one window. */
export class FileReader {
  readonly tree: Tree;
  readonly window: Window;
  /** The file that was opened last. */
  #path = '';
  /** The tree, of whose folders each is asked for once: links of many executors lead through the same. */
  #standing: Tree | undefined;
  /** The file that was last glanced at: while it is in sight, it is not opened again. */
  #glanced: GlancedFile | undefined;
  /** Folders that are links, and where they lead: what is below them is read there, and named as the agent names it. */
  readonly #linked = new Map<string, string>();
  /** The links that were followed, in the order in which they were met. */
  readonly followed: FollowedLink[] = [];

  constructor(tree: Tree) {
    this.tree = tree;
    const most = tree.maxRecord ?? MAX_RECORD;
    this.window = new Window(most, (announced) => {
      throw new RecordTooLarge(this.#path, announced, most);
    });
  }

  /** Says that a folder's path is a link that leads to another. */
  leadThrough(path: string, to: string): void {
    this.#linked.set(path, to);
  }

  /** Follows a link to what the agent finds there, and keeps in mind what it leads through. */
  follow(path: string): Resolved {
    const through = new Set<string>();
    this.#standing ??= { ...this.tree, source: new StandingFolders(this.tree.source) };
    const resolved = resolve(this.#standing, this.real(path), (place) => through.add(place));
    const to = resolved.kind === 'found' || resolved.kind === 'missing' ? resolved.path : undefined;
    // One that leads right out of the tree shows nothing that could change here.
    if (through.size > (to === undefined ? 1 : 0)) this.followed.push({ path, through: [...through], to });
    return resolved;
  }

  /** Where the source has what the agent finds under a path. */
  real(path: string): string {
    if (this.#linked.size === 0) return path;
    for (let cut = path.length; cut > 0; cut = path.lastIndexOf('/', cut - 1)) {
      const to = this.#linked.get(path.slice(0, cut));
      if (to !== undefined) return to + path.slice(cut);
    }
    return path;
  }

  /** Opens what a listing showed as `kind` (undefined: it showed nothing). */
  open(path: string, kind: EntryKind | undefined, opening: Opening): OpenFile | Absent | Unreadable {
    if (kind === undefined) return ABSENT;
    this.#path = path;
    let at = this.real(path);
    let entry = kind;
    const linked = kind === 'link';
    if (linked) {
      const resolved = this.follow(path);
      if (resolved.kind === 'missing') return unreadable(resolved.code, 'open', { linked });
      if (resolved.kind === 'loop') return unreadable('ELOOP', 'open', { linked });
      if (resolved.kind === 'outside') return unreadable('ENOENT', 'open', { linked, outside: resolved.target });
      at = resolved.path;
      entry = resolved.entry;
    }
    if (entry === 'folder') {
      const within = this.tree.source.list(at);
      const instead = !isErrno(within) && within.length === 0 ? 'empty folder' : 'folder';
      return unreadable('EISDIR', opening === 'log' ? 'open' : 'read', { linked, instead });
    }
    if (entry === 'other') {
      // Opening a FIFO waits for its other end, and opening a device is for whom it belongs to: neither is opened here.
      return unreadable('ENXIO', 'open', { linked, instead: this.tree.source.specialKind?.(at) });
    }
    const file = this.tree.source.open(at);
    if (!isErrno(file)) return file;
    if (file.code === 'ENOENT' || file.code === 'ENOTDIR') return VANISHED;
    if (file.code === 'EACCES' || file.code === 'EPERM') throw new AccessDenied(at);
    return unreadable(file.code, 'open');
  }

  /** The same for who reads the file with the window alone: one that was glanced at is not opened again while it is in sight. */
  bring(path: string, kind: EntryKind | undefined, opening: Opening): OpenFile | Absent | Unreadable {
    const glanced = this.#glanced;
    const isShown = kind === 'file' && glanced?.path === path && this.window.isOver(glanced);
    return isShown ? glanced : this.open(path, kind, opening);
  }

  /**
   * What reads below the tree's folders, and where a folder is for it, by its path in the tree; undefined of what cannot be read so.
   */
  below(folder: string): { readonly from: Below; readonly at: Spot } | undefined {
    const { source } = this.tree;
    if (source.below === undefined) return { from: new PathsBelow(source), at: folder };
    const at = source.spotOf?.(folder);
    return at === undefined ? undefined : { from: source.below, at };
  }

  /**
   * Brings all bytes of a file that is no link into the window, if it is not too large for that, and returns how many they
   * are: they are at the beginning of the window's buffer. -1 where they are not in sight, for whatever reason.
   */
  glance(file: Spot, from: Below): number {
    const { window } = this;
    const size = from.readInto(file, window.clear());
    if (size < 0) return -1;
    this.#glanced = new GlancedFile(size);
    window.show(this.#glanced, size);
    return size;
  }

  /** Says by which path of the tree the file may be asked for that was last glanced at. */
  isGlancedAt(path: string): void {
    if (this.#glanced !== undefined) this.#glanced.path = path;
  }

  /** A file with one record of a type; `shape` says what is kept of it. */
  record<T>(path: string, kind: EntryKind | undefined, shape: Shape): RecordFile<T> {
    const file = this.open(path, kind, 'record');
    if ('kind' in file) return file;
    try {
      return this.#record<T>(file, shape);
    } finally {
      file.close();
    }
  }

  /** A file of text. */
  text(path: string, kind: EntryKind | undefined): TextFile {
    const file = this.open(path, kind, 'text');
    if ('kind' in file) return file;
    try {
      const { window } = this;
      window.over(file);
      const length = window.reach(0, MAX_TEXT);
      if (window.errno !== '') return unreadable(window.errno, 'read');
      const at = window.at(0);
      return { kind: 'text', text: textOf(window.buffer, at, at + length), zeros: this.zeros(length) };
    } finally {
      file.close();
    }
  }

  /** A file with records of one type. */
  sequence<T>(path: string, kind: EntryKind | undefined, shape: Shape, opening: Opening): SequenceFile<T> {
    const file = this.open(path, kind, opening);
    if ('kind' in file) return file;
    try {
      const values: T[] = [];
      const offsets: number[] = [];
      let all = 0;
      const { end, ending } = this.records(file, shape, (message, offset) => {
        values.push(message as T);
        offsets.push(offset);
        all += 1 + valuesOfLast();
        if (all > MOST_VALUES) throw new RecordTooLarge(this.#path, this.window.announced, 'values');
        return true;
      });
      return { kind: 'records', values, offsets, size: file.size(), end, ending, zeros: this.#fileZeros(file) };
    } finally {
      file.close();
    }
  }

  /** Reads the records of an open file: see `readRecords`. */
  records(
    file: OpenFile,
    shape: Shape,
    visit: (message: unknown, offset: number, length: number, number: number) => boolean,
  ): { readonly end: number; readonly ending: Ending } {
    const { window } = this;
    window.over(file);
    return readRecords(window, () => this.#parse(shape), visit);
  }

  /** Counts the records from one that does not parse on, going by their lengths alone. */
  lostBehind(offset: number, isUpdate: (bytes: Buffer, start: number, end: number) => boolean): LostRecords {
    const { window } = this;
    let records = 0;
    let updates = 0;
    for (let at = offset; ; ) {
      const frame = window.frameAt(at);
      if (frame === 'end') return { records, updates, whole: true };
      records++;
      if (frame !== 'record') return { records, updates, whole: false };
      if (window.announced === 0) {
        // Records of no bytes, which are no updates: a file that was full of zeros after a power loss may have millions.
        const more = Math.floor(window.zerosFrom(at) / LENGTH_SIZE);
        records += more - 1;
        at += more * LENGTH_SIZE;
        continue;
      }
      if (isUpdate(window.buffer, window.start, window.end)) updates++;
      at += LENGTH_SIZE + window.announced;
    }
  }

  /** Whether the first `length` bytes in sight are all zero, as a file can be after a power loss. */
  zeros(length: number): boolean {
    if (length === 0) return false;
    const { window } = this;
    const from = window.at(0);
    if (from < 0) return false;
    for (let i = from; i < from + length; i++) if (window.buffer[i] !== 0) return false;
    return true;
  }

  /** Whether a file that was just walked is full of zeros; a large one is judged by its beginning. */
  #fileZeros(file: OpenFile): boolean {
    return this.zeros(Math.min(file.size(), this.window.reach(0, 4096)));
  }

  #parse(shape: Shape): ReturnType<typeof parse> {
    const { window } = this;
    try {
      return parse(shape, window.buffer, window.start, window.end);
    } catch (error) {
      throw parsingFailure(error, this.#path, window.announced);
    }
  }

  #record<T>(file: OpenFile, shape: Shape): RecordFile<T> {
    const { window } = this;
    window.over(file);
    const frame = window.frameAt(0);
    switch (frame) {
      case 'end':
        return EMPTY;
      case 'unreadable':
        return unreadable(window.errno, 'read');
      case 'oversized':
        return { kind: 'oversized', announced: window.announced };
      case 'torn-length':
      case 'torn-message': {
        const announced = frame === 'torn-length' ? undefined : window.announced;
        const { available } = window;
        const size = available + (announced === undefined ? 0 : LENGTH_SIZE);
        return { kind: 'torn', announced, available, size, zeros: this.zeros(Math.min(size, 4096)) };
      }
      case 'record': {
        const message = this.#parse(shape);
        const end = LENGTH_SIZE + window.announced;
        const behind = window.lengthBehind(end);
        const zeros = window.announced === 0 && this.zeros(window.reach(0, 4096));
        const size = end + behind;
        if (message instanceof WireFailure)
          return { kind: 'bad', damage: damageOf(window, message, 0, 1), size, zeros };
        const trailing: Trailing | undefined = behind > 0 ? { offset: end, length: behind } : undefined;
        return { kind: 'whole', value: message as T, size, trailing, zeros };
      }
    }
  }
}

/** A file of which the window has every byte, so that it is not open. */
class GlancedFile implements OpenFile {
  /** By which it is asked for; none until that is told. */
  path: string | undefined = undefined;
  readonly #size: number;
  constructor(size: number) {
    this.#size = size;
  }
  size(): number {
    return this.#size;
  }
  read(): number {
    return 0;
  }
  close(): void {}
}

const unreadable = (
  code: string,
  step: 'open' | 'read',
  { linked = false, outside, instead }: Partial<Pick<Unreadable, 'linked' | 'outside' | 'instead'>> = {},
): Unreadable => ({ kind: 'unreadable', code, step, outside, instead, linked });
