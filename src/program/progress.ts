/** Something that takes long, while it goes on: what it is, and how far it is. */
export interface Phase {
  /** Such as `reading processes`. */
  readonly doing: string;
  readonly done: number;
  /** How many there are in all; undefined where that is not known before the end. */
  readonly of: number | undefined;
  /** Of what `done` and `of` count bytes. */
  readonly isBytes?: boolean | undefined;
  /** When it was begun, in ms since 1970. */
  readonly since: number;
}

/** Is told how far the work is: the phases that go on, each within the one before it; none when all are over. */
export type ProgressListener = (phases: readonly Phase[]) => void;

let listener: ProgressListener | undefined;
let phases: (Phase & { done: number })[] = [];

/** Tells how far the work is from now on, to one listener for the whole process; to nobody where it is left out. */
export const progressTo = (to?: ProgressListener): void => {
  listener = to;
  phases = [];
};

/** Whether anybody listens: only then is it worth to count beforehand how much there is to do. */
export const isWatched = (): boolean => listener !== undefined;

/**
 * Does something that takes long, of so many parts (or bytes) where that is known. A promise is a phase until it is settled.
 */
export const during = <T>(doing: string, of: number | undefined, run: () => T, isBytes = false): T => {
  if (listener === undefined) return run();
  const phase = { doing, done: 0, of, isBytes, since: Date.now() };
  phases.push(phase);
  listener(phases);
  const end = (): void => {
    const at = phases.indexOf(phase);
    if (at < 0) return;
    phases.length = at;
    listener?.(phases);
  };
  let result: T;
  try {
    result = run();
  } catch (error) {
    end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    end();
    return result;
  }
  return result.finally(end) as T;
};

/** So many parts more of the innermost phase are done; with none, it is at least still going on. */
export const advance = (parts = 1): void => {
  if (listener === undefined) return;
  const phase = phases.at(-1);
  if (phase === undefined) return;
  phase.done += parts;
  listener(phases);
};

/** Shows with the own phases those that another thread is at. */
export const tellOf = (others: readonly Phase[]): void => {
  if (phases.length > 0) listener?.([...phases, ...others]);
};
