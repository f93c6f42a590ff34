import { versionText } from '../../agent/version.ts';
import { type Opened, openPath, UnusablePath } from '../../checkpoint/open.ts';
import { inspect as read } from '../../inspect/inspect.ts';
import type { Inspected } from '../../inspect/inspected.ts';
import { type Selection, select } from '../../inspect/select.ts';
import { countsOf } from '../../inspect/walk.ts';
import { rulesOf } from '../../recovery/versions.ts';
import { type InspectionAbout, inspectJson } from '../../report/inspect/json.ts';
import { inspectScreen } from '../../report/inspect/screen.ts';
import { jsonLine } from '../../text/escape.ts';
import { sayFailure } from '../failure.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { versionOf, workDirOf } from '../options.ts';

/** The options of `inspect`, as commander hands them over. */
interface InspectOptions {
  readonly framework?: readonly string[];
  readonly executor?: readonly string[];
  readonly task?: readonly string[];
  readonly damaged?: boolean;
  readonly tree?: boolean;
  readonly wide?: boolean;
  readonly showSecrets?: boolean;
  readonly mesosVersion?: string;
  readonly workDir?: string;
  readonly json?: boolean;
}

/**
 * Shows what is in a checkpoint, or in a part of one. It describes, and does not judge: damage does not change the exit
 * code.
 * @throws UsageError where the options make no sense
 */
export const inspect = (path: string, given: Record<string, unknown>, io: Io): ExitCode => {
  const options = given as InspectOptions;
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  const version = versionOf(options.mesosVersion);
  const workDir = workDirOf(options.workDir);
  try {
    const opened = openPath(path, { workDir });
    const selection = selectionOf(options, opened);
    // Tables ask for little of an executor's or a task's info, of which there can be very many.
    const needsAll = options.json === true || ['executor', 'run', 'task'].includes(opened.level);
    const all = read(opened, rulesOf(version), needsAll ? 'whole' : 'facts');
    checkThere(path, all);
    const about: InspectionAbout = {
      path,
      workDir: opened.tree.home,
      inPlace: opened.inPlace,
      mesosVersion: versionText(version),
      showSecrets: options.showSecrets === true,
      selection,
      total: countsOf(all),
    };
    io.out(render(select(all, selection), about, options, io));
    return EXIT.recovers;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

const render = (inspected: Inspected, about: InspectionAbout, options: InspectOptions, io: Io): string =>
  options.json === true
    ? `${jsonLine(inspectJson(inspected, about))}\n`
    : inspectScreen(inspected, about, {
        width: io.columns,
        colour: io.colour,
        wide: options.wide === true,
        tree: options.tree === true,
      });

/** The levels at which a filter finds something below what was given. */
const FILTERS = {
  framework: ['work_dir', 'meta', 'agent'],
  executor: ['work_dir', 'meta', 'agent', 'framework'],
  task: ['work_dir', 'meta', 'agent', 'framework', 'executor', 'run'],
} as const satisfies Record<string, readonly Opened['level'][]>;

const selectionOf = (options: InspectOptions, { level }: Opened): Selection => {
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
