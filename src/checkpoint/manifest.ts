import { createHash } from 'node:crypto';
import { META } from '../layout/names.ts';
import { LIMITS } from '../source/limits.ts';
import { isErrno, join } from '../source/source.ts';
import type { ArchiveTree } from '../source/tree/tree.ts';
import { isTooLong } from '../source/unpacked.ts';

/** The version of the manifest's form: it is raised where a reader of the old form would be misled. */
export const MANIFEST_VERSION = 1;

/** What a snapshot holds at a path. */
export interface ManifestEntry {
  /** From the work_dir; bytes that are no UTF-8 as lone surrogates (`text/lossless.ts`). */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';
  /** Octal digits. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since 1970, in decimal: more digits than a number holds. */
  readonly modified: string;
  /** Of a file, in bytes. */
  readonly size?: number;
  /** Of the content of a file as it is in the snapshot, in hex. */
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: string;
  /** Where reading the file failed: nothing from that byte on is in the snapshot. */
  readonly failure?: { readonly code: string; readonly at: number };
}

/** What became of a path while the snapshot was taken. */
export interface ManifestChange {
  readonly path: string;
  readonly what: 'changed' | 'appeared' | 'vanished';
  /** How often it was read again. */
  readonly retries: number;
  /** The last time that it was read, nothing changed any more. */
  readonly settled: boolean;
}

/** A mode's verdict, in short. */
export interface ManifestVerdict {
  readonly exitCode: number;
  readonly starts: readonly { readonly verdict: string; readonly stage: string | null }[];
}

/** What `mesos-ckpt snapshot` says of what it took. */
export interface Manifest {
  readonly schemaVersion: number;
  readonly kind: 'mesos-ckpt snapshot';
  /** The version of mesos-ckpt. */
  readonly version: string;
  /** In ISO 8601: when it was begun, and when nothing changed any more. */
  readonly begun: string;
  readonly taken: string;
  /** The machine that it was taken on; `bootId` is null where the kernel did not tell. */
  readonly host: { readonly name: string; readonly bootId: string | null };
  /** The path that was given. */
  readonly path: string;
  /** Where the tree lives on its agent, and whether it was read there. */
  readonly workDir: string;
  readonly inPlace: boolean;
  readonly level: 'work_dir' | 'meta';
  /** Whether the work_dir held more than `meta` and `slaves`, which is not in the snapshot. */
  readonly hasMore: boolean;
  /** Null where nothing was blanked. */
  readonly redacted: ManifestRedaction | null;
  /** What was predicted when it was taken. */
  readonly verdicts: {
    readonly mesosVersion: string;
    readonly rebooted: boolean;
    readonly bootAssumed: boolean;
    readonly strict: ManifestVerdict;
    readonly nonStrict: ManifestVerdict;
  };
  readonly changes: readonly ManifestChange[];
  /** Sorted by the bytes of their paths. */
  readonly entries: readonly ManifestEntry[];
}

/** What was blanked. */
export interface ManifestRedaction {
  /** `all`: also what people put secrets into; before 0.2 it was `secrets` without saying so. */
  readonly scope?: 'secrets' | 'all' | undefined;
  /** How many values of secret fields. */
  readonly values: number;
  /** Bytes that were blanked, in all. */
  readonly bytes: number;
  /** Files of which a part could not be told from a secret, and was blanked. */
  readonly unsure: readonly string[];
  /** Whether what is blanked gives the verdicts of what was there. */
  readonly verdictsKept: boolean;
}

/** A snapshot that is not as its manifest says. */
export class ManifestMismatch extends Error {
  constructor(problem: string) {
    super(`${problem}; without the manifest it would be read as any archive`);
    this.name = 'ManifestMismatch';
  }
}

/**
 * Reads a manifest, and compares with it all that the archive holds.
 * @throws ManifestMismatch where it is none of ours, or the snapshot is not as it was made
 */
export const readManifest = (bytes: Buffer, tree: ArchiveTree): Manifest => {
  const manifest = parse(bytes);
  const told = new Set<string>();
  const stored = manifest.entries.reduce((sum, { failure, size = 0 }) => sum + Math.max(0, failure?.at ?? size), 0);
  if (!(stored <= LIMITS.bytes)) throw new ManifestMismatch('its manifest tells of more than a snapshot may have');
  for (const entry of manifest.entries) {
    told.add(entry.path);
    checkEntry(entry, tree);
  }
  for (const path of pathsOf(tree, tree.root)) {
    const isOfMeta = path === META || path.startsWith(`${META}/`);
    if (isOfMeta && !told.has(path)) throw new ManifestMismatch(`${path} is in it, and not in its manifest`);
  }
  return manifest;
};

const parse = (bytes: Buffer): Manifest => {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ManifestMismatch('its manifest is not JSON');
  }
  const manifest = value as Partial<Manifest> | null;
  if (typeof manifest !== 'object' || manifest === null || manifest.kind !== 'mesos-ckpt snapshot') {
    throw new ManifestMismatch("its manifest is not a snapshot's");
  }
  if (manifest.schemaVersion !== MANIFEST_VERSION) {
    throw new ManifestMismatch(
      `its manifest is of version ${String(manifest.schemaVersion)}, and this program knows ${MANIFEST_VERSION}`,
    );
  }
  const isWhole =
    Array.isArray(manifest.entries) &&
    manifest.entries.every((entry) => typeof entry?.path === 'string' && typeof entry.kind === 'string') &&
    typeof manifest.workDir === 'string' &&
    manifest.workDir.startsWith('/') &&
    typeof manifest.inPlace === 'boolean' &&
    typeof manifest.taken === 'string' &&
    (manifest.level === 'work_dir' || manifest.level === 'meta') &&
    typeof manifest.host?.name === 'string' &&
    (manifest.host.bootId === null || typeof manifest.host.bootId === 'string');
  if (!isWhole) throw new ManifestMismatch('its manifest is not whole');
  return manifest as Manifest;
};

/** Compares what is there with what the manifest says; where reading had failed, it fails again. */
const checkEntry = (entry: ManifestEntry, tree: ArchiveTree): void => {
  const parts = entry.path.split('/');
  const node = tree.nodeAt(parts);
  const kind = node === undefined ? undefined : tree.kindOf(node);
  switch (entry.kind) {
    case 'file': {
      if (node === undefined || kind !== 'file' || !tree.isKept(node))
        throw new ManifestMismatch(`${entry.path} is missing`);
      const stored = entry.failure?.at ?? entry.size;
      const isSame = tree.sizeOf(node) === stored && sha256Of(tree, node) === entry.sha256;
      if (!isSame) throw new ManifestMismatch(`${entry.path} has another content than its manifest says`);
      if (entry.failure !== undefined) fail(tree, parts, node, entry);
      return;
    }
    case 'folder':
      if (kind !== 'folder') throw new ManifestMismatch(`${entry.path} is missing`);
      return;
    case 'link':
      if (node === undefined || kind !== 'link' || tree.targetOf(node) !== entry.target) {
        throw new ManifestMismatch(`${entry.path} is not the link that its manifest says`);
      }
      return;
    default:
      // Tar has no sockets, and nobody wants its devices.
      if (isTooLong(parts)) throw new ManifestMismatch('its manifest has a path that is longer than any can be');
      put(tree, parts, tree.add({ kind: 'other', special: entry.kind }));
  }
};

/** Of a file whose content was kept, piece by piece. */
const sha256Of = (tree: ArchiveTree, file: number): string => {
  const hash = createHash('sha256');
  const open = tree.open(file);
  const size = open.size();
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size));
  for (let at = 0; at < size; ) {
    const count = open.read(buffer, 0, buffer.length, at);
    if (isErrno(count)) break;
    hash.update(buffer.subarray(0, count));
    at += count;
  }
  return hash.digest('hex');
};
const CHUNK = 64 * 1024;

const fail = (tree: ArchiveTree, parts: readonly string[], file: number, { size, failure }: ManifestEntry): void => {
  const extents = tree.extentsOf(file);
  const modifiedNs = tree.modifiedNs(file) ?? 0n;
  put(tree, parts, tree.addGiven({ size: size ?? tree.sizeOf(file), extents, modifiedNs, failure }));
};

const put = (tree: ArchiveTree, parts: readonly string[], node: number): void => {
  const folder = tree.nodeAt(parts.slice(0, -1));
  if (tree.isFolder(folder)) tree.set(folder, parts.at(-1) ?? '', node);
};

function* pathsOf(tree: ArchiveTree, folder: number, path = ''): Generator<string> {
  for (const { name, node } of tree.children(folder)) {
    const at = join(path, name);
    yield at;
    if (tree.isFolder(node)) yield* pathsOf(tree, node, at);
  }
}
