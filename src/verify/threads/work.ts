import type { Version } from '../../agent/version.ts';
import type { FrameworkIds } from '../../layout/folders.ts';
import { isSummaryFor } from '../../recovery/summarise-executor.ts';
import { rulesOf } from '../../recovery/versions.ts';
import type { Entry } from '../../source/source.ts';
import { bytesOf, textOf } from '../../text/lossless.ts';
import type { Place } from './near.ts';
import type { Sent } from './sent.ts';

/** What a worker has to know of a tree. */
export interface TreeOnDisk {
  /** The folder on disk, as it is told from wherever the process is, and where in the work_dir it is: see `FolderSource`. */
  readonly folder: string;
  readonly mount: string;
  /** The work_dir's place on its agent. */
  readonly home: string;
  /** The version of the agent that will start. */
  readonly version: Version;
  /** The most bytes of a record that are read; undefined as it is for trees. */
  readonly maxRecord?: number | undefined;
}

/** A tree of which executors are read, and how much of each. */
export interface TreeToRead extends TreeOnDisk {
  /**
   * How much is wanted of an executor in which all is as it should be: what `verify` tells of it, what `preflight` asks too, or all
   * that recovery asks of any.
   */
  readonly detail: 'brief' | 'named' | 'whole';
}

/** What is in one folder, to be read by several threads: each takes the next share until none is left. */
export interface Shared {
  /** Tells it from what was asked for before and may be answered late. */
  readonly number: number;
  readonly names: SharedNames;
  /** How many shares were taken, and how many the workers have done. */
  readonly counters: Int32Array<SharedArrayBuffer>;
}

/** The executors of one framework. */
export interface Work extends Shared {
  readonly tree: TreeToRead;
  readonly ids: FrameworkIds;
  /** The path of the folder that holds them. */
  readonly path: string;
}

/** Places in `counters`; the last one is whether the process is in the folder that holds what is shared (`near.ts`). */
export const TAKEN = 0;
export const DONE = 1;
const NEAR = 2;
const COUNTERS = 3;

/** The counters of what nobody has begun with. */
export const newCounters = (): Int32Array<SharedArrayBuffer> =>
  new Int32Array(new SharedArrayBuffer(COUNTERS * Int32Array.BYTES_PER_ELEMENT));

/** Where the executors of a framework are. */
export const placeOf = ({ path, counters }: Pick<Work, 'path' | 'counters'>): Place => ({ path, counters, at: NEAR });

/** Lets no thread take another share. */
export const stop = ({ counters }: Shared): void => void Atomics.store(counters, TAKEN, STOPPED);
const STOPPED = 2 ** 30;

/** Whether a work that was begun is what is asked for: what it makes short is so for the version that will start, too. */
export const isSameWork = (
  a: Pick<Work, 'tree' | 'path' | 'names'>,
  b: Pick<Work, 'tree' | 'path' | 'names'>,
): boolean =>
  (a.tree.detail === 'whole' || isSummaryFor(rulesOf(a.tree.version), rulesOf(b.tree.version))) &&
  a.tree.detail === b.tree.detail &&
  a.tree.folder === b.tree.folder &&
  a.tree.mount === b.tree.mount &&
  a.tree.home === b.tree.home &&
  a.tree.maxRecord === b.tree.maxRecord &&
  a.path === b.path &&
  Buffer.compare(a.names.bytes, b.names.bytes) === 0 &&
  a.names.ends.length === b.names.ends.length &&
  a.names.ends.every((end, at) => end === b.names.ends[at]);

/** How many executors one share has: enough to be worth a message, and few enough that nobody waits for the last. */
export const SHARE = 32;

/** A share that a worker has done: what cannot be told by itself is left to the main thread. */
export interface Done<Of = Sent> {
  /** The number of the work that it is a share of. */
  readonly work: number;
  readonly share: number;
  readonly found: readonly (Of | undefined)[];
}

/** Names of a folder that all threads see: their bytes one behind the other, and where each ends. */
export interface SharedNames {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly ends: Int32Array<SharedArrayBuffer>;
}

/** Puts names where all threads see them. */
export const shareNames = (names: readonly string[]): SharedNames => {
  // Names of nothing but ASCII, as nearly all are, are encoded at once: each character is a byte then, and no two are one of four.
  const joined = names.join('');
  const all = bytesOf(joined);
  if (all.length === joined.length)
    return shared(
      all,
      names.map((name) => name.length),
    );
  const encoded = names.map(bytesOf);
  return shared(
    Buffer.concat(encoded),
    encoded.map(({ length }) => length),
  );
};

const shared = (from: Uint8Array, lengths: readonly number[]): SharedNames => {
  const bytes = new Uint8Array(new SharedArrayBuffer(from.length));
  bytes.set(from);
  const ends = new Int32Array(new SharedArrayBuffer(4 * lengths.length));
  let end = 0;
  for (let number = 0; number < lengths.length; number++) ends[number] = end += lengths[number] as number;
  return { bytes, ends };
};

/** The names of a folder's entries: of what is no folder, none. */
export const sharedNamesOf = (entries: readonly Entry[]): SharedNames =>
  shareNames(entries.map(({ name, kind }) => (kind === 'folder' ? name : '')));

/** The name with a number. */
export const nameAt = ({ bytes, ends }: SharedNames, number: number): string => {
  const start = number === 0 ? 0 : (ends[number - 1] ?? 0);
  return textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), start, ends[number]);
};
