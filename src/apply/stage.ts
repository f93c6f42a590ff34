import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { Span } from '../format/frames.ts';
import type { Change } from '../repair/plan/change.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';
import { bytesOf } from '../text/lossless.ts';
import { copyAttributes, give, type Ownership } from './attributes.ts';
import { type At, type Root, withParent } from './folder.ts';
import type { RecordedChange } from './record.ts';
import { Refusal } from './refusal.ts';
import { type OpenJournal, slotOf } from './slots.ts';

/**
 * Makes in the journal, and syncs, all that the steps will put somewhere, before any step is carried out: then a step is
 * no more than a rename, and a disk that is full is met while nothing has been changed.
 */

const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
const NEW_FILE = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
const CHUNK = 1 << 20;

/** The steps with what was made for them, and what could not be carried over. */
export interface Staged {
  readonly steps: readonly RecordedChange[];
  readonly notes: readonly string[];
}

export const stage = (open: OpenJournal, steps: readonly PlannedChange[]): Staged => {
  const notes: string[] = [];
  /** What is made here can be what something else is to be like. */
  const likes = new Map<string, Ownership>();
  const recorded = steps.map((step, i): RecordedChange => {
    const { change } = step;
    if (change.kind === 'set-aside') return step;
    const slot: At = { folder: open.fresh, name: slotOf(i) };
    if (change.kind === 'cut') {
      const { made, note } = stageCut(open.root, change, slot);
      if (note !== undefined) notes.push(`${change.path}: ${note}`);
      return { ...step, made };
    }
    const like = likes.get(change.like) ?? ownershipOf(open.root, change.like);
    likes.set(change.path, like);
    if (change.kind === 'create-file') return { ...step, made: stageFile(change, like, slot) };
    if (change.kind === 'create-link') stageLink(change, like, slot);
    else stageFolder(like, slot);
    return step;
  });
  open.fresh.sync();
  return { steps: recorded, notes };
};

type Made = NonNullable<RecordedChange['made']>;

const withFile = <T>(at: At, flags: number, use: (descriptor: number) => T): T => {
  const descriptor = fs.openSync(at.folder.place(at.name), flags, 0o600);
  try {
    return use(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
};

/** The file without its spans, with all else that it has. */
const stageCut = (
  root: Root,
  { path, spans }: Change & { kind: 'cut' },
  slot: At,
): { readonly made: Made; readonly note: string | undefined } =>
  withParent(root, path, (at) =>
    withFile(at, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, (from) =>
      withFile(slot, NEW_FILE, (to) => {
        const made = copyWithout(from, to, spans);
        const note = copyAttributes(from, to);
        fs.fsyncSync(to);
        return { made, note };
      }),
    ),
  );

/** Copies all but the spans from one open file to another. */
const copyWithout = (from: number, to: number, spans: readonly Span[]): Made => {
  const { size } = fs.fstatSync(from);
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
  let made = 0;
  const copy = (start: number, end: number): void => {
    for (let at = start; at < end; ) {
      const count = fs.readSync(from, buffer, 0, Math.min(buffer.length, end - at), at);
      if (count === 0) throw new Refusal('the tree has changed since the plan was made: a file became shorter');
      const chunk = buffer.subarray(0, count);
      hash.update(chunk);
      writeAll(to, chunk, made);
      made += count;
      at += count;
    }
  };
  let at = 0;
  for (const { offset, length } of spans) {
    copy(at, offset);
    at = offset + length;
  }
  copy(at, size);
  return { size: made, sha256: hash.digest('hex') };
};

/** Writes all of some bytes, however many a call takes. */
export const writeAll = (descriptor: number, bytes: Uint8Array, position: number | null): void => {
  for (let at = 0; at < bytes.length; ) {
    at += fs.writeSync(descriptor, bytes, at, bytes.length - at, position === null ? null : position + at);
  }
};

const stageFile = ({ bytes }: Change & { kind: 'create-file' }, like: Ownership, slot: At): Made =>
  withFile(slot, NEW_FILE, (to) => {
    writeAll(to, bytes, 0);
    give(to, { ...like, mode: like.mode & 0o666 });
    fs.fsyncSync(to);
    return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });

const stageLink = (
  { target }: Change & { kind: 'create-link' },
  { uid, gid }: Ownership,
  { folder, name }: At,
): void => {
  fs.symlinkSync(bytesOf(target), folder.place(name));
  const own = folder.stat(name);
  if (own?.uid !== BigInt(uid) || own.gid !== BigInt(gid)) fs.lchownSync(folder.place(name), uid, gid);
};

const stageFolder = (like: Ownership, { folder, name }: At): void => {
  fs.mkdirSync(folder.place(name), 0o700);
  const made = folder.enter(name);
  try {
    give(made.descriptor, like);
    made.sync();
  } finally {
    made.close();
  }
};

/** Whose the file or folder is that a new one is to be like; a file's mode lets folders be entered by whom it lets read. */
const ownershipOf = (root: Root, path: string): Ownership =>
  withParent(root, path === '' ? '.' : path, ({ folder, name }) => {
    const stat = folder.stat(name);
    if (stat === undefined) throw new Refusal(`${path}, which a new file is to be like, is not there`);
    const mode = Number(stat.mode) & 0o7777;
    // What a link says of modes means nothing.
    const read = stat.isSymbolicLink() ? 0o644 : mode;
    const isFolder = stat.isDirectory();
    return { uid: Number(stat.uid), gid: Number(stat.gid), mode: isFolder ? read : read | ((read & 0o444) >> 2) };
  });
