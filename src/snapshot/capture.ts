import * as fs from 'node:fs';
import type { ManifestChange } from '../checkpoint/manifest.ts';
import { UnusablePath } from '../checkpoint/unusable.ts';
import { advance, during } from '../program/progress.ts';
import { LIMITS } from '../source/limits.ts';
import { baseName, type EntryKind, isErrno, join } from '../source/source.ts';
import { compareTexts, sortTexts } from '../text/lossless.ts';
import type { Capture, Captured } from './captured.ts';
import { type Changes, changesSince } from './changes.ts';
import { checkAllowed, codeOf, DiskTree, kindOf } from './disk-tree.ts';
import { type Marks, markOf, marksOf, type Seen } from './marks.ts';
import type { LookBeside } from './threads/beside.ts';

/** Not blocking: a FIFO in a file's place must not hang the reader; and no link is followed. */
const READ_FLAGS = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** How often what changes is read again before it is given up. */
const MOST_ROUNDS = 5;
/** Files of so many bytes at most share a buffer, of this size. */
const SMALL = 64 * 1024;
const SHARED = 1024 * 1024;
/** The clock of a file system may stand still for so long: what was written so recently may be written again unseen. */
const RACY_NS = 2_000_000_000n;

/** What is done besides while a tree is read. */
export interface CaptureHooks {
  /** A test's way to change the tree: all has been read so often, and is now looked at again. */
  readonly round?: ((round: number) => void) | undefined;
  /** Looks for changes in another thread, after the first reading. */
  readonly lookBeside?: LookBeside | undefined;
  /** What can be done with what was read while another thread looks: of no use where that finds a change. */
  readonly meanwhile?: ((entries: readonly Captured[]) => void) | undefined;
}

/**
 * Reads a folder of an agent that may be running: `path` is what it is called in the work_dir. What has changed by the
 * time that all is read is read again, until nothing changes any more, or five times. Where nothing has, the entries are those
 * that `meanwhile` was given.
 * @throws AccessDenied where something may not be read, UnusablePath where it is too much
 */
export const capture = (folder: string, path: string, hooks: CaptureHooks = {}): Capture => {
  const reader = new TreeReader(folder, path);
  const retries = new Map<string, { what: ManifestChange['what']; count: number }>();
  during('reading files', undefined, () => reader.read(path));
  let entries = reader.entries();
  for (let round = 1; ; round++) {
    hooks.round?.(round);
    const changes = round === 1 ? firstChanges(reader, entries, hooks) : changesNow(reader);
    if (changes.size === 0 || round > MOST_ROUNDS) return { entries, changes: changesOf(retries, changes) };
    for (const [changed, what] of changes) {
      const before = retries.get(changed);
      retries.set(changed, {
        what: before?.what === what ? what : (before?.what ?? what),
        count: (before?.count ?? 0) + 1,
      });
      reader.read(changed);
    }
    entries = reader.entries();
  }
};

const LOOKING = 'looking for changes';

const changesNow = (reader: TreeReader): Changes =>
  during(LOOKING, reader.count, () => changesSince(reader.tree, reader.marks(), advance));

/** The changes since the first reading: where another thread looks for them, something else is done meanwhile. */
const firstChanges = (
  reader: TreeReader,
  entries: readonly Captured[],
  { lookBeside, meanwhile }: CaptureHooks,
): Changes => {
  const { source, path } = reader.tree;
  const answer = lookBeside?.(source.folder, path, entries.length, () => reader.marks());
  if (answer === undefined) return changesNow(reader);
  meanwhile?.(entries);
  return during(LOOKING, reader.count, answer) ?? changesNow(reader);
};

const changesOf = (
  retries: ReadonlyMap<string, { readonly what: ManifestChange['what']; readonly count: number }>,
  unsettled: ReadonlyMap<string, ManifestChange['what']>,
): readonly ManifestChange[] =>
  sortTexts([...new Set([...retries.keys(), ...unsettled.keys()])]).map((path) => ({
    path,
    what: unsettled.get(path) ?? retries.get(path)?.what ?? 'changed',
    retries: retries.get(path)?.count ?? 0,
    settled: !unsettled.has(path),
  }));

class TreeReader {
  readonly tree: DiskTree;
  /** What holds the whole tree, as a folder holds what is in it. */
  readonly #top = new Map<string, Seen>();
  #bytes = 0;
  /** How much was read, what was read again included. */
  count = 0;

  constructor(folder: string, path: string) {
    this.tree = new DiskTree(folder, path);
  }

  entries(): readonly Captured[] {
    const all: Captured[] = [];
    for (const seen of this.#top.values()) eachBelow(seen, ({ captured }) => all.push(captured));
    return all.sort((a, b) => compareTexts(a.path, b.path));
  }

  /** Reads what is at a path now, and all below it. */
  read(path: string): void {
    const siblings = this.#siblingsOf(path);
    const name = baseName(path);
    this.#forget(siblings, name);
    const seen = this.#readTree(path, undefined);
    if (seen !== undefined) siblings?.set(name, seen);
  }

  /** How all that was read looked then. */
  marks(): Marks {
    let count = 0;
    for (const seen of this.#top.values()) eachBelow(seen, () => count++);
    return marksOf(this.#top, count);
  }

  /** Where what is at a path is kept; undefined where the folder above it is gone. */
  #siblingsOf(path: string): Map<string, Seen> | undefined {
    let siblings: Map<string, Seen> | undefined = this.#top;
    const parts = path.slice(this.tree.path.length).split('/');
    // The first part is the empty one before the tree's own path.
    let name = baseName(this.tree.path);
    for (const part of parts.slice(1)) {
      siblings = siblings?.get(name)?.children;
      name = part;
    }
    return siblings;
  }

  #forget(siblings: Map<string, Seen> | undefined, name: string): void {
    const seen = siblings?.get(name);
    if (seen === undefined) return;
    eachBelow(seen, ({ captured }) => {
      this.#bytes -= captured.bytes.length;
    });
    siblings?.delete(name);
  }

  /** `kind` is what the folder above says that it is: a file is not looked at before it is opened. */
  #readTree(path: string, kind: EntryKind | undefined): Seen | undefined {
    const seen = kind === 'file' ? this.#readFile(path) : this.#look(path);
    if (seen === undefined) return undefined;
    this.count++;
    advance();
    this.#bytes += seen.captured.bytes.length;
    if (seen.captured.kind !== 'folder') return seen;
    for (const { name, kind } of this.tree.list(path)) {
      const child = this.#readTree(join(path, name), kind);
      if (child !== undefined) seen.children.set(name, child);
    }
    return seen;
  }

  #look(path: string): Seen | undefined {
    const stats = this.tree.stat(path);
    return stats === undefined ? undefined : this.#readOne(path, stats);
  }

  #readOne(path: string, stats: fs.BigIntStats): Seen | undefined {
    const kind = kindOf(stats);
    if (kind === 'file') return this.#readFile(path);
    const target = kind === 'link' ? this.tree.source.linkTarget(path) : '';
    if (isErrno(target)) return undefined;
    const captured = capturedOf(path, kind, stats, { ...EMPTY, target });
    if (kind !== 'folder') return seenOf(captured, stats);
    return { captured, mark: markOf(captured, stats), children: new Map(), isRacy: isRecent(stats) };
  }

  /** Reads a file twice where it was written so recently that its times might not tell. */
  #readFile(path: string): Seen | undefined {
    let first = this.#readOnce(path);
    for (let i = 0; first !== undefined && isRecent(first.mark) && i < MOST_ROUNDS; i++) {
      const again = this.#readOnce(path);
      if (again === undefined || again.captured.bytes.equals(first.captured.bytes)) return again;
      first = again;
    }
    return first;
  }

  #readOnce(path: string): Seen | undefined {
    let descriptor: number;
    try {
      descriptor = fs.openSync(this.tree.at(path), READ_FLAGS);
    } catch (error) {
      const code = codeOf(error);
      checkAllowed(path, code);
      // Gone, or no file any more: the next look at the folder will tell.
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENXIO') return undefined;
      return this.#unreadable(path, code);
    }
    try {
      const stats = fs.fstatSync(descriptor, { bigint: true });
      if (!stats.isFile()) return undefined;
      const { bytes, failure } = this.#content(path, descriptor, Number(stats.size));
      const size = failure === undefined ? bytes.length : Math.max(bytes.length, Number(stats.size));
      return seenOf(capturedOf(path, 'file', stats, { bytes, size, failure, target: '' }), stats);
    } finally {
      fs.closeSync(descriptor);
    }
  }

  #content(path: string, descriptor: number, size: number): Pick<Captured, 'bytes' | 'failure'> {
    this.#checkRoom(size);
    // One more, so that what was added in the meantime shows: where less is read than was asked for, that is it.
    const asked = size + 1;
    let bytes = this.#room(asked);
    for (let at = 0; ; ) {
      if (at === bytes.length) {
        this.#checkRoom(at * 2);
        bytes = Buffer.concat([bytes, Buffer.allocUnsafe(at)]);
      }
      try {
        const wanted = bytes.length - at;
        const count = fs.readSync(descriptor, bytes, at, wanted, at);
        at += count;
        if (count === 0 || (count < wanted && at >= size)) return { bytes: this.#keep(bytes, at), failure: undefined };
      } catch (error) {
        const code = codeOf(error);
        checkAllowed(path, code);
        return { bytes: this.#keep(bytes, at), failure: { code, at } };
      }
    }
  }

  /** Where so many bytes can be read to: of small files, one buffer takes many. */
  #room(asked: number): Buffer {
    if (asked > SMALL) return Buffer.allocUnsafeSlow(asked);
    if (this.#used + asked > this.#shared.length) {
      this.#shared = Buffer.allocUnsafeSlow(SHARED);
      this.#used = 0;
    }
    return this.#shared.subarray(this.#used, this.#used + asked);
  }

  /** What was read, to be kept. */
  #keep(bytes: Buffer, length: number): Buffer {
    if (bytes.buffer === this.#shared.buffer) this.#used += length;
    return bytes.subarray(0, length);
  }
  #shared = Buffer.alloc(0);
  #used = 0;

  #checkRoom(more: number): void {
    if (this.#bytes + more <= LIMITS.bytes) return;
    const most = LIMITS.bytes / 1024 ** 2;
    throw new UnusablePath(
      this.tree.source.name,
      `its files take more than ${most} MiB, which no snapshot may have; pack it with tar`,
    );
  }

  /** The disk does not give it back: that is all that is known of its content. */
  #unreadable(path: string, code: string): Seen | undefined {
    const stats = this.tree.stat(path);
    if (stats === undefined) return undefined;
    const size = Number(stats.size);
    return seenOf(capturedOf(path, 'file', stats, { ...EMPTY, size, failure: { code, at: 0 } }), stats);
  }
}

const eachBelow = (seen: Seen, visit: (seen: Seen) => void): void => {
  visit(seen);
  for (const child of seen.children.values()) eachBelow(child, visit);
};

/** Something that holds nothing. */
const seenOf = (captured: Captured, stats: fs.BigIntStats): Seen => ({
  captured,
  mark: markOf(captured, stats),
  children: NO_CHILDREN,
  isRacy: false,
});
const NO_CHILDREN: Map<string, Seen> = new Map();

const NOTHING = Buffer.alloc(0);

type Content = Pick<Captured, 'bytes' | 'size' | 'failure' | 'target'>;

const EMPTY: Content = { bytes: NOTHING, size: 0, failure: undefined, target: '' };

/** Field by field, because there may be hundreds of thousands: what is spread takes several times as long. */
const capturedOf = (
  path: string,
  kind: Captured['kind'],
  { mode, uid, gid, mtimeNs }: fs.BigIntStats,
  { bytes, size, failure, target }: Content,
): Captured => ({
  path,
  kind,
  mode: Number(mode) & 0o7777,
  uid: Number(uid),
  gid: Number(gid),
  modifiedNs: mtimeNs,
  bytes,
  size,
  failure,
  target,
});

const isRecent = ({ mtimeNs }: { readonly mtimeNs: bigint }): boolean =>
  BigInt(Date.now()) * 1_000_000n - mtimeNs < RACY_NS;
