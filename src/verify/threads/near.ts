import type { FolderSource } from '../../source/folder.ts';

/** What is shared of a folder, and whether the process is in it: the place in `counters` where it says so. */
export interface Place {
  /** The path of the folder in the tree. */
  readonly path: string;
  readonly counters: Int32Array<SharedArrayBuffer>;
  readonly at: number;
}

/**
 * Takes the process into the folder that several threads read, and returns what takes it back. All threads learn of it from the counters: they
 * must be done when it is left, or not be listened to any more. Where the process cannot go there, all read from where it is.
 */
export type GoNear = (source: FolderSource, place: Place) => () => void;

/** Has a thread's own source, of an absolute path, ask from where the process is now. */
export const lookNear = (source: FolderSource, { path, counters, at }: Place): void =>
  source.isIn(Atomics.load(counters, at) === 1 ? path : undefined);
