import * as fs from 'node:fs';
import type { ManifestChange } from '../checkpoint/manifest.ts';
import { UnusablePath } from '../checkpoint/unusable.ts';
import { isOfJournals } from '../layout/names.ts';
import { LIMITS } from '../source/collect.ts';
import { errnoText } from '../source/errno.ts';
import { AccessDenied, join } from '../source/source.ts';
import { bytesOf, compareTexts, textOf } from '../text/lossless.ts';
import type { Capture, Captured } from './captured.ts';

/** Not blocking: a FIFO in a file's place must not hang the reader; and no link is followed. */
const READ_FLAGS = fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** How often what changes is read again before it is given up. */
const MOST_ROUNDS = 5;
/** The clock of a file system may stand still for so long: what was written so recently may be written again unseen. */
const RACY_NS = 2_000_000_000n;

/** What tells that a file is another one now. */
interface Mark {
  readonly ino: bigint;
  readonly mode: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/** What was read, and how the path looked then. */
interface Seen {
  readonly captured: Captured;
  readonly mark: Mark;
}

/** A test's way to change the tree while it is read. */
export interface CaptureHooks {
  /** All has been read so often, and is now looked at again. */
  readonly round?: (round: number) => void;
}

/**
 * Reads a folder of an agent that may be running: `path` is what it is called in the work_dir. What has changed by the
 * time that all is read is read again, until nothing changes any more, or five times.
 * @throws AccessDenied where something may not be read, UnusablePath where it is too much
 */
export const capture = (folder: string, path: string, hooks: CaptureHooks = {}): Capture => {
  const reader = new TreeReader(folder, path);
  const retries = new Map<string, { what: ManifestChange['what']; count: number }>();
  reader.read(path);
  for (let round = 1; ; round++) {
    hooks.round?.(round);
    const changes = reader.differences();
    if (changes.size === 0 || round > MOST_ROUNDS) {
      return { entries: reader.entries(), changes: changesOf(retries, changes) };
    }
    for (const [changed, what] of changes) {
      const before = retries.get(changed);
      retries.set(changed, {
        what: before?.what === what ? what : (before?.what ?? what),
        count: (before?.count ?? 0) + 1,
      });
      reader.read(changed);
    }
  }
};

const changesOf = (
  retries: ReadonlyMap<string, { readonly what: ManifestChange['what']; readonly count: number }>,
  unsettled: ReadonlyMap<string, ManifestChange['what']>,
): readonly ManifestChange[] =>
  [...new Set([...retries.keys(), ...unsettled.keys()])].sort(compareTexts).map((path) => ({
    path,
    what: unsettled.get(path) ?? retries.get(path)?.what ?? 'changed',
    retries: retries.get(path)?.count ?? 0,
    settled: !unsettled.has(path),
  }));

class TreeReader {
  readonly #folder: string;
  readonly #path: string;
  readonly #seen = new Map<string, Seen>();
  #bytes = 0;

  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
  }

  entries(): readonly Captured[] {
    return [...this.#seen.values()].map(({ captured }) => captured).sort((a, b) => compareTexts(a.path, b.path));
  }

  /** Reads what is at a path now, and all below it. */
  read(path: string): void {
    this.#forget(path);
    const stats = this.#stat(path);
    if (stats === undefined) return;
    const seen = this.#readOne(path, stats);
    if (seen === undefined) return;
    this.#seen.set(path, seen);
    this.#bytes += seen.captured.bytes.length;
    if (seen.captured.kind === 'folder') for (const name of this.#names(path)) this.read(join(path, name));
  }

  /** The paths that are not as they were when they were read; of what is new or gone, the topmost. */
  differences(): ReadonlyMap<string, ManifestChange['what']> {
    const changes = new Map<string, ManifestChange['what']>();
    const visit = (path: string): void => {
      const seen = this.#seen.get(path);
      const stats = this.#stat(path);
      if (seen === undefined || stats === undefined) {
        if (seen !== undefined) changes.set(path, 'vanished');
        else if (stats !== undefined) changes.set(path, 'appeared');
        return;
      }
      if (seen.captured.kind !== 'folder' || kindOf(stats) !== 'folder') {
        if (!isSame(seen.mark, stats)) changes.set(path, 'changed');
        return;
      }
      const before = this.#childrenOf(path);
      const now = this.#names(path);
      for (const name of new Set([...before, ...now])) visit(join(path, name));
    };
    visit(this.#path);
    return changes;
  }

  #childrenOf(path: string): readonly string[] {
    if (this.#children === undefined) {
      this.#children = new Map();
      for (const each of this.#seen.keys()) {
        const cut = each.lastIndexOf('/');
        const folder = each.slice(0, Math.max(0, cut));
        const list = this.#children.get(folder);
        if (list === undefined) this.#children.set(folder, [each.slice(cut + 1)]);
        else list.push(each.slice(cut + 1));
      }
    }
    return this.#children.get(path) ?? [];
  }
  #children: Map<string, string[]> | undefined;

  #forget(path: string): void {
    this.#children = undefined;
    if (!this.#seen.has(path)) return;
    for (const [each, { captured }] of this.#seen) {
      if (each !== path && !each.startsWith(`${path}/`)) continue;
      this.#bytes -= captured.bytes.length;
      this.#seen.delete(each);
    }
  }

  #readOne(path: string, stats: fs.BigIntStats): Seen | undefined {
    const kind = kindOf(stats);
    if (kind === 'file') return this.#readFile(path);
    const captured = { ...attributesOf(path, stats), kind, bytes: NOTHING, size: 0, failure: undefined, target: '' };
    if (kind !== 'link') return { captured, mark: stats };
    try {
      return {
        captured: { ...captured, target: textOf(fs.readlinkSync(this.#at(path), { encoding: 'buffer' })) },
        mark: stats,
      };
    } catch {
      return undefined;
    }
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
      descriptor = fs.openSync(this.#at(path), READ_FLAGS);
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
      const captured = { ...attributesOf(path, stats), kind: 'file' as const, bytes, size, failure, target: '' };
      return { captured, mark: stats };
    } finally {
      fs.closeSync(descriptor);
    }
  }

  #content(path: string, descriptor: number, size: number): Pick<Captured, 'bytes' | 'failure'> {
    // One more, so that what was added in the meantime shows.
    this.#checkRoom(size);
    let bytes = Buffer.allocUnsafe(size + 1);
    for (let at = 0; ; ) {
      if (at === bytes.length) {
        this.#checkRoom(at * 2);
        bytes = Buffer.concat([bytes, Buffer.allocUnsafe(at)]);
      }
      try {
        const count = fs.readSync(descriptor, bytes, at, bytes.length - at, at);
        if (count === 0) return { bytes: Buffer.from(bytes.subarray(0, at)), failure: undefined };
        at += count;
      } catch (error) {
        const code = codeOf(error);
        checkAllowed(path, code);
        return { bytes: Buffer.from(bytes.subarray(0, at)), failure: { code, at } };
      }
    }
  }

  #checkRoom(more: number): void {
    if (this.#bytes + more <= LIMITS.bytes) return;
    const most = LIMITS.bytes / 1024 ** 2;
    throw new UnusablePath(
      this.#folder,
      `its files take more than ${most} MiB, which no snapshot may have; pack it with tar`,
    );
  }

  /** The disk does not give it back: that is all that is known of its content. */
  #unreadable(path: string, code: string): Seen | undefined {
    const stats = this.#stat(path);
    if (stats === undefined) return undefined;
    const captured = {
      ...attributesOf(path, stats),
      kind: 'file' as const,
      bytes: NOTHING,
      size: Number(stats.size),
      failure: { code, at: 0 },
      target: '',
    };
    return { captured, mark: stats };
  }

  /** The names in a folder; journals that lie in `meta` itself are no part of the checkpoint. */
  #names(path: string): readonly string[] {
    try {
      const all = fs.readdirSync(this.#at(path), { encoding: 'buffer' }).map((name) => textOf(name));
      return path === this.#path ? all.filter((name) => !isOfJournals(name)) : all;
    } catch (error) {
      const code = codeOf(error);
      checkAllowed(path, code);
      if (code === 'ENOENT' || code === 'ENOTDIR') return [];
      throw new AccessDenied(path, errnoText(code), 'cannot list');
    }
  }

  #stat(path: string): fs.BigIntStats | undefined {
    try {
      return fs.lstatSync(this.#at(path), { bigint: true });
    } catch (error) {
      checkAllowed(path, codeOf(error));
      return undefined;
    }
  }

  #at(path: string): string | Buffer {
    const at = `${this.#folder}${path.slice(this.#path.length)}`;
    return at.isWellFormed() ? at : bytesOf(at);
  }
}

const NOTHING = Buffer.alloc(0);

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'EIO';

/** What may not be looked at would be missing in the snapshot. */
const checkAllowed = (path: string, code: string): void => {
  if (code === 'EACCES' || code === 'EPERM') throw new AccessDenied(path);
};

const kindOf = (stats: fs.BigIntStats): Captured['kind'] => {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'fifo';
  return stats.isSocket() ? 'socket' : 'device';
};

const attributesOf = (path: string, { mode, uid, gid, mtimeNs }: fs.BigIntStats) => ({
  path,
  mode: Number(mode & 0o7777n),
  uid: Number(uid),
  gid: Number(gid),
  modifiedNs: mtimeNs,
});

const isSame = (a: Mark, b: Mark): boolean =>
  a.ino === b.ino && a.mode === b.mode && a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;

const isRecent = ({ mtimeNs }: Mark): boolean => BigInt(Date.now()) * 1_000_000n - mtimeNs < RACY_NS;
