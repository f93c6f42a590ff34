import type { Change } from '../plan/change.ts';
import { chosen, type Entry, keyOf } from './entry.ts';
import { foldersOf } from './scope.ts';

/**
 * The entries of a search, in the order in which they were taken in. What is asked for each of many findings is found by
 * the paths that it is about: there may be as many entries as findings.
 */
export class Entries {
  /** Each with how many were taken in before it. */
  readonly #all = new Map<Entry, number>();
  #taken = 0;
  /** By the key of a finding: those that mend it. */
  readonly #byMended = new Map<string, Set<Entry>>();
  /** By path: those that change just that, but for folders that are made, which may be on the way of many. */
  readonly #byPath = new Map<string, Set<Entry>>();
  readonly #byFolder = new Map<string, Set<Entry>>();
  /** By folder: those that change something in it, however deep. */
  readonly #below = new Map<string, Set<Entry>>();
  /** What was taken in or out since that was asked for. */
  readonly #moved = new Set<Entry>();

  constructor(entries: readonly Entry[] = []) {
    for (const entry of entries) this.add(entry);
  }

  get all(): readonly Entry[] {
    return [...this.#all.keys()];
  }

  /** The entry that mends a finding. */
  mending(key: string): Entry | undefined {
    return first(this.#byMended.get(key));
  }

  /** The entries that change what is at a path itself. */
  at(path: string): readonly Entry[] {
    return [...(this.#byPath.get(path) ?? []), ...(this.#byFolder.get(path) ?? [])];
  }

  /** The entry that makes a file or a link at a path. */
  making(path: string): Entry | undefined {
    return first([...(this.#byPath.get(path) ?? [])].filter((entry) => chosen(entry).changes.some(isMaking(path))));
  }

  /** The entries that touch what some changes touch, in their order. */
  colliding(changes: readonly Change[]): readonly Entry[] {
    const near = new Set<Entry>();
    const look = (index: ReadonlyMap<string, ReadonlySet<Entry>>, path: string): void => {
      for (const entry of index.get(path) ?? []) near.add(entry);
    };
    for (const { kind, path } of changes) {
      look(this.#byPath, path);
      if (kind !== 'create-folder') look(this.#byFolder, path);
      if (kind === 'set-aside') look(this.#below, path);
      for (const folder of foldersOf(path)) look(this.#byPath, folder);
    }
    const found = [...near].filter((entry) => chosen(entry).changes.some((change) => collides(change, changes)));
    return found.sort((a, b) => (this.#all.get(a) ?? 0) - (this.#all.get(b) ?? 0));
  }

  add(entry: Entry): void {
    this.#all.set(entry, this.#taken++);
    this.#moved.add(entry);
    this.#eachIndex(entry, (index, key) => {
      const entries = index.get(key);
      if (entries === undefined) index.set(key, new Set([entry]));
      else entries.add(entry);
    });
  }

  remove(entry: Entry): void {
    this.#all.delete(entry);
    this.#moved.add(entry);
    this.#eachIndex(entry, (index, key) => index.get(key)?.delete(entry));
  }

  /** The entries that were taken in or out since this was asked for the last time. */
  moved(): readonly Entry[] {
    const moved = [...this.#moved];
    this.#moved.clear();
    return moved;
  }

  #eachIndex(entry: Entry, action: (index: Map<string, Set<Entry>>, key: string) => void): void {
    for (const finding of entry.mends) action(this.#byMended, keyOf(finding));
    for (const { kind, path } of chosen(entry).changes) {
      action(kind === 'create-folder' ? this.#byFolder : this.#byPath, path);
      for (const folder of foldersOf(path)) action(this.#below, folder);
    }
  }
}

const first = <T>(all: Iterable<T> | undefined): T | undefined => {
  for (const each of all ?? []) return each;
  return undefined;
};

const isMaking =
  (path: string) =>
  (change: Change): boolean =>
    (change.kind === 'create-file' || change.kind === 'create-link') && change.path === path;

/** Whether a change touches what others touch: the same path, or one below a folder that goes. */
const collides = (change: Change, others: readonly Change[]): boolean =>
  others.some(
    (other) =>
      (change.path === other.path && (change.kind !== 'create-folder' || other.kind !== 'create-folder')) ||
      (other.kind === 'set-aside' && change.path.startsWith(`${other.path}/`)) ||
      (change.kind === 'set-aside' && other.path.startsWith(`${change.path}/`)),
  );
