import type { namesIn } from '../layout/kinds.ts';
import { LATEST } from '../layout/names.ts';
import { errnoText } from '../source/errno.ts';
import { AccessDenied, baseName, type Entry, type EntryKind, isErrno, join } from '../source/source.ts';
import type { LatestLink, Stray } from './files.ts';
import type { FileReader } from './read.ts';

const NONE: readonly Stray[] = Object.freeze([]);

/**
 * How many folders links may show a second time. Links of each level to their neighbours, a hundred of each, show the few
 * files that there are a hundred million times.
 */
const MOST_SHOWN_AGAIN = 100_000;

/** Whether the agent can take an entry for a folder. */
export const isFolder = ({ kind }: Entry): boolean => kind === 'folder' || kind === 'link';

/** The names in a folder that was listed once. */
export class Folder {
  readonly path: string;
  readonly isFolder: boolean;
  /** What the agent's `*` shows. */
  readonly entries: readonly Entry[];
  readonly #all: readonly Entry[];

  constructor(path: string, entries: readonly Entry[], isFolder: boolean) {
    this.path = path;
    this.isFolder = isFolder;
    this.#all = entries;
    this.entries = entries.some((e) => e.name.startsWith('.'))
      ? entries.filter((e) => !e.name.startsWith('.'))
      : entries;
  }

  kindOf(name: string): EntryKind | undefined {
    for (const entry of this.#all) if (entry.name === name) return entry.kind;
    return undefined;
  }

  /** Names that begin with a dot: the agent's `*` does not show them. */
  hidden(): readonly Stray[] {
    return this.entries === this.#all
      ? NONE
      : this.#all.flatMap(({ name, kind }) => (name.startsWith('.') ? [{ path: join(this.path, name), kind }] : []));
  }

  /** What is in a folder of ids, and is no folder: the agent takes its name for an id all the same. */
  idsWithoutFolder(): readonly Stray[] {
    if (this.entries.every(isFolder)) return NONE;
    return this.entries.flatMap(({ name, kind }) =>
      name === LATEST || isFolder({ name, kind }) ? [] : [{ path: join(this.path, name), kind }],
    );
  }

  /** What has none of the names that belong here. */
  strays(known: ReturnType<typeof namesIn>): readonly Stray[] {
    if (this.#all.every((entry) => known.has(entry.name))) return NONE;
    return this.#all
      .filter((entry) => !known.has(entry.name))
      .map((entry) => ({ path: join(this.path, entry.name), kind: entry.kind }));
  }
}

/** Lists the folders of a tree as the agent would, and keeps in mind what is in the place of one. */
export class FolderReader {
  readonly #files: FileReader;
  /** What is where a folder belongs, and is none. */
  readonly misplaced: Stray[] = [];
  /** The folders that links have shown, by where they are. */
  readonly #shown = new Set<string>();
  #shownAgain = 0;

  constructor(files: FileReader) {
    this.#files = files;
  }

  /** Lists what is in a folder that was listed. */
  inside(folder: Folder, name: string): Folder {
    return this.list(join(folder.path, name), folder.kindOf(name));
  }

  /** Lists a folder, or where a link in its place leads. */
  list(path: string, kind: EntryKind | undefined): Folder {
    if (kind === undefined) return new Folder(path, [], false);
    if (kind === 'file' || kind === 'other') return this.#noFolder(path, kind);
    if (kind === 'link') {
      const resolved = this.#files.follow(path);
      // The agent would follow it, and what it finds there decides.
      if (resolved.kind === 'outside') {
        throw new AccessDenied(
          path,
          `it is a link to ${resolved.target}, out of the tree; give a PATH that holds it`,
          'cannot follow',
        );
      }
      if (resolved.kind !== 'found' || resolved.entry !== 'folder') return this.#noFolder(path, kind);
      this.#files.leadThrough(path, resolved.path);
    }
    const real = this.#files.real(path);
    if (real !== path) this.#show(real);
    const entries = this.#files.tree.source.list(real);
    if (!isErrno(entries)) return new Folder(path, entries, true);
    if (entries.code === 'EACCES' || entries.code === 'EPERM') throw new AccessDenied(path);
    if (entries.code === 'ENOTDIR' || entries.code === 'ENOENT') return new Folder(path, [], false);
    // What cannot be listed is not empty: nothing can be predicted of it.
    throw new AccessDenied(path, errnoText(entries.code), 'cannot list');
  }

  /** Keeps count of what links show, which may be more than fits into memory. */
  #show(real: string): void {
    const number = this.#shown.size;
    this.#shown.add(real);
    if (this.#shown.size > number) return;
    this.#shownAgain++;
    if (this.#shownAgain > MOST_SHOWN_AGAIN) {
      const why = `links show it and others again, more than ${MOST_SHOWN_AGAIN} folders in all; take such links away`;
      throw new AccessDenied(real, why, 'cannot read');
    }
  }

  #noFolder(path: string, kind: EntryKind): Folder {
    this.misplaced.push({ path, kind });
    return new Folder(path, [], false);
  }
}

/** What the `latest` of a folder leads to: `os::realpath` on the agent. */
export const readLatest = (files: FileReader, folder: Folder): LatestLink => {
  const kind = folder.kindOf(LATEST);
  if (kind === undefined) return { kind: 'absent', vanished: false };
  const { source, home } = files.tree;
  const path = join(folder.path, LATEST);
  if (kind !== 'link') return { kind: 'found', name: LATEST, path, target: undefined };
  const target = source.linkTarget(files.real(path));
  if (isErrno(target)) return { kind: 'unresolvable', code: target.code, target: undefined };
  // The usual case needs no look at the disk: the target is in this folder, under its true name.
  const name = baseName(target);
  if (folder.kindOf(name) === 'folder' && target === `${home}/${join(folder.path, name)}`) {
    return { kind: 'found', name, path: join(folder.path, name), target };
  }
  const resolved = files.follow(path);
  switch (resolved.kind) {
    case 'found':
      return {
        kind: 'found',
        name: baseName(resolved.path === '' ? home : resolved.path),
        path: resolved.path,
        target,
      };
    case 'missing':
      return { kind: 'dangling', target };
    case 'loop':
      return { kind: 'unresolvable', code: 'ELOOP', target };
    case 'outside': {
      const elsewhere = baseName(resolved.target.replace(/\/+$/, ''));
      const isBeside = folder.kindOf(elsewhere) !== undefined;
      // The same place in another work_dir, where nothing is beside that could be meant.
      const isOther = resolved.target.endsWith(`/${join(folder.path, elsewhere)}`);
      return isOther && !isBeside
        ? { kind: 'dangling', target }
        : { kind: 'outside', name: elsewhere, target, beside: isBeside };
    }
  }
};
