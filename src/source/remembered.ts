import { isEnd } from './last-read.ts';
import { MemoryFile } from './memory.ts';
import type { Entry, EntryKind, Errno, OpenFile, Source, SpecialKind } from './source.ts';
import { isErrno } from './source.ts';

/** Bytes of files that are kept at most until all is forgotten. */
const MOST_KEPT = 1024 * 1024;
/** So much of a file is read before its size is asked for. */
const FIRST_READ = 64 * 1024;

/**
 * A source that keeps what it has answered until it is told to forget it, so that two who ask the same one after the other see the
 * same, and the disk is asked once. Failures are not kept, nor what a path is, nor large files: those are asked for again.
 */
export class RememberingSource implements Source {
  readonly name: string;
  readonly #base: Source;
  #folders = new Map<string, readonly Entry[]>();
  #targets = new Map<string, string>();
  #files = new Map<string, Buffer>();
  readonly #kept = Buffer.allocUnsafeSlow(MOST_KEPT);
  #used = 0;
  #kinds = new Map<string, EntryKind | undefined>();
  #isAnsweredFromMemory = true;

  constructor(base: Source) {
    this.name = base.name;
    this.#base = base;
  }

  /** Forgets all answers. */
  forget(): void {
    // New ones: one that is cleared keeps what it held in a list behind it, which the quick collection of garbage leaves there.
    this.#folders = new Map();
    this.#targets = new Map();
    this.#files = new Map();
    this.#used = 0;
  }

  /** From now on notes what is asked for that is not in memory. */
  note(): void {
    this.#kinds = new Map();
    this.#isAnsweredFromMemory = true;
  }

  /** Whether another source would have given all answers since `note`, where what was in memory is the same in both. */
  answersAs(other: Source): boolean {
    if (!this.#isAnsweredFromMemory) return false;
    for (const [path, kind] of this.#kinds) if (other.kindOf(path) !== kind) return false;
    return true;
  }

  list(folder: string): readonly Entry[] | Errno {
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    this.#isAnsweredFromMemory = false;
    const entries = this.#base.list(folder);
    if (!isErrno(entries)) this.#folders.set(folder, entries);
    return entries;
  }

  kindOf(path: string): EntryKind | undefined {
    const kind = this.#base.kindOf(path);
    this.#kinds.set(path, kind);
    return kind;
  }

  specialKind(path: string): SpecialKind | undefined {
    this.#isAnsweredFromMemory = false;
    return this.#base.specialKind?.(path);
  }

  linkTarget(path: string): string | Errno {
    const known = this.#targets.get(path);
    if (known !== undefined) return known;
    this.#isAnsweredFromMemory = false;
    const target = this.#base.linkTarget(path);
    if (!isErrno(target)) this.#targets.set(path, target);
    return target;
  }

  modified(path: string): number | undefined {
    this.#isAnsweredFromMemory = false;
    return this.#base.modified(path);
  }

  open(path: string): OpenFile | Errno {
    const known = this.#files.get(path);
    if (known !== undefined) return new MemoryFile(known);
    this.#isAnsweredFromMemory = false;
    const file = this.#base.open(path);
    if (isErrno(file)) return file;
    const bytes = this.#whole(file);
    if (bytes === undefined) return file;
    file.close();
    this.#files.set(path, bytes);
    return new MemoryFile(bytes);
  }

  /** All bytes of an open file; undefined where they are not to be kept, or cannot be read. */
  #whole(file: OpenFile): Buffer | undefined {
    const start = this.#used;
    for (let length = 0; ; ) {
      const room = Math.min(MOST_KEPT - start - length, length === 0 ? FIRST_READ : MOST_KEPT);
      const count = file.read(this.#kept, start + length, room, length);
      if (isErrno(count)) return undefined;
      if (room === 0) return undefined;
      length += count;
      if (isEnd(count, room, length)) {
        this.#used += length;
        return this.#kept.subarray(start, start + length);
      }
      if (count === room && file.size() > MOST_KEPT - start) return undefined;
    }
  }
}
