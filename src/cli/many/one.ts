import type { HostReport } from '../../fleet/report.ts';
import { isNoReport, reportOf } from '../../fleet/report.ts';
import { failureJson } from '../../report/json/failure.ts';
import { junitSuite } from '../../report/monitoring/junit.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { aboutPath } from '../about.ts';
import type { Session } from '../command.ts';
import { EXIT } from '../exit.ts';
import { failureText, Interrupted } from '../failure.ts';
import type { Io } from '../io.ts';

/** What is printed of each PATH as it is judged; `nothing` where all of them together are printed at the end. */
export type Each = 'screen' | 'json' | 'junit' | 'nothing';

/** How one PATH is to be judged. */
export interface Told {
  readonly each: Each;
  /** Whether there are others, so that what is printed names its PATH. */
  readonly isOneOfSeveral: boolean;
  /** Whether all are summed up, so that a report is needed. */
  readonly isSummedUp: boolean;
  /** Whether the ways out are to be compared, where there is something to be done: that takes as long again. */
  readonly isPlanned: boolean;
}

/** What one PATH came to. */
export interface One {
  readonly exitCode: number;
  /** Undefined where nothing is summed up. */
  readonly report: HostReport | undefined;
}

/** Judges one PATH, and prints what is asked for. Never throws over what is wrong with the PATH. */
export type Judge<Options> = (path: string, options: Options, told: Told, session: Session) => Promise<One>;

/** Prints what was judged, in the form that is asked for, and sums it up. */
export const tellOne = (
  exitCode: number,
  told: Told,
  io: Io,
  { screen, json }: { readonly screen: () => string; readonly json: () => object },
): One => {
  if (told.each === 'screen' && !told.isSummedUp) {
    io.out(screen());
    return { exitCode, report: undefined };
  }
  const value = json();
  if (told.each === 'screen') io.out(screen());
  if (told.each === 'json') io.out(`${jsonLine(value)}\n`);
  if (told.each === 'junit') io.out(junitSuite(value));
  return { exitCode, report: told.isSummedUp ? summedUp(value) : undefined };
};

/** Says why a PATH could not be judged, in the form that is asked for; what is not of the PATH is thrown on. */
export const tellFailure = (command: string, path: string, error: unknown, told: Told, io: Io): One => {
  const exitCode = error instanceof Interrupted ? error.exitCode : EXIT.unknown;
  return tellUnjudged(command, path, failureText(path, error), told, io, exitCode);
};

/** Says of a PATH that nothing is known of it, and why, in the form that is asked for. */
export const tellUnjudged = (
  command: string,
  path: string,
  message: string,
  told: Told,
  io: Pick<Io, 'out' | 'err'>,
  exitCode: number = EXIT.unknown,
): One => {
  const value = failureJson(command, path, message, aboutPath(path));
  if (told.each === 'json') io.out(`${jsonLine(value)}\n`);
  else if (told.each === 'junit') io.out(junitSuite(value));
  else io.err(`mesos-ckpt: ${shown(message)}\n`);
  return { exitCode, report: told.isSummedUp ? summedUp(value) : undefined };
};

/** What a line of JSON says of its host; undefined where it judges none, as one of flags alone. */
const summedUp = (value: object): HostReport | undefined => {
  const report = reportOf(value);
  return isNoReport(report) ? undefined : report;
};
