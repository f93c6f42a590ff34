import type { Command } from '@commander-js/extra-typings';
import { agentsIn } from '../../checkpoint/several.ts';
import type { Mode } from '../../findings/finding.ts';
import { verifyJson } from '../../report/json/verify.ts';
import { verifyScreen } from '../../report/verify/screen.ts';
import { type Next, nextJson, nextText } from '../../report/ways/next.ts';
import type { Verification } from '../../verify/verification.ts';
import { verifyCheckpoint } from '../../verify/verify.ts';
import { aboutCheckpoint } from '../about.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT_CODE_TABLE, exitCodesHelp } from '../exit.ts';
import { UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { type Judge, type Told, tellFailure, tellOne } from '../many/one.ts';
import { checkFormat, judgeAll } from '../many/run.ts';
import { openSaying } from '../open.ts';
import {
  ARCHIVES,
  type Assumed,
  assumedBy,
  bootId,
  format,
  formatOutput,
  fromList,
  json,
  launcher,
  maxRecord,
  maxSize,
  mesosVersion,
  rebooted,
  sandboxes,
  summary,
  workDir,
} from '../options.ts';
import { readersFor } from '../readers.ts';

const declare = (command: Command) =>
  command
    .description(
      'Simulates the recovery of each PATH, a work_dir or its meta: whether the agent will start on it, what exactly is ' +
        'wrong and where, what it costs in tasks, and what to do. Nothing is written.',
    )
    .argument('[path...]', `the agent's work_dir, or its meta; ${ARCHIVES}; or a folder of several of these`)
    .addOption(fromList)
    .option('--strict', "exit with the code of a strict start (the agent's default)")
    .option('--no-strict', 'exit with the code of a start with --no-strict')
    .addOption(mesosVersion('that will start'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(workDir())
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(maxSize)
    .addOption(maxRecord)
    .option('--log', "show the agent's messages in full, as they will be in its log")
    .option('--all', 'list every item, not just the first few and a count')
    .addOption(summary)
    .addOption(format)
    .addOption(formatOutput)
    .addOption(json('print one line of JSON per PATH'))
    .option('--state', 'with --json, print the state that the agent will have')
    .addHelpText('after', exitCodesHelp(...EXIT_CODE_TABLE));

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (paths, options) => session.exit(await verify(paths, options, session)));

/** `verify PATH...`: prints what is predicted of each path, and returns the worst of their exit codes. */
const verify = async (given: readonly string[], options: Options, session: Session): Promise<number> => {
  if (options.state === true && options.json !== true) throw new UsageError('--state needs --json');
  if (options.all === true && options.json === true)
    throw new UsageError('--all cannot be used with --json, which has everything');
  checkFormat(options);
  return judgeAll({ command: 'verify', judge, given, options, agentsIn }, session);
};

/** What is assumed of the start, and whether the agent's state need not be kept. */
type Assuming = Assumed & { readonly brief: boolean };

export const judge: Judge<Options> = async (path, options, told, session) => {
  const { io } = session;
  const mode: Mode = options.strict === false ? 'nonStrict' : 'strict';
  const assumed: Assuming = { ...assumedBy(options), brief: options.state !== true };
  try {
    const opened = await openSaying(path, { ...options, whole: true }, session);
    // Beside other agents each core has one of its own.
    const readExecutors = told.isOneOfSeveral ? undefined : readersFor(opened, assumed);
    const verification = verifyCheckpoint(opened, { ...assumed, readExecutors });
    // Planning is loaded where something is to be planned.
    const next =
      verification.strict.exitCode === 0 || !told.isPlanned
        ? undefined
        : (await import('../next.ts')).nextOf(path, opened, verification, options);
    const about = aboutCheckpoint(path, { opened, checkpoint: verification.checkpoint });
    return tellOne(verification[mode].exitCode, told, io, {
      screen: () => screenText(path, verification, next, options, told, io),
      json: () =>
        verifyJson(path, verification, { mode, withState: options.state === true, next: nextJson(next), about }),
    });
  } catch (error) {
    return tellFailure('verify', path, error, told, io);
  }
};

const screenText = (
  path: string,
  verification: Verification,
  next: Next | undefined,
  { strict, all, log }: Options,
  { isOneOfSeveral }: Told,
  io: Io,
): string => {
  const title = isOneOfSeveral ? path : undefined;
  const mode: Mode = strict === false ? 'nonStrict' : 'strict';
  const screen = verifyScreen(verification, { ...screenOf(io), mode, title, all, log });
  const more = nextText(next, io.columns);
  return `${screen}${more}${isOneOfSeveral ? '\n' : ''}`;
};
