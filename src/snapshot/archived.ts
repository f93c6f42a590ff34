import type { ManifestEntry } from '../checkpoint/manifest.ts';
import type { Opened } from '../checkpoint/open.ts';
import { UnusablePath } from '../checkpoint/unusable.ts';
import * as names from '../layout/names.ts';
import { advance, during } from '../program/progress.ts';
import { errnoText } from '../source/errno.ts';
import { LIMITS } from '../source/limits.ts';
import { AccessDenied, type Attributes, type EntryKind, isErrno, join, type Source } from '../source/source.ts';
import { compareTexts } from '../text/lossless.ts';
import type { Captured } from './captured.ts';

const NOTHING = Buffer.alloc(0);

/** What an archive does not say of its members. */
const UNSAID = { folder: 0o755, other: 0o644 };

/**
 * What an archive holds of a checkpoint, as `capture` has it of a folder. Nothing of it changes while it is read. `taken` is the
 * time, in ns since 1970, that what has none gets.
 * @throws AccessDenied where something is not in the archive, UnusablePath where it is too much
 */
export const entriesOf = ({ tree, manifest }: Opened, taken: bigint): readonly Captured[] => {
  const noted = new Map((manifest?.entries ?? []).map((entry) => [entry.path, entry]));
  return during('reading files', undefined, () => new ArchiveReader(tree.source, noted, taken).entries());
};

class ArchiveReader {
  readonly #source: Source;
  readonly #noted: ReadonlyMap<string, ManifestEntry>;
  readonly #taken: bigint;
  readonly #entries: Captured[] = [];
  #bytes = 0;

  constructor(source: Source, noted: ReadonlyMap<string, ManifestEntry>, taken: bigint) {
    this.#source = source;
    this.#noted = noted;
    this.#taken = taken;
  }

  entries(): readonly Captured[] {
    this.#read(names.META, this.#source.kindOf(names.META) ?? 'folder');
    return this.#entries.sort((a, b) => compareTexts(a.path, b.path));
  }

  #read(path: string, kind: EntryKind): void {
    advance();
    const content = kind === 'file' ? this.#contentOf(path) : { bytes: NOTHING, size: 0, failure: undefined };
    const own = kind === 'other' ? (this.#source.specialKind?.(path) ?? 'device') : kind;
    const target = kind === 'link' ? this.#source.linkTarget(path) : '';
    const attributes = this.#attributesOf(path, kind);
    this.#entries.push({ path, kind: own, ...attributes, ...content, target: isErrno(target) ? '' : target });
    if (kind === 'folder') for (const entry of this.#list(path)) this.#read(join(path, entry.name), entry.kind);
  }

  /** Journals that lie in `meta` itself are no part of the checkpoint. */
  #list(path: string) {
    const all = this.#source.list(path);
    if (isErrno(all)) throw new AccessDenied(path, errnoText(all.code), 'cannot list');
    return path === names.META ? all.filter(({ name }) => !names.isOfJournals(name)) : all;
  }

  /** What is known of it: by the manifest of a snapshot, or else by its member. */
  #attributesOf(path: string, kind: EntryKind): Attributes {
    const entry = this.#noted.get(path);
    if (entry !== undefined) {
      const { mode, uid, gid, modified } = entry;
      return { mode: Number.parseInt(mode, 8), uid, gid, modifiedNs: BigInt(modified) };
    }
    const unsaid = { mode: UNSAID[kind === 'folder' ? 'folder' : 'other'], uid: 0, gid: 0, modifiedNs: this.#taken };
    return this.#source.attributes?.(path) ?? unsaid;
  }

  /** All that is there of a file: where reading it failed when it was packed, what comes before. */
  #contentOf(path: string): Pick<Captured, 'bytes' | 'size' | 'failure'> {
    const file = this.#source.open(path);
    if (isErrno(file)) return { bytes: NOTHING, size: 0, failure: { code: file.code, at: 0 } };
    try {
      const size = file.size();
      this.#checkRoom(size);
      const bytes = Buffer.alloc(size);
      for (let at = 0; at < size; ) {
        const count = file.read(bytes, at, size - at, at);
        if (isErrno(count)) return { bytes: bytes.subarray(0, at), size, failure: { code: count.code, at } };
        if (count === 0) break;
        at += count;
      }
      return { bytes, size, failure: undefined };
    } finally {
      file.close();
    }
  }

  #checkRoom(more: number): void {
    this.#bytes += more;
    if (this.#bytes <= LIMITS.bytes) return;
    throw new UnusablePath(
      this.#source.name,
      `its files take more than ${LIMITS.bytes / 1024 ** 2} MiB, which no snapshot may have`,
    );
  }
}
