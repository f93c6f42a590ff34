import { join } from 'node:path';
import type { FoundIn } from '../../checkpoint/several.ts';
import type { HostReport } from '../../fleet/report.ts';
import { advance, during, isWatched } from '../../program/progress.ts';
import { isTraced } from '../../program/trace.ts';
import { summaryScreen } from '../../report/fleet/hosts.ts';
import { summaryJson } from '../../report/fleet/json.ts';
import { JUNIT_BEGIN, JUNIT_END } from '../../report/monitoring/junit.ts';
import { nagiosLine } from '../../report/monitoring/nagios.ts';
import { prometheusText } from '../../report/monitoring/prometheus.ts';
import { writeWhole } from '../../snapshot/write.ts';
import { jsonLine } from '../../text/escape.ts';
import type { Session } from '../command.ts';
import { EXIT } from '../exit.ts';
import { UsageError } from '../failure.ts';
import { type Io, layoutOf, screenOf } from '../io.ts';
import { checkOutsideMeta } from '../output-file.ts';
import { STANDARD_OUTPUT } from '../standard.ts';
import { type Each, type Judge, type One, type Told, tellUnjudged } from './one.ts';
import { pathsOf } from './paths.ts';
import { sideBySide, threadsFor } from './side-by-side.ts';
import type { Done, Written } from './work.ts';

/** The options of a command that takes many PATHs. */
export interface ManyOptions {
  readonly fromList?: string | undefined;
  readonly summary?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly format?: 'nagios' | 'prometheus' | 'junit' | undefined;
  /** The file that a format is written to. */
  readonly output?: string | undefined;
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
const WORKER = join(import.meta.dirname, 'many.cjs');

/**
 * Judges all PATHs of a command line, side by side where they are several; prints what came of each in their order, and one
 * table at the end. Returns the worst exit code.
 */
export const judgeAll = async <Options extends ManyOptions>(
  { command, judge, given, options, agentsIn }: Many<Options>,
  session: Session,
): Promise<number> => {
  const { io } = session;
  // What goes into a file is kept until all of it is there.
  const kept: string[] = [];
  const file = options.output === STANDARD_OUTPUT ? undefined : options.output;
  if (file !== undefined) checkOutsideMeta(file);
  const out = file === undefined ? io.out : (text: string): void => void kept.push(text);
  const { paths, areSeveral } = pathsOf(given, options.fromList, agentsIn, io);
  const { format } = options;
  const isSummedUp = areSeveral || options.summary === true || format !== undefined;
  const isPlanned = format === undefined;
  const told: Told = { each: eachOf(options), isOneOfSeveral: areSeveral, isSummedUp, isPlanned };
  const reports: HostReport[] = [];
  let worst: number = EXIT.recovers;
  const note = ({ exitCode, report }: One): void => {
    worst = Math.max(worst, exitCode);
    if (report !== undefined) reports.push(report);
  };
  if (format === 'junit') out(JUNIT_BEGIN);
  const threads = session.world !== undefined || isTraced() ? 0 : threadsFor(WORKER, command, paths);
  if (threads > 0) {
    const take = ({ written, one }: Done): void => {
      for (const { to, text } of written) (to === 'out' ? out : io.err)(text);
      note(one);
    };
    const bury = (path: string, why: string, number: number): Done => buried(command, path, why, number, told);
    const work = { command, options, told, layout: layoutOf(io), isWatched: isWatched() };
    await sideBySide(WORKER, threads, work, paths, take, bury);
  } else {
    const all = async (): Promise<void> => {
      for (const path of paths) {
        note(await judge(path, options, told, { ...session, io: { ...io, out } }));
        advance();
      }
    };
    await (paths.length > 1 ? during('judging agents', paths.length, all) : all());
  }
  if (isSummedUp) tellAll(command, reports, options, { ...io, out });
  if (file !== undefined) await writeOutput(file, kept);
  return worst;
};

const eachOf = ({ summary, json, format }: ManyOptions): Each =>
  format === 'junit'
    ? 'junit'
    : summary === true || format !== undefined
      ? 'nothing'
      : json === true
        ? 'json'
        : 'screen';

/** What all of them come to: a table behind the screens, or alone; a line of JSON alone. */
const tellAll = (command: string, reports: readonly HostReport[], options: ManyOptions, io: Io): void => {
  if (options.format !== undefined) {
    io.out(formatted(options.format, command, reports));
    return;
  }
  if (options.json === true) {
    if (options.summary === true) io.out(`${jsonLine(summaryJson(command, reports))}\n`);
    return;
  }
  if (reports.length > 0) io.out(summaryScreen(reports, screenOf(io)));
};

const formatted = (format: string, command: string, reports: readonly HostReport[]): string => {
  if (format === 'junit') return JUNIT_END;
  if (format === 'nagios') return nagiosLine(command, reports);
  return prometheusText(command === 'preflight' ? 'preflight' : 'verify', reports);
};

/** Others read what is for a monitoring system: it holds names and numbers, and no content of a checkpoint. */
const OUTPUT_MODE = 0o644;

const writeOutput = async (file: string, kept: readonly string[]): Promise<void> => {
  await writeWhole(
    file,
    kept.map((text) => Buffer.from(text)),
    { force: true, mode: OUTPUT_MODE },
  );
};

/**
 * Looks at what is asked of a format.
 * @throws UsageError where it makes no sense
 */
export const checkFormat = ({ format, output }: ManyOptions): void => {
  if (output === undefined) return;
  if (format === undefined) throw new UsageError('--output needs --format');
  if (output === '') throw new UsageError('--output: name a file');
};

/** What is said of a PATH whose thread has died. */
const buried = (command: string, path: string, why: string, number: number, told: Told): Done => {
  const written: Written[] = [];
  const io = {
    out: (text: string) => written.push({ to: 'out', text }),
    err: (text: string) => written.push({ to: 'err', text }),
  };
  return { number, written, one: tellUnjudged(command, path, `${path}: ${why}`, told, io) };
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
  throw new UsageError(`${option} takes only one PATH: run the command for each PATH that needs it`);
};
