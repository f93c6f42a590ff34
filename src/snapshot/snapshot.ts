import { createHash } from 'node:crypto';
import { type Version, versionText } from '../agent/version.ts';
import {
  MANIFEST_VERSION,
  type Manifest,
  type ManifestEntry,
  type ManifestRedaction,
  type ManifestVerdict,
} from '../checkpoint/manifest.ts';
import type { Opened } from '../checkpoint/open.ts';
import { UnusablePath } from '../checkpoint/unusable.ts';
import type { Mode } from '../findings/finding.ts';
import * as names from '../layout/names.ts';
import { VERSION } from '../program/version.ts';
import { ArchiveSource } from '../source/archive.ts';
import { isErrno } from '../source/source.ts';
import { ArchiveTree } from '../source/tree/tree.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyCheckpoint } from '../verify/verify.ts';
import { entriesOf } from './archived.ts';
import { type CaptureHooks, capture } from './capture.ts';
import type { Captured } from './captured.ts';
import { redact } from './redact/redact.ts';
import { type Sandboxes, sandboxesOf } from './sandboxes.ts';

/** What a snapshot is taken with. */
export interface SnapshotOptions {
  /**
   * The path as it was given, for messages and the manifest.
   * @default the folder's
   */
  readonly path?: string | undefined;
  /** This machine: its name, and its boot id, where that is known. */
  readonly host: { readonly name: string; readonly bootId: string | undefined };
  /**
   * The version of the agent whose verdicts are noted, from 1.4.0 to 1.12.
   * @default '1.11.0'
   */
  readonly version?: Version | string | undefined;
  /**
   * Blank what is secret; with `all`, also what people put secrets into, such as command lines, URIs and labels.
   * @default false
   */
  readonly redact?: boolean | 'all' | undefined;
  /**
   * The time, in ms since 1970.
   * @default Date.now
   */
  readonly now?: (() => number) | undefined;
}

/** A snapshot, before it is packed. */
export interface Snapshot {
  readonly manifest: Manifest;
  readonly entries: readonly Captured[];
  readonly sandboxes: Sandboxes;
  /** What is predicted of the tree that was read. Its `checkpoint` is brief: of executors that are in order, what is worth telling. */
  readonly verification: Verification;
}

/**
 * Reads the checkpoint of an opened folder or archive, in one pass, and predicts its recovery. Of a snapshot, which is one already,
 * a redacted one is made.
 * @throws UnusablePath where it is no whole checkpoint, or a snapshot that is not to be redacted, AccessDenied where something may
 * not be read, TypeError where `version` is a text that names none that is simulated
 */
export const takeSnapshot = (opened: Opened, options: SnapshotOptions): Snapshot => snapshotWith({}, opened, options);

/** The same, with help of another thread, or while a test changes the tree. */
export const snapshotWith = (hooks: CaptureHooks, opened: Opened, options: SnapshotOptions): Snapshot => {
  checkSource(opened, options);
  const { level, manifest } = opened;
  const { judged, ...origin } =
    opened.from === 'folder' ? ofFolder(hooks, opened, options) : ofArchive(opened, options);
  const { entries, tree, verification } = judged;
  const scope = scopeOf(opened, options);
  const blanked = scope === undefined ? undefined : blank(tree, entries, verification, scope, options);
  const kept = blanked?.entries ?? entries;
  return {
    entries: kept,
    sandboxes: tree.sandboxes,
    verification,
    manifest: {
      schemaVersion: MANIFEST_VERSION,
      kind: 'mesos-ckpt snapshot',
      version: VERSION,
      ...origin,
      path: manifest?.path ?? pathOf(opened, options),
      workDir: opened.tree.home,
      inPlace: opened.inPlace,
      level,
      hasMore: tree.hasMore,
      redacted: blanked === undefined ? null : onTopOf(manifest?.redacted, blanked.redaction),
      verdicts: verdictsOf(verification),
      entries: kept.map(entryOf),
    },
  };
};

const pathOf = (opened: Opened, { path = opened.tree.source.name }: SnapshotOptions): string => path;

/**
 * What can be taken: a whole checkpoint, and of a snapshot what is to be blanked.
 * @throws UnusablePath where it is something else
 */
function checkSource(opened: Opened, options: SnapshotOptions): asserts opened is Whole {
  const { level, from, manifest, tree } = opened;
  const path = pathOf(opened, options);
  if (from === 'memory') throw new UnusablePath(path, 'a tree in memory; give a folder or an archive');
  if (level !== 'work_dir' && level !== 'meta') {
    throw new UnusablePath(path, `the folder of one ${level}; expected the agent's work_dir, or its meta`);
  }
  if (manifest !== undefined && !isToBeRedacted(options)) {
    throw new UnusablePath(path, 'already a snapshot: copy the file, or blank its secrets with --redact');
  }
  if (tree.source.kindOf(names.META) === undefined) {
    throw new UnusablePath(path, "no checkpoint there: expected a folder 'meta' in the agent's work_dir");
  }
}

type Whole = Opened & { readonly level: Manifest['level'] };

const isToBeRedacted = ({ redact }: SnapshotOptions): boolean => redact === true || redact === 'all';

/** What is read, and what of it the manifest says: where and when that was. */
interface Origin extends Pick<Manifest, 'begun' | 'taken' | 'host' | 'changes'> {
  readonly judged: Judged;
}

/** What was read, and what is predicted of it. */
interface Judged {
  readonly entries: readonly Captured[];
  readonly tree: Tree;
  readonly verification: Verification;
}

const judge = (opened: Opened, entries: readonly Captured[], options: SnapshotOptions): Judged => {
  const tree = { opened, sandboxes: sandboxesOf(opened.tree, entries), hasMore: hasMoreThan(opened) };
  return { entries, tree, verification: predict(tree, entries, options) };
};

/** A folder is read now, on this machine. */
const ofFolder = (hooks: CaptureHooks, opened: Opened, options: SnapshotOptions): Origin => {
  const { now = Date.now, host } = options;
  const begun = new Date(now()).toISOString();
  const { name } = opened.tree.source;
  // Judged while another thread looks for changes: that stands where it finds none.
  let early: Judged | undefined;
  const meanwhile = (read: readonly Captured[]): void => {
    early = judge(opened, read, options);
  };
  const folder = opened.level === 'meta' ? name : `${name}/${names.META}`;
  const { entries, changes } = capture(folder, names.META, { ...hooks, meanwhile });
  const taken = new Date(now()).toISOString();
  const judged = early?.entries === entries ? early : judge(opened, entries, options);
  return { begun, taken, host: { name: host.name, bootId: host.bootId ?? null }, changes, judged };
};

/** An archive is as old as it says, and from where it says; one that says neither is a copy that this machine has. */
const ofArchive = (opened: Opened, options: SnapshotOptions): Origin => {
  const { now = Date.now, host } = options;
  const { manifest, collected } = opened;
  const read = new Date(now()).toISOString();
  const said =
    manifest !== undefined
      ? { begun: manifest.begun, taken: manifest.taken, host: manifest.host, changes: manifest.changes }
      : collected !== undefined
        ? {
            begun: collected.time,
            taken: collected.time,
            host: { name: collected.hostName ?? UNKNOWN_HOST, bootId: collected.bootId ?? null },
            changes: [],
          }
        : { begun: read, taken: read, host: { name: host.name, bootId: host.bootId ?? null }, changes: [] };
  const entries = entriesOf(opened, BigInt(Date.parse(said.taken)) * 1_000_000n);
  return { ...said, judged: judge(opened, entries, options) };
};

/** A host that was collected, and did not tell its name. */
const UNKNOWN_HOST = 'unknown';

type Scope = NonNullable<ManifestRedaction['scope']>;

/** What is to be blanked: what was blanked before is, too, so that it is counted. */
const scopeOf = ({ manifest }: Opened, options: SnapshotOptions): Scope | undefined => {
  if (!isToBeRedacted(options)) return undefined;
  return options.redact === 'all' || manifest?.redacted?.scope === 'all' ? 'all' : 'secrets';
};

/** What was blanked in all, where something was before. */
const onTopOf = (before: ManifestRedaction | null | undefined, now: ManifestRedaction): ManifestRedaction => ({
  ...now,
  unsure: [...new Set([...(before?.unsure ?? []), ...now.unsure])],
  verdictsKept: now.verdictsKept && before?.verdictsKept !== false,
});

/** What all forecasts of a snapshot have in common. */
interface Tree {
  readonly opened: Opened;
  readonly sandboxes: Sandboxes;
  readonly hasMore: boolean;
}

/** Blanks what is secret, and looks whether that changes what is predicted. */
const blank = (
  tree: Tree,
  entries: readonly Captured[],
  verification: Verification,
  scope: Scope,
  options: SnapshotOptions,
): { readonly entries: readonly Captured[]; readonly redaction: ManifestRedaction } => {
  const { entries: kept, values, bytes, unsure } = redact(entries, scope);
  const again = predict(tree, kept, options);
  const verdictsKept = gistOf(again) === gistOf(verification);
  return { entries: kept, redaction: { scope, values, bytes, unsure, verdictsKept } };
};

/** What must not be changed by blanking: verdicts, exit codes, and what is found where. */
export const gistOf = (verification: Verification): string =>
  JSON.stringify([
    verdictsOf(verification),
    verification.findings.map(({ code, path, offset, severity }) => [code, path, offset, severity]),
  ]);

const predict = ({ opened, sandboxes, hasMore }: Tree, entries: readonly Captured[], options: SnapshotOptions) => {
  const source = sourceOf(pathOf(opened, options), entries, sandboxes, hasMore);
  // Members that replace others in an archive do so in no snapshot of it.
  const { oddMembers: _odd, ...rest } = opened;
  return verifyCheckpoint(
    { ...rest, tree: { source, home: opened.tree.home }, from: 'archive' },
    { version: options.version, ownBootId: options.host.bootId, brief: true },
  );
};

/** What was read, as a source: what a reader of the snapshot will have. */
export const sourceOf = (
  name: string,
  entries: readonly Captured[],
  sandboxes: Sandboxes,
  hasMore: boolean,
): ArchiveSource => {
  const tree = new ArchiveTree();
  const folders = new Map<string, number>();
  // Parents come first, so that nearly always the folder is known.
  for (const entry of entries) {
    const cut = entry.path.lastIndexOf('/');
    const node = addTo(tree, entry);
    const parent = folders.get(entry.path.slice(0, Math.max(0, cut)));
    if (parent === undefined) tree.place(entry.path.split('/'), node);
    else tree.set(parent, entry.path.slice(cut + 1), node);
    if (entry.kind === 'folder') folders.set(entry.path, node);
  }
  for (const folder of sandboxes.folders) tree.place(folder.split('/'), tree.add({ kind: 'folder' }));
  tree.setPartial(tree.root, hasMore);
  return new ArchiveSource(name, tree, [names.META, names.SLAVES]);
};

const addTo = (tree: ArchiveTree, entry: Captured): number => {
  switch (entry.kind) {
    case 'folder':
      return tree.add({ kind: 'folder' });
    case 'link':
      return tree.add({ kind: 'link', target: entry.target });
    case 'file': {
      const { bytes, size, modifiedNs, failure } = entry;
      const extents = bytes.length === 0 ? [] : [{ offset: 0, bytes, start: 0, end: bytes.length }];
      return tree.addGiven({ size, extents, modifiedNs, failure });
    }
    default:
      return tree.add({ kind: 'other', special: entry.kind });
  }
};

/** Whether there is more in the work_dir than a snapshot holds. */
const hasMoreThan = ({ tree, level, manifest, collected }: Opened): boolean => {
  if (manifest !== undefined) return manifest.hasMore;
  // Of the rest of a host, what the agent asks for was collected, and no more.
  if (collected !== undefined) return true;
  if (tree.source instanceof ArchiveSource && tree.source.tree.isPartial(tree.source.tree.root))
    return level === 'work_dir';
  const all = level === 'work_dir' ? tree.source.list('') : [];
  return isErrno(all) || all.some(({ name }) => name !== names.META && name !== names.SLAVES);
};

const verdictsOf = (verification: Verification): Manifest['verdicts'] => {
  const of = (mode: Mode): ManifestVerdict => ({
    exitCode: verification[mode].exitCode,
    starts: verification[mode].starts.map(({ verdict, stage }) => ({ verdict, stage })),
  });
  return {
    mesosVersion: versionText(verification.version),
    rebooted: verification.boot.rebooted,
    bootAssumed: verification.boot.assumed,
    strict: of('strict'),
    nonStrict: of('nonStrict'),
  };
};

const entryOf = ({
  path,
  kind,
  mode,
  uid,
  gid,
  modifiedNs,
  bytes,
  size,
  failure,
  target,
}: Captured): ManifestEntry => ({
  path,
  kind,
  mode: mode.toString(8).padStart(4, '0'),
  uid,
  gid,
  modified: String(modifiedNs),
  ...(kind === 'file' ? { size, sha256: createHash('sha256').update(bytes).digest('hex') } : {}),
  ...(kind === 'file' && failure !== undefined ? { failure } : {}),
  ...(kind === 'link' ? { target } : {}),
});
