import type { Changes } from '../changes.ts';
import type { Marks } from '../marks.ts';

/** What a thread is to look at once more. */
export interface LookWork {
  /** Tells it from what was asked for before and may be answered late. */
  readonly number: number;
  /** The folder on disk, and its path in the work_dir. */
  readonly folder: string;
  readonly path: string;
  readonly marks: Marks;
  /** How many paths were looked at; one more when it is answered. */
  readonly looked: Int32Array<SharedArrayBuffer>;
}

/** What a thread has found. */
export interface LookDone {
  /** The number of the work. */
  readonly number: number;
  /** Undefined where it failed: the main thread will meet that too, and say what it is. */
  readonly changes: Changes | undefined;
}
