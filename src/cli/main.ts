import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { shown } from '../text/escape.ts';
import type { World } from './commands/preflight.ts';
import { EXIT, EXIT_CODE_TABLE, type Io, OutputError, UsageError } from './io.ts';
import { VERSION } from './version.ts';

const EXIT_CODES_HELP = `
Exit codes:
${EXIT_CODE_TABLE.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}
`;

/** What a PATH may be besides a folder. */
const ARCHIVES = 'or an archive of either, tar or tar.gz, - for standard input';

/** `inspect` describes, and judges nothing. */
const INSPECT_EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.recovers}  what is there was shown, damaged or not
${EXIT_CODE_TABLE.filter(([code]) => code === EXIT.unknown)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
  130, 143  a signal stopped it while it wrote: nothing of it is left
`;

/** `snapshot` notes verdicts, and ends by whether it could. */
const SNAPSHOT_EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.recovers}  the snapshot was taken, whatever the checkpoint is worth
  ${EXIT.losses}  it was taken, and something in it may be torn or missing, which is said
${EXIT_CODE_TABLE.filter(([code]) => code === EXIT.unknown)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
`;

/**
 * Runs a command line (without the program's name) and returns its exit code. Never throws.
 * @param world the hosts that `preflight` looks at, where they are not those of this machine
 */
export const main = async (argv: readonly string[], io: Io, world?: World): Promise<number> => {
  let exitCode: number = EXIT.recovers;
  const program = build(
    io,
    (code) => {
      exitCode = code;
    },
    world,
  );
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    return failure(error, io);
  }
};

const failure = (error: unknown, io: Io): number => {
  // Commander has said what was wrong, or shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.recovers : EXIT.unknown;
  const isExpected = error instanceof UsageError || error instanceof OutputError;
  try {
    io.err(`mesos-ckpt: ${isExpected ? error.message : String((error as Error).stack)}\n`);
  } catch {
    // Nobody is there to be told.
  }
  return EXIT.unknown;
};

const build = (io: Io, exit: (code: number) => void, world: World | undefined): Command => {
  const program = new Command('mesos-ckpt')
    .description('Reads the checkpoint of an Apache Mesos agent, foretells its recovery, and mends it.')
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .showSuggestionAfterError()
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      // Commander repeats what it was given.
      writeErr: (text) => io.err(text.split('\n').map(shown).join('\n')),
      outputError: (text, write) => write(text.replace(/^error: /, 'mesos-ckpt: ')),
      getOutHelpWidth: () => io.columns,
      getErrHelpWidth: () => io.columns,
    });
  addInspect(program, io, exit);
  addVerify(program, io, exit);
  addPrune(program, io, exit);
  addPreflight(program, io, exit, world);
  addUndo(program, io, exit);
  addSnapshot(program, io, exit);
  return program;
};

/** Adds the options that say what is assumed of the start that is foretold. */
const assuming = (command: Command): Command =>
  command
    .option('--mesos-version <version>', 'the version of the agent that will start', '1.11.0')
    .option('--boot-id <id>', "the host's boot id; on the agent's own host it is found out")
    .addOption(new Option('--rebooted', 'assume that the host was rebooted').conflicts('bootId'))
    .option('--work-dir <dir>', 'where the tree lives on its agent')
    .addOption(
      new Option('--launcher <launcher>', 'how the agent launches executors: posix refuses a pid that occurs twice')
        .choices(['posix', 'linux'])
        .default('posix'),
    )
    .addOption(
      new Option('--sandboxes <how>', 'whether a missing sandbox counts: auto, where the tree has sandboxes at all')
        .choices(['auto', 'judge', 'ignore'])
        .default('auto'),
    );

const addVerify = (program: Command, io: Io, exit: (code: number) => void): void => {
  const command = program
    .command('verify')
    .summary('foretell whether the agent will start on a checkpoint')
    .description(
      'Simulates the recovery of each PATH, a work_dir or its meta: whether the agent will start on it, what exactly is ' +
        'wrong and where, what it costs in tasks, and what to do. Nothing is written.',
    )
    .argument('<path...>', `the agent's work_dir, or its meta; ${ARCHIVES}`)
    .option('--strict', 'let the exit code be that of a strict start (the default of the agent)')
    .option('--no-strict', 'let the exit code be that of a start with --no-strict');
  assuming(command)
    .option('--all', 'list all that there is of a kind, not just the first few and a count')
    .option('--json', 'print one line of JSON a PATH')
    .option('--state', 'with --json, print the state that the agent will have')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async (paths: string[], options: Record<string, unknown>) => {
      const { verify } = await import('./commands/verify.ts');
      exit(verify(paths, options, io));
    });
};

/** What is planned is judged by what it comes to. */
const PRUNE_EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.recovers}  with the plan a strict start recovers everything, or does so without one
  ${EXIT.losses}  with the plan it comes up, with losses that the plan names
  ${EXIT.fails}  no plan lets it come up with its tasks
${EXIT_CODE_TABLE.filter(([code]) => code === EXIT.unknown)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
`;

const addPrune = (program: Command, io: Io, exit: (code: number) => void): void => {
  const several = (value: string, previous: string[] | undefined): string[] => [...(previous ?? []), value];
  const command = program
    .command('prune')
    .summary('plan the smallest change that lets the agent start')
    .description(
      'Plans the smallest set of changes after which a strict start of the agent comes up at its first try, with what a ' +
        'non-strict start would recover, and rehearses it in memory: what it mends, what it costs, and what the start after ' +
        'it will do.',
    )
    .argument('<path>', "the agent's work_dir, or its meta")
    .argument('[flags...]', 'with --salvage, flags that the agent is supposed to have, behind --')
    .option('--plan <file>', 'write the plan to a new file, to be reviewed')
    .option(
      '--apply [file]',
      'carry the plan out, or that in a file; what goes is kept in a journal, for mesos-ckpt undo',
    )
    .option('--journal <dir>', 'with --apply, keep it there: a new folder on the same file system')
    .option('--force', 'with --apply, do it although an agent runs on the tree, because it is known to be a copy')
    .option('--salvage', 'keep what a non-strict start would lose, wherever the bytes allow')
    .option(
      '--from <checkpoint>',
      'with --salvage, take what is damaged here from a copy (again: or from that)',
      several,
    )
    .option(
      '--allow-suspect',
      'with --salvage, put in what is just likely: a framework.info made of what its executors say, a slave.info of flags',
    )
    .option('--root <dir>', "with --salvage, the host whose flags tell the agent's info; / where PATH is in place")
    .option('--accept-new-agent', 'plan to lose every task where nothing else is possible')
    .option('--only <what>', 'mend only findings of a code, or whose path matches a pattern (again: or that)', several)
    .option('--skip <what>', 'leave findings of a code, or whose path matches a pattern (again: or that)', several);
  assuming(command)
    .option('--json', 'print one line of JSON')
    .addHelpText('after', PRUNE_EXIT_CODES_HELP)
    .action(async (path: string, flags: string[], options: Record<string, unknown>) => {
      const { prune } = await import('./commands/prune.ts');
      exit(await prune(path, flags, options, io));
    });
};

/** `preflight` judges more than the checkpoint. */
const PREFLIGHT_EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.recovers}  every check is ok: the agent comes up, and its tasks live
  ${EXIT.losses}  a check warns, or could not see what decides
  ${EXIT.fails}  a check fails: the agent does not come up, or tasks die
${EXIT_CODE_TABLE.filter(([code]) => code === EXIT.unknown)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
`;

const addPreflight = (program: Command, io: Io, exit: (code: number) => void, world?: World): void => {
  const several = (value: string, previous: string[] | undefined): string[] => [
    ...(previous ?? []),
    ...value.split(','),
  ];
  program
    .command('preflight')
    .summary('tell whether the tasks of a host will live')
    .description(
      "Looks at the agent's host before the agent is stopped, upgraded or rebooted, or at a copy of its root: its flags, " +
        'unit, processes, disks and checkpoint, and tells whether its tasks will live, with the evidence. Nothing is written.',
    )
    .argument('[flags...]', 'flags that the agent is supposed to have, behind --')
    .option('--root <dir>', "where the host's /etc, /proc, /run and /var are", '/')
    .option('--work-dir <dir>', 'the work_dir on the host; found out from the flags')
    .option('--from <version>', 'the version that wrote the checkpoint; found out from what runs or is installed')
    .option('--to <version>', 'the version that will start; found out from what is installed')
    .addOption(
      new Option('--scenario <what>', 'what is about to happen; found out from the versions').choices([
        ...['restart', 'upgrade', 'reboot', 'cleanup', 'downgrade'],
      ]),
    )
    .option(
      '--only <check>',
      'make this check only (again, or with commas: and that); docs/preflight.md lists them',
      several,
    )
    .option('--skip <check>', 'leave this check out (again, or with commas: and that)', several)
    .option(
      '--fail-on <check=verdict>',
      'end with 2 where a check says unknown, warn or fail, or never; all=... is for every check',
      several,
    )
    .option('--flags', 'show the flags alone, each with its value and the place that it comes from')
    .option('--show-secrets', 'show the values of flags that are secret, or hold secrets')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', PREFLIGHT_EXIT_CODES_HELP)
    .action(async (flags: string[], options: Record<string, unknown>) => {
      const { preflight } = await import('./commands/preflight.ts');
      exit(preflight(flags, options, io, world));
    });
};

const UNDO_EXIT_CODES_HELP = `
Exit codes:
  ${EXIT.recovers}  the plan was taken back, or there was nothing to take back
  ${EXIT.unknown}  it was not (the tree has changed since, an agent runs, usage)
  130, 143  a signal stopped it between two steps: run it again to go on
`;

const addUndo = (program: Command, io: Io, exit: (code: number) => void): void => {
  program
    .command('undo')
    .summary('take back what prune --apply did')
    .description(
      'Takes an applied plan back, to the byte. JOURNAL is the folder that prune --apply named. Refuses where the tree ' +
        'has changed since in a way that would be overwritten.',
    )
    .argument('<journal>', 'the folder of a journal; with --list, a work_dir or its meta')
    .option('--list', 'show the journals of a work_dir, what each did, and whether it can be undone')
    .option('--dry-run', 'only look whether it can be undone')
    .option('--force', 'do it although an agent runs on the tree, because it is known to be a copy')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', UNDO_EXIT_CODES_HELP)
    .action(async (path: string, options: Record<string, unknown>) => {
      const { undo } = await import('./commands/undo.ts');
      exit(await undo(path, options, io));
    });
};

const addInspect = (program: Command, io: Io, exit: (code: number) => void): void => {
  const glob = (value: string, previous: string[] | undefined): string[] => {
    if (value === '') throw new InvalidArgumentError('A pattern is not empty.');
    return [...(previous ?? []), value];
  };
  program
    .command('inspect')
    .summary('show what is in a checkpoint')
    .description(
      'Shows the agent, and its frameworks, executors, runs and tasks with the state of each. PATH is a work_dir, its ' +
        'meta, or the folder of one agent, framework, executor, run or task in it. Nothing is written.',
    )
    .argument('<path>', `the agent's work_dir, its meta, or a folder in it; ${ARCHIVES}`)
    .option('--framework <glob>', 'only frameworks whose id or name matches (again: or that)', glob)
    .option('--executor <glob>', 'only executors whose id matches (again: or that)', glob)
    .option('--task <glob>', 'only tasks whose id or name matches (again: or that)', glob)
    .option('--damaged', 'only what is damaged, and what holds it')
    .option('--tree', 'print a tree instead of a table')
    .option('--wide', 'shorten nothing')
    .option('--show-secrets', 'show the values of environment variables, and what else is secret')
    .option('--mesos-version <version>', 'the version of the agent whose view is shown', '1.11.0')
    .option('--work-dir <dir>', 'where the tree lives on its agent')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', INSPECT_EXIT_CODES_HELP)
    .action(async (path: string, options: Record<string, unknown>) => {
      const { inspect } = await import('./commands/inspect.ts');
      exit(inspect(path, options, io));
    });
};

const addSnapshot = (program: Command, io: Io, exit: (code: number) => void): void => {
  program
    .command('snapshot')
    .summary('take a copy of a checkpoint, before an upgrade or as evidence')
    .description(
      'Packs the files of a checkpoint, without sandboxes, with a manifest: paths, sizes, SHA-256, host, time, and the ' +
        'verdicts. The agent may be running. The other commands read a snapshot like the tree.',
    )
    .argument('<path>', "the agent's work_dir, or its meta")
    .requiredOption('-o, --output <file>', 'the file to write, a tar.gz; - for standard output')
    .option('--force', 'take the place of a file that is there')
    .option('--redact', 'blank the values of environment variables, and what else is secret')
    .option('--mesos-version <version>', 'the version of the agent whose verdicts are noted', '1.11.0')
    .option('--work-dir <dir>', 'where the tree lives on its agent')
    .option('--json', 'print one line of JSON')
    .addHelpText('after', SNAPSHOT_EXIT_CODES_HELP)
    .action(async (path: string, options: Record<string, unknown>) => {
      const { snapshot } = await import('./commands/snapshot.ts');
      exit(await snapshot(path, options, io));
    });
};
