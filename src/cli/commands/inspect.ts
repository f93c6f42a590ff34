import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { versionText } from '../../agent/version.ts';
import { READING } from '../../checkpoint/load.ts';
import { type Opened, UnusablePath } from '../../checkpoint/open.ts';
import { type GradualInspection, inspectGradually, inspect as read } from '../../inspect/inspect.ts';
import type { Inspected } from '../../inspect/inspected.ts';
import { type Selection, select } from '../../inspect/select.ts';
import { timeLineOf } from '../../inspect/time-line.ts';
import { countsOf, tasksIn } from '../../inspect/walk.ts';
import { during } from '../../program/progress.ts';
import { isTraced } from '../../program/trace.ts';
import { rulesOf } from '../../recovery/versions.ts';
import type { ReadPieces } from '../../report/inspect/executors-text.ts';
import type { InspectionAbout } from '../../report/inspect/json.ts';
import { inspectJsonPieces } from '../../report/inspect/json-pieces.ts';
import { type PlainTexts, plainTextsFor } from '../../report/inspect/plain-text.ts';
import { inspectScreen } from '../../report/inspect/screen.ts';
import { FolderSource } from '../../source/folder.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { failureText, sayFailure, UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { openSaying } from '../open.ts';
import { ARCHIVES, json, maxRecord, maxSize, mesosVersion, repeatable, showSecrets, workDir } from '../options.ts';
import { threadedPieces } from '../threads/pieces.ts';
import { WORKER_FILES } from '../worker-files.ts';
import { absoluteOf } from '../working-folder.ts';

const glob = (value: string, previous: readonly string[] | undefined): readonly string[] => {
  if (value === '') throw new InvalidArgumentError('A pattern is not empty.');
  return repeatable(value, previous);
};

const declare = (command: Command) =>
  command
    .description(
      'Shows the agent, and its frameworks, executors, runs and tasks with the state of each. PATH is a work_dir, its ' +
        'meta, or the folder of one agent, framework, executor, run or task in it. Nothing is written.',
    )
    .argument('<path>', `the agent's work_dir, its meta, or a folder in it; ${ARCHIVES}`)
    .option('--framework <glob>', 'only frameworks whose id or name matches (repeatable)', glob)
    .option('--executor <glob>', 'only executors whose id matches (repeatable)', glob)
    .option(
      '--task <glob>',
      'only tasks whose id or name matches (repeatable); of a single one, the time line of its log too',
      glob,
    )
    .option('--damaged', 'only what is damaged, and what holds it')
    .option('--tree', 'print a tree instead of a table')
    .option('--wide', 'shorten nothing')
    .option('--no-uuids', 'leave the uuids of status updates out of the JSON')
    .addOption(showSecrets('show the values of environment variables, and what else is secret'))
    .addOption(mesosVersion('whose view is shown'))
    .addOption(workDir())
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp([EXIT.recovers, 'the checkpoint was shown, whether or not it is damaged'], UNKNOWN),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (path, options) => session.exit(await inspect(path, options, session)));

/**
 * Shows what is in a checkpoint, or in a part of one. It describes, and does not judge: damage does not change the exit
 * code.
 * @throws UsageError where the options make no sense
 */
const inspect = async (path: string, options: Options, session: Session): Promise<number> => {
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  if (!options.uuids && options.json !== true) throw new UsageError('--no-uuids needs --json');
  const { io } = session;
  const { mesosVersion: version } = options;
  try {
    const opened = await openSaying(path, options, session);
    const selection = selectionOf(options, opened);
    // Tables ask for little of an executor's or a task's info, of which there can be very many.
    const needsAll = ['executor', 'run', 'task'].includes(opened.level);
    const about: InspectionAbout = {
      path,
      workDir: opened.tree.home,
      inPlace: opened.inPlace,
      mesosVersion: versionText(version),
      showSecrets: options.showSecrets === true,
      selection,
    };
    if (options.json === true) {
      const rules = rulesOf(version);
      const gradually = inspectGradually(opened, rules, 'whole', options.uuids);
      // The trace tells what is read and why, and of what is not plain some would be read twice.
      const plain = isTraced() ? undefined : plainTextsFor(about, rules, options.uuids);
      return printJson(gradually, about, io, { readPieces: piecesOf(opened, about, options), plain });
    }
    const all = read(opened, rulesOf(version), needsAll ? 'whole' : 'facts');
    checkThere(path, all);
    const selected = select(all, selection);
    const [task, ...others] = tasksIn(selected);
    const isOne = task !== undefined && others.length === 0 && (opened.level === 'task' || selection.task.length > 0);
    io.out(
      inspectScreen(
        selected,
        { ...about, total: countsOf(all) },
        {
          ...screenOf(io),
          wide: options.wide === true || io.wide === true,
          tree: options.tree === true,
          timeLine: isOne ? timeLineOf(opened.tree, task.task) : undefined,
        },
      ),
    );
    return EXIT.recovers;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

/** Threads that help to read what is on disk; of what they read, the trace would not tell. */
const piecesOf = (
  { tree }: Opened,
  about: InspectionAbout,
  { mesosVersion: version, uuids }: Options,
): ReadPieces | undefined => {
  const { source, home, maxRecord } = tree;
  if (isTraced() || !(source instanceof FolderSource)) return undefined;
  const { mount } = source;
  const folder = absoluteOf(source.folder);
  return threadedPieces(WORKER_FILES.json, { source, folder, mount, home, version, maxRecord }, about, uuids);
};

/** So many characters are written at a time. */
const PIECE = 256 * 1024;

/**
 * Writes the document while executors are read. Where one may not be read, nothing of it is written if it is short; else
 * it ends there, and says why.
 */
const printJson = (
  all: GradualInspection,
  about: InspectionAbout,
  io: Io,
  { readPieces, plain }: { readonly readPieces: ReadPieces | undefined; readonly plain: PlainTexts | undefined },
): ExitCode => {
  checkThere(about.path, all);
  const { bytes = (written) => io.out(Buffer.from(written).toString()) } = io;
  let waiting = '';
  let isBegun = false;
  const flush = (): void => {
    isBegun = true;
    if (waiting !== '') io.out(waiting);
    waiting = '';
  };
  let failed: unknown;
  const onFailure = (error: unknown): string => {
    if (!isBegun) throw error;
    failed = error;
    return failureText(about.path, error);
  };
  during(READING, all.frameworks + all.executors, () => {
    for (const piece of inspectJsonPieces(all, about, onFailure, readPieces, plain)) {
      if (typeof piece === 'string') waiting += piece;
      if (typeof piece === 'string' && waiting.length < PIECE) continue;
      flush();
      if (typeof piece !== 'string') bytes(piece);
    }
  });
  io.out(waiting);
  return failed === undefined ? EXIT.recovers : EXIT.unknown;
};

/** The levels at which a filter finds something below what was given. */
const FILTERS = {
  framework: ['work_dir', 'meta', 'agent'],
  executor: ['work_dir', 'meta', 'agent', 'framework'],
  task: ['work_dir', 'meta', 'agent', 'framework', 'executor', 'run'],
} as const satisfies Record<string, readonly Opened['level'][]>;

const selectionOf = (options: Options, { level }: Opened): Selection => {
  for (const [filter, levels] of Object.entries(FILTERS)) {
    const isAsked = options[filter as keyof typeof FILTERS] !== undefined;
    if (isAsked && !(levels as readonly string[]).includes(level)) {
      throw new UsageError(`--${filter} picks from what is below PATH, and PATH is the folder of one ${level}`);
    }
  }
  return {
    framework: options.framework ?? [],
    executor: options.executor ?? [],
    task: options.task ?? [],
    damaged: options.damaged === true,
  };
};

/** A folder without `meta` has no checkpoint in it. */
const checkThere = (path: string, { checkpoint }: Inspected): void => {
  if (checkpoint?.hasMeta === false) {
    throw new UnusablePath(path, "no checkpoint there: expected a folder 'meta' in the agent's work_dir");
  }
};
