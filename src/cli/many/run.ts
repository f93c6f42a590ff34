import type { FoundIn } from '../../checkpoint/several.ts';
import type { HostReport } from '../../fleet/report.ts';
import { isNoReport, reportOf } from '../../fleet/report.ts';
import { advance, during } from '../../program/progress.ts';
import { isTraced } from '../../program/trace.ts';
import { summaryScreen } from '../../report/fleet/hosts.ts';
import { summaryJson } from '../../report/fleet/json.ts';
import { failureJson } from '../../report/json/failure.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { aboutPath } from '../about.ts';
import type { Session } from '../command.ts';
import { EXIT } from '../exit.ts';
import { UsageError } from '../failure.ts';
import type { Io } from '../io.ts';
import type { Each, Judge, One, Told } from './one.ts';
import { pathsOf } from './paths.ts';
import { sideBySide, threadsFor } from './side-by-side.ts';
import type { Done } from './work.ts';

/** The options of a command that takes many PATHs. */
export interface ManyOptions {
  readonly fromList?: string | undefined;
  readonly summary?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** A command that judges PATHs, one like the other. */
export interface Many<Options extends ManyOptions> {
  readonly command: 'verify' | 'prune' | 'preflight';
  readonly judge: Judge<Options>;
  readonly given: readonly string[];
  readonly options: Options;
  /** What a PATH stands for that is a folder of several. */
  readonly agentsIn: (path: string) => FoundIn | undefined;
}

/** The file that a build makes of `worker.ts`. */
const WORKER = new URL('./many.cjs', import.meta.url);

/**
 * Judges all PATHs of a command line, side by side where they are several; prints what came of each in their order, and one
 * table at the end. Returns the worst exit code.
 */
export const judgeAll = async <Options extends ManyOptions>(
  { command, judge, given, options, agentsIn }: Many<Options>,
  session: Session,
): Promise<number> => {
  const { io } = session;
  const { paths, areSeveral } = pathsOf(given, options.fromList, agentsIn, io);
  const isSummedUp = areSeveral || options.summary === true;
  const told: Told = { each: eachOf(options), isOneOfSeveral: areSeveral, isSummedUp };
  const reports: HostReport[] = [];
  let worst: number = EXIT.recovers;
  const note = ({ exitCode, report }: One): void => {
    worst = Math.max(worst, exitCode);
    if (report !== undefined) reports.push(report);
  };
  const threads = session.world !== undefined || isTraced() ? 0 : threadsFor(WORKER, paths);
  if (threads > 0) {
    const { columns, colour } = io;
    const take = ({ written, one }: Done): void => {
      for (const { to, text } of written) io[to](text);
      note(one);
    };
    const bury = (path: string, why: string, number: number): Done => buried(command, path, why, number, options);
    await sideBySide(WORKER, threads, { command, options, told, columns, colour }, paths, take, bury);
  } else {
    const all = async (): Promise<void> => {
      for (const path of paths) {
        note(await judge(path, options, told, session));
        advance();
      }
    };
    await (paths.length > 1 ? during('judging agents', paths.length, all) : all());
  }
  if (isSummedUp) tellAll(command, reports, options, io);
  return worst;
};

const eachOf = ({ summary, json }: ManyOptions): Each =>
  summary === true ? 'nothing' : json === true ? 'json' : 'screen';

/** What all of them come to: a table behind the screens, or alone; a line of JSON alone. */
const tellAll = (command: string, reports: readonly HostReport[], options: ManyOptions, io: Io): void => {
  if (options.json === true) {
    if (options.summary === true) io.out(`${jsonLine(summaryJson(command, reports))}\n`);
    return;
  }
  if (reports.length > 0) io.out(summaryScreen(reports, { width: io.columns, colour: io.colour }));
};

/** What is said of a PATH whose thread has died. */
const buried = (command: string, path: string, why: string, number: number, { json }: ManyOptions): Done => {
  const failure = failureJson(command, path, why, aboutPath(path));
  const report = reportOf(failure);
  return {
    number,
    written: [
      json === true
        ? { to: 'out', text: `${jsonLine(failure)}\n` }
        : { to: 'err', text: `mesos-ckpt: ${shown(`${path}: ${why}`)}\n` },
    ],
    one: { exitCode: EXIT.unknown, report: isNoReport(report) ? undefined : report },
  };
};

/**
 * Refuses what only one PATH can have.
 * @throws UsageError that names the option, and says what to do
 */
export const refuseForSeveral = (
  given: readonly string[],
  { fromList, summary }: ManyOptions,
  option: string,
): void => {
  if (given.length === 1 && fromList === undefined && summary !== true) return;
  if (given.length === 0 && fromList === undefined) throw new UsageError('no PATH is given');
  throw new UsageError(`${option} goes with one PATH: run the command for each PATH that needs it`);
};
