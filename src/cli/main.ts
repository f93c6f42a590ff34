import { Command, CommanderError, Help } from '@commander-js/extra-typings';
import { progressTo } from '../program/progress.ts';
import { isTraced, trace, traceTo } from '../program/trace.ts';
import { VERSION } from '../program/version.ts';
import { shown } from '../text/escape.ts';
import { startThreadFor } from './ahead.ts';
import type { Define, Session, World } from './command.ts';
import { startTrace } from './debug.ts';
import { examplesHelp } from './examples.ts';
import { EXIT, EXIT_CODE_TABLE, titledExitCodes } from './exit.ts';
import { sayEnd, UsageError } from './failure.ts';
import { addGlobalOptions, asAsked, COLOR_HELP, type GlobalOptions, type Prints, withHint } from './global-options.ts';
import type { Io } from './io.ts';
import type { ProgressLine } from './progress-line.ts';

/** A command: all but what the program's own help says of it is loaded when it is used. */
interface Row {
  readonly name: string;
  /** Another name that people look for. */
  readonly alias?: string | undefined;
  readonly takes: string;
  /** A screen with times, where it is not said. */
  readonly prints?: Prints | undefined;
  readonly summary: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** In the order of the help. */
export const COMMANDS: readonly Row[] = [
  {
    name: 'inspect',
    takes: '<path>',
    summary: 'show what is in a checkpoint',
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'verify',
    takes: '[path...]',
    summary: 'predict whether the agent will start on a checkpoint',
    load: () => import('./commands/verify.ts'),
  },
  {
    name: 'prune',
    alias: 'repair',
    takes: '[path...]',
    summary: 'compare the ways out where an agent does not start, and take one',
    load: () => import('./commands/prune.ts'),
  },
  {
    name: 'preflight',
    takes: '[path...]',
    summary: "predict whether a host's tasks will survive",
    load: () => import('./commands/preflight.ts'),
  },
  {
    name: 'fleet',
    takes: '<report...>',
    prints: 'screen',
    summary: 'sum up what these commands said of many hosts',
    load: () => import('./commands/fleet.ts'),
  },
  {
    name: 'collect',
    takes: '',
    prints: 'text',
    summary: 'print a script that reads a host without Node, for the other commands',
    load: () => import('./commands/collect.ts'),
  },
  {
    name: 'undo',
    takes: '<journal>',
    summary: 'take back what prune --apply did',
    load: () => import('./commands/undo.ts'),
  },
  {
    name: 'diff',
    takes: '<a> [b]',
    summary: 'compare two checkpoints, or a tree before and after prune --apply',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'explain',
    takes: '[code...]',
    prints: 'screen',
    summary: 'explain a finding or a check',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'decode',
    takes: '<file...>',
    summary: 'show what is in one file of a checkpoint, record by record',
    load: () => import('./commands/decode.ts'),
  },
  {
    name: 'report',
    takes: '[path...]',
    summary: 'write everything about an agent, or many, to one page for a browser',
    load: () => import('./commands/report.ts'),
  },
  {
    name: 'snapshot',
    takes: '<path>',
    summary: 'take a copy of a checkpoint, before an upgrade or as evidence',
    load: () => import('./commands/snapshot.ts'),
  },
  {
    name: 'completion',
    takes: '<shell>',
    prints: 'text',
    summary: 'print shell completion, or the manual page',
    load: () => import('./commands/completion.ts'),
  },
];

/**
 * Runs a command line (without the program's name) and returns its exit code. Never throws.
 * @param world the hosts that `preflight` looks at, where they are not those of this machine
 */
export const main = async (argv: readonly string[], given: Io, world?: World): Promise<number> => {
  let exitCode: number = EXIT.recovers;
  const exit = (code: number): void => {
    exitCode = code;
  };
  startTrace(argv, given);
  let io = clearing(given, () => line?.clear());
  let line: ProgressLine | undefined;
  try {
    refuseForeignWord(argv);
    const session: Session = {
      // As the options of the command line want it, from when they are known.
      get io() {
        return io;
      },
      world,
      exit,
      whole: () => programFor(undefined, session),
    };
    const program = await programFor(argv, session);
    program.hook('preAction', async (_, command) => {
      const options = command.opts() as GlobalOptions;
      io = asAsked(io, options);
      const { terminal } = given;
      if (options.quiet === true || terminal === undefined || isTraced()) return;
      line = (await import('./progress-line.ts')).showProgress(given.err, terminal);
    });
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // Commander has said what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) exitCode = error.exitCode === 0 ? EXIT.recovers : EXIT.unknown;
    else exitCode = sayEnd(error, io);
  }
  line?.clear();
  progressTo();
  trace('end', () => ({ exitCode }));
  traceTo();
  return exitCode;
};

/** The same world, where something is done before anything is written. */
const clearing = (io: Io, clear: () => void): Io => {
  const { bytes } = io;
  const before =
    <T>(write: (written: T) => void) =>
    (written: T): void => {
      clear();
      write(written);
    };
  // What goes elsewhere than to the terminal leaves the line where it is.
  if (io.wide === true) return { ...io, err: before(io.err) };
  return {
    ...io,
    out: before(io.out),
    err: before(io.err),
    ...(bytes === undefined ? {} : { bytes: before(bytes) }),
  };
};

/** The program with all of its commands, of which the one that is named first is whole; all are, without a command line. */
const programFor = async (argv: readonly string[] | undefined, session: Session): Promise<Command> => {
  const program = programOf(session.io);
  const used = argv?.find((word) => COMMANDS.some((row) => isNamed(row, word)));
  const isWhole = (row: Row): boolean => argv === undefined || (used !== undefined && isNamed(row, used));
  for (const row of COMMANDS) {
    const { name, alias, takes, prints = 'times', summary, load } = row;
    const command = program.command(name).summary(summary);
    if (alias !== undefined) command.alias(alias);
    if (isWhole(row)) {
      if (argv !== undefined) startThreadFor(name, argv);
      (await load()).define(command, session);
      command.addHelpText('after', examplesHelp(name));
    } else if (takes !== '') command.arguments(takes);
    addGlobalOptions(command, prints);
  }
  return program;
};

/** What others call what a command does. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  check: 'verify',
  fsck: 'verify',
  test: 'verify',
  validate: 'verify',
  fix: 'prune',
  clean: 'prune',
  recover: 'prune',
  ls: 'inspect',
  list: 'inspect',
  show: 'inspect',
  cat: 'decode',
  dump: 'decode',
  backup: 'snapshot',
  save: 'snapshot',
  restore: 'undo',
  revert: 'undo',
  rollback: 'undo',
  compare: 'diff',
  doctor: 'preflight',
};

/** Says which command does what a word means that is none of ours. */
const refuseForeignWord = ([word = '']: readonly string[]): void => {
  const ours = Object.hasOwn(FOREIGN_WORDS, word) ? FOREIGN_WORDS[word] : undefined;
  const row = COMMANDS.find(({ name }) => name === ours);
  if (row === undefined) return;
  throw new UsageError(`there is no command '${word}': did you mean ${row.name}, to ${row.summary}?`);
};

const isNamed = ({ name, alias }: Row, word: string): boolean => name === word || alias === word;

const MORE = `An agent does not start: run as root on its host, with the agent stopped
  mesos-ckpt verify /var/lib/mesos
  mesos-ckpt prune /var/lib/mesos

${COLOR_HELP}
Only prune --apply and undo change a checkpoint. More is in README.md and docs/.
`;

const helped = new Help();

const programOf = ({ out, err, columns }: Io): Command =>
  new Command('mesos-ckpt')
    .description('Reads the checkpoint of an Apache Mesos agent, predicts its recovery, and repairs it.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    // That each has options goes without saying, and leaves too few of 80 columns for what it does.
    .configureHelp({ subcommandTerm: (command) => helped.subcommandTerm(command).replace(' [options]', '') })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      titledExitCodes('Exit codes of verify; those of the others are in their --help', EXIT_CODE_TABLE),
    )
    .addHelpText('after', MORE)
    .exitOverride()
    .configureOutput({
      writeOut: out,
      // Commander repeats what it was given.
      writeErr: (text) => err(text.split('\n').map(shown).join('\n')),
      outputError: (text, write) => write(withHint(text.replace(/^error: /, 'mesos-ckpt: '))),
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    });
