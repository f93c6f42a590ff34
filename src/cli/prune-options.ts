import type { Command } from '@commander-js/extra-typings';
import type { Opened } from '../checkpoint/open.ts';
import { FolderHost } from '../host/folder.ts';
import { agentInfoRebuilder } from '../host/rebuild.ts';
import type { RepairOptions, SalvageOptions } from '../repair/options.ts';
import { selectorProblem } from '../repair/selection.ts';
import { errnoText } from '../source/errno.ts';
import type { Tree } from '../source/links.ts';
import { shown } from '../text/escape.ts';
import type { OptionsOf } from './command.ts';
import { EXIT, exitCodesHelp, UNKNOWN } from './exit.ts';
import { UsageError } from './failure.ts';
import type { Io } from './io.ts';
import { openCopy } from './open.ts';
import {
  agentFlagsIn,
  assumedBy,
  bootId,
  json,
  launcher,
  mesosVersion,
  rebooted,
  repeatable,
  repeatableList,
  sandboxes,
  workDir,
} from './options.ts';

export const declarePrune = (command: Command) =>
  command
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
    .option('--from <checkpoint>', 'with --salvage, take what is damaged here from a copy (repeatable)', repeatable)
    .option(
      '--allow-suspect',
      'with --salvage, put in what is just likely: a framework.info made of what its executors say, a slave.info of flags',
    )
    .option('--root <dir>', "with --salvage, the host whose flags tell the agent's info; / where PATH is in place")
    .option('--accept-new-agent', 'plan to lose every task where nothing else is possible')
    .option(
      '--only <what>',
      'mend only findings of a code, or whose path matches a pattern (repeatable)',
      repeatableList,
    )
    .option('--skip <what>', 'leave findings of a code, or whose path matches a pattern (repeatable)', repeatableList)
    .addOption(mesosVersion('that will start'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(workDir())
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'with the plan a strict start recovers everything, or does so without one'],
        [EXIT.losses, 'with the plan it comes up, with losses that the plan names'],
        [EXIT.fails, 'no plan lets it come up with its tasks'],
        UNKNOWN,
      ),
    );

/** The options of `prune`, as the command line gives them. */
export interface PruneOptions extends OptionsOf<typeof declarePrune> {
  /** Those that the agent is supposed to have. */
  readonly flags: readonly string[];
}

/** @throws UsageError where the options of `prune` make no sense */
export const checkPruneUsage = (path: string, options: PruneOptions): void => {
  if (path === '') throw new UsageError('PATH is empty: is a variable not set?');
  checkApplyUsage(options);
  if (options.plan === '') throw new UsageError('--plan: the name of a file is wanted');
  if (options.from !== undefined && options.salvage !== true) throw new UsageError('--from goes with --salvage');
  if (options.allowSuspect === true && options.salvage !== true) {
    throw new UsageError('--allow-suspect goes with --salvage');
  }
  if (options.root !== undefined && options.salvage !== true) throw new UsageError('--root goes with --salvage');
  if (agentFlagsIn(options.flags).length > 0 && options.salvage !== true) {
    throw new UsageError('flags of the agent, behind --, go with --salvage');
  }
  for (const name of ['only', 'skip'] as const) {
    for (const text of options[name] ?? []) {
      const problem = selectorProblem(text);
      if (problem !== undefined) throw new UsageError(`--${name}: '${shown(text)}': ${problem}`);
    }
  }
};

const checkApplyUsage = (options: PruneOptions): void => {
  const { apply, plan, journal, force } = options;
  if (apply === '') throw new UsageError('--apply: the name of a file is empty: is a variable not set?');
  if (journal === '') throw new UsageError('--journal: the name of a folder is wanted');
  if (apply !== undefined && plan !== undefined) throw new UsageError('--plan and --apply do not go together');
  if (apply === undefined && (journal !== undefined || force === true)) {
    throw new UsageError(`--${journal === undefined ? 'force' : 'journal'} goes with --apply`);
  }
  if (typeof apply !== 'string') return;
  const planning = [
    'salvage',
    'from',
    'allowSuspect',
    'root',
    'acceptNewAgent',
    'only',
    'skip',
    'launcher',
    'sandboxes',
  ] as const;
  const given = planning.find((name) => options[name] !== undefined && options[name] !== DEFAULTS[name]);
  if (given === undefined) return;
  const flag = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(`--${flag} is for planning, and the plan is in ${shown(apply)} already`);
};

/** What commander hands over where an option was not given. */
const DEFAULTS: Partial<Record<keyof PruneOptions, unknown>> = {
  launcher: launcher.defaultValue,
  sandboxes: sandboxes.defaultValue,
};

/** Is told what could not be done, and why, in a sentence. */
type Note = (text: string) => void;

/** What is planned, and assumed, by the command line. */
export const repairOptionsOf = (
  options: PruneOptions,
  opened: Opened,
  io: Io,
  note: Note = () => {},
): RepairOptions => ({
  ...assumedBy(options),
  acceptNewAgent: options.acceptNewAgent,
  salvage: salvageOf(options, opened, io, note),
  only: options.only,
  skip: options.skip,
});

/**
 * A copy, opened as it is: where it lived on its agent is found out from it.
 * @throws UsageError where secrets in it were blanked: that would be put into a checkpoint that an agent reads
 */
const copyAt = (path: string, io: Io): Tree => {
  const { tree, manifest } = openCopy(path, { whole: true }, io);
  if (manifest === undefined || manifest.redacted === null) return tree;
  throw new UsageError(
    `--from: ${shown(path)}: this snapshot was made with --redact, so that nothing is taken from it`,
  );
};

const salvageOf = (options: PruneOptions, opened: Opened, io: Io, note: Note): SalvageOptions | undefined =>
  options.salvage === true
    ? {
        copies: (options.from ?? []).map((path) => copyAt(path, io)),
        allowSuspect: options.allowSuspect,
        rebuildAgentInfo: rebuilderOf(options, opened, note),
      }
    : undefined;

/** The flags are those of the host that the tree is in place on, or of one whose root is named. */
const rebuilderOf = (
  { root, mesosVersion: version, flags }: PruneOptions,
  opened: Opened,
  note: Note,
): SalvageOptions['rebuildAgentInfo'] => {
  const folder = root ?? (opened.inPlace ? '/' : undefined);
  if (folder === undefined) return undefined;
  const rebuild = agentInfoRebuilder(hostAt(folder), version, opened.tree.home, flags);
  return (agentId) => {
    const rebuilt = rebuild(agentId);
    if (!rebuilt.ok) note(`slave.info could be made anew from the agent's flags, but ${rebuilt.why}.`);
    return rebuilt;
  };
};

const hostAt = (root: string): FolderHost => {
  try {
    return new FolderHost(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`--root: ${shown(root)}: ${errnoText(code)}; expected a folder that holds a host's /etc`);
  }
};
