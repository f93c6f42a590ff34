import type { Io } from './io.ts';

/** Exit codes of a run that a signal stopped, as a shell has them: neither of ours, because the verdict is not known. */
const SIGNALS: readonly (readonly [signal: NodeJS.Signals, exitCode: number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/** The least time between two lines of progress, in ms. */
const PACE = 100;

/** What a run is told and tells, while it goes on. */
export interface Watching {
  /** Given by the first signal: the run is to stop where it may. */
  readonly signal: AbortSignal;
  /** Shows how far the run is, where somebody looks. */
  readonly onStep: (done: number, of: number) => void;
  /** That of the signal that stopped the run. */
  readonly exitCode: () => number;
}

/**
 * Runs something while signals are heard: the first asks it to stop, a second one ends the program at once, which loses
 * nothing either.
 */
export const watching = async <T>(io: Io, doing: string, run: (watching: Watching) => Promise<T>): Promise<T> => {
  const stop = new AbortController();
  let exitCode = 0;
  let last = Date.now();
  let isShown = false;
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
  const onStep = (done: number, of: number): void => {
    if (io.terminal !== true || Date.now() - last < PACE) return;
    last = Date.now();
    isShown = true;
    io.err(`\r\u{1b}[K${doing}: ${done} of ${of}`);
  };
  try {
    return await run({ signal: stop.signal, onStep, exitCode: () => exitCode });
  } finally {
    if (isShown) io.err('\r\u{1b}[K');
    for (const remove of handlers) remove();
  }
};
