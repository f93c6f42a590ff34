import type { FrameworkIds } from '../../layout/folders.ts';
import type { ExecutorsText } from '../../report/inspect/executors-text.ts';
import type { InspectionAbout } from '../../report/inspect/json.ts';
import type { Place } from '../../verify/threads/near.ts';
import type { SharedNames, TreeOnDisk } from '../../verify/threads/work.ts';

/** The executors of one framework, to be read by several threads, and to be written in their order. */
export interface JsonWork {
  /** Tells it from what was asked for before and may be answered late. */
  readonly number: number;
  readonly tree: TreeOnDisk;
  readonly ids: FrameworkIds;
  /** The path of the folder that holds them. */
  readonly path: string;
  readonly names: SharedNames;
  readonly about: InspectionAbout;
  /** Whether status updates are told with their uuids. */
  readonly uuids: boolean;
  readonly counters: Int32Array<SharedArrayBuffer>;
}

/** Executors that somebody reads: those from one number to before another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What a worker has made of a span: nothing, where the main thread has to read it. */
export interface JsonDone extends Span {
  readonly work: number;
  readonly text: ExecutorsText | undefined;
}

/**
 * Places in `counters`: up to which executor all are taken, and written; how many a span has; how many spans are done; whether the
 * process is in the executors' folder.
 */
export const TAKEN = 0;
export const WRITTEN = 1;
const SIZE = 2;
export const DONE = 3;
const NEAR = 4;
export const COUNTERS = 5;

/** Where the executors are. */
export const placeOf = ({ path, counters }: JsonWork): Place => ({ path, counters, at: NEAR });

/** How much text a span should come to, in characters: worth a message, and little to keep until it is its turn. */
export const GOOD_TEXT = 48 * 1024;
const MOST_IN_SPAN = 24;
/** So many spans may wait to be written. */
const AHEAD = 6;

/** Takes the next span, if so much may be ahead of what is written: `ahead` is that it may not, undefined that none is left. */
export const takeSpan = (counters: Int32Array, count: number): Span | 'ahead' | undefined => {
  for (;;) {
    const from = Atomics.load(counters, TAKEN);
    if (from >= count) return undefined;
    const size = Math.max(1, Atomics.load(counters, SIZE));
    if (from - Atomics.load(counters, WRITTEN) >= AHEAD * size) return 'ahead';
    const to = Math.min(count, from + size);
    if (Atomics.compareExchange(counters, TAKEN, from, to) === from) return { from, to };
  }
};

/** Makes spans as large as this one should have been. */
export const learnSize = (counters: Int32Array, { from, to }: Span, length: number): void => {
  const each = Math.max(1, length / (to - from));
  Atomics.store(counters, SIZE, Math.max(1, Math.min(MOST_IN_SPAN, Math.round(GOOD_TEXT / each))));
};
