import type { Watch } from '../apply/run.ts';
import type { Io } from './io.ts';

/** Exit codes of a run that a signal stopped, as a shell has them: neither of ours, because the verdict is not known. */
const SIGNALS: readonly (readonly [signal: NodeJS.Signals, exitCode: number])[] = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/** The least time between two lines of progress, in ms. */
const PACE = 100;

/** What a run is told and asked, while it runs; `exitCode` is that of the signal that stopped it. */
export interface Watching extends Watch {
  readonly exitCode: () => number;
}

/**
 * Runs through steps while signals are heard: the first stops the run between two steps, a second one ends the program at
 * once, which loses nothing either. Shows how far it is, where somebody looks.
 */
export const watching = async <T>(io: Io, doing: string, run: (watch: Watching) => Promise<T>): Promise<T> => {
  let stopped = 0;
  let last = Date.now();
  let isShown = false;
  const handlers = SIGNALS.map(([signal, exitCode]) => {
    const stop = (): void => {
      stopped = exitCode;
    };
    process.once(signal, stop);
    return (): void => {
      process.removeListener(signal, stop);
    };
  });
  const onStep = (done: number, of: number): void => {
    if (io.terminal !== true || Date.now() - last < PACE) return;
    last = Date.now();
    isShown = true;
    io.err(`\r\u{1b}[K${doing}: ${done} of ${of}`);
  };
  try {
    return await run({
      pid: process.pid,
      now: () => new Date(),
      onStep,
      shouldStop: () => stopped > 0,
      exitCode: () => stopped,
    });
  } finally {
    if (isShown) io.err('\r\u{1b}[K');
    for (const remove of handlers) remove();
  }
};
