import type { Command } from '@commander-js/extra-typings';
import type { Opened } from '../../checkpoint/open.ts';
import type { Mode } from '../../findings/finding.ts';
import { isTraced } from '../../program/trace.ts';
import { verifyJson } from '../../report/json/verify.ts';
import { verifyScreen } from '../../report/verify/screen.ts';
import { nextJson, nextText } from '../../report/ways/next.ts';
import { FolderSource } from '../../source/folder.ts';
import { jsonLine } from '../../text/escape.ts';
import { threadedReaders } from '../../verify/threads/readers.ts';
import type { VerifyOptions } from '../../verify/verification.ts';
import { verifyCheckpoint } from '../../verify/verify.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, EXIT_CODE_TABLE, exitCodesHelp } from '../exit.ts';
import { sayFailure, UsageError } from '../failure.ts';
import { openSaying } from '../open.ts';
import {
  ARCHIVES,
  type Assumed,
  assumedBy,
  bootId,
  json,
  launcher,
  maxRecord,
  maxSize,
  mesosVersion,
  rebooted,
  sandboxes,
  workDir,
} from '../options.ts';

const declare = (command: Command) =>
  command
    .description(
      'Simulates the recovery of each PATH, a work_dir or its meta: whether the agent will start on it, what exactly is ' +
        'wrong and where, what it costs in tasks, and what to do. Nothing is written.',
    )
    .argument('<path...>', `the agent's work_dir, or its meta; ${ARCHIVES}`)
    .option('--strict', 'let the exit code be that of a strict start (the default of the agent)')
    .option('--no-strict', 'let the exit code be that of a start with --no-strict')
    .addOption(mesosVersion('that will start'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(workDir())
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(maxSize)
    .addOption(maxRecord)
    .option('--all', 'list all that there is of a kind, not just the first few and a count')
    .addOption(json('print one line of JSON a PATH'))
    .option('--state', 'with --json, print the state that the agent will have')
    .addHelpText('after', exitCodesHelp(...EXIT_CODE_TABLE));

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (paths, options) => session.exit(await verify(paths, options, session)));

/** `verify PATH...`: prints what is predicted of each path, and returns the worst of their exit codes. */
const verify = async (paths: readonly string[], options: Options, session: Session): Promise<number> => {
  if (options.state === true && options.json !== true) throw new UsageError('--state goes with --json');
  if (options.all === true && options.json === true) throw new UsageError('--all goes without --json, which has all');
  if (paths.includes('')) throw new UsageError('a PATH is empty: is a variable not set?');
  const mode: Mode = options.strict === false ? 'nonStrict' : 'strict';
  const assumed: Assuming = { ...assumedBy(options), brief: options.state !== true };
  let worst: number = EXIT.recovers;
  for (const path of paths) {
    worst = Math.max(worst, await verifyOne(path, paths.length > 1, mode, options, assumed, session));
  }
  return worst;
};

/** What is assumed of the start, and whether the agent's state need not be kept. */
type Assuming = Assumed & { readonly brief: boolean };

const verifyOne = async (
  path: string,
  isOneOfSeveral: boolean,
  mode: Mode,
  options: Options,
  assumed: Assuming,
  session: Session,
): Promise<number> => {
  const { io } = session;
  try {
    const opened = await openSaying(path, { ...options, whole: true }, session);
    const verification = verifyCheckpoint(opened, { ...assumed, readExecutors: readersFor(opened, assumed) });
    // Planning is loaded where something is to be planned.
    const next =
      verification.strict.exitCode === 0
        ? undefined
        : (await import('../next.ts')).nextOf(path, opened, verification, options);
    if (options.json === true) {
      const line = { mode, withState: options.state === true, next: nextJson(next) };
      io.out(`${jsonLine(verifyJson(path, verification, line))}\n`);
    } else {
      const title = isOneOfSeveral ? path : undefined;
      const screen = verifyScreen(verification, {
        mode,
        width: io.columns,
        colour: io.colour,
        title,
        all: options.all,
      });
      const more = nextText(next, io.columns);
      io.out(`${screen}${more === '' ? '' : `\n${more}`}${isOneOfSeveral ? '\n' : ''}`);
    }
    return verification[mode].exitCode;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

const readers = threadedReaders(new URL('./worker.cjs', import.meta.url));

/** Threads that help to read what is on disk; what is not kept whole is all they can tell of. */
const readersFor = ({ tree }: Opened, { brief, version }: Assuming): VerifyOptions['readExecutors'] => {
  const { source, home, maxRecord } = tree;
  // Of what other threads read, the trace would not tell.
  if (isTraced() || !brief || !(source instanceof FolderSource)) return undefined;
  return readers({ folder: source.folder, mount: source.mount, home, version, maxRecord });
};
