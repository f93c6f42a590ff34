/** Exit codes of a run that a signal stopped, as a shell has them: neither of ours, because the verdict is not known. */
const SIGNALS: readonly (readonly [signal: NodeJS.Signals, exitCode: number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/** What a run is told and tells, while it goes on. */
export interface Watching {
  /** Given by the first signal: the run is to stop where it may. */
  readonly signal: AbortSignal;
  /** That of the signal that stopped the run. */
  readonly exitCode: () => number;
}

/**
 * Runs something while signals are heard: the first asks it to stop, a second one ends the program at once, which loses
 * nothing either.
 */
export const watching = async <T>(run: (watching: Watching) => Promise<T>): Promise<T> => {
  const stop = new AbortController();
  let exitCode = 0;
  const handlers = SIGNALS.map(([signal, code]) => {
    const stopped = (): void => {
      exitCode = code;
      stop.abort();
    };
    process.once(signal, stopped);
    return (): void => {
      process.removeListener(signal, stopped);
    };
  });
  try {
    return await run({ signal: stop.signal, exitCode: () => exitCode });
  } finally {
    for (const remove of handlers) remove();
  }
};
