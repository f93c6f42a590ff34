import type { Command } from '@commander-js/extra-typings';
import type { Opened } from '../checkpoint/open.ts';
import { FolderHost } from '../host/folder.ts';
import { nowhere } from '../host/nowhere.ts';
import { agentInfoRebuilder } from '../host/rebuild.ts';
import type { SalvageOptions } from '../repair/options.ts';
import { selectorProblem } from '../repair/selection.ts';
import type { WaysOptions } from '../repair/ways/compare.ts';
import type { Level } from '../repair/ways/way.ts';
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
  assumedWords,
  bootId,
  json,
  launcher,
  mesosVersion,
  rebooted,
  repeatable,
  repeatableList,
  sandboxes,
  valued,
  workDir,
} from './options.ts';

export const declarePrune = (command: Command) =>
  command
    .description(
      'Compares the ways out where the agent does not start, or starts with losses: what each keeps, rehearsed in memory. ' +
        'Then shows the plan of the one that is asked for, or of the one that keeps most: the smallest set of changes after ' +
        'which a strict start comes up at its first try.',
    )
    .argument('<path>', "the agent's work_dir, or its meta")
    .argument('[flags...]', 'flags that the agent is supposed to have, behind --')
    .option('--plan <file>', 'write the plan to a new file, to be reviewed')
    .option(
      '--apply [file]',
      'carry the plan out, or that in a file; what goes is kept in a journal, for mesos-ckpt undo',
    )
    .option('--journal <dir>', 'with --apply, keep it there: a new folder on the same file system')
    .option('--force', 'with --apply, do it although an agent runs on the tree, because it is known to be a copy')
    .option('--as-non-strict', 'keep what a non-strict start would keep, and no more')
    .option('--salvage', 'keep what a non-strict start would lose, wherever the bytes allow')
    .option(
      '--allow-suspect',
      'with --salvage, put in what is just likely: a framework.info made of what its executors say, a slave.info of flags',
    )
    .option('--from <checkpoint>', 'take what is damaged here from a copy (repeatable)', repeatable)
    .option('--root <dir>', "the host whose flags tell the agent's info; / where PATH is in place")
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
    )
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'the strict start comes up as the plan said, or did without one'],
        [EXIT.fails, 'it would not: nothing was changed, or what was is told'],
        [EXIT.unknown, 'it could not be done, or the ways differ in what they keep and none was named'],
      ).replace('Exit codes:', 'Exit codes with --apply:'),
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
  if (options.allowSuspect === true && options.salvage !== true) {
    throw new UsageError('--allow-suspect goes with --salvage');
  }
  if (options.asNonStrict === true) checkPlainUsage(options);
  agentFlagsIn(options.flags);
  for (const name of ['only', 'skip'] as const) {
    for (const text of options[name] ?? []) {
      const problem = selectorProblem(text);
      if (problem !== undefined) throw new UsageError(`--${name}: '${shown(text)}': ${problem}`);
    }
  }
};

/** What a non-strict start keeps is in the tree alone: nothing is taken from elsewhere. */
const checkPlainUsage = ({ salvage, from, root, flags }: PruneOptions): void => {
  if (salvage === true) throw new UsageError('--as-non-strict and --salvage do not go together');
  const other =
    from !== undefined ? '--from' : root !== undefined ? '--root' : flags.length > 0 ? 'a flag of the agent' : '';
  if (other !== '')
    throw new UsageError(`--as-non-strict takes nothing from elsewhere, so ${other} does not go with it`);
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
    'asNonStrict',
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

/** The level that is asked for; undefined where the ways are compared and the best is to be taken. */
export const levelIn = ({ asNonStrict, salvage, allowSuspect }: PruneOptions): Level | undefined => {
  if (asNonStrict === true) return 'as-non-strict';
  if (salvage !== true) return undefined;
  return allowSuspect === true ? 'salvage-suspect' : 'salvage';
};

/** What is planned, and assumed, by the command line. */
export const waysOptionsOf = (options: PruneOptions, opened: Opened, io: Io, note: Note = () => {}): WaysOptions => ({
  ...assumedBy(options),
  acceptNewAgent: options.acceptNewAgent,
  only: options.only,
  skip: options.skip,
  sources: {
    copies: (options.from ?? []).map((path) => copyAt(path, io)),
    rebuildAgentInfo: rebuilderOf(options, opened, note),
  },
});

/** The options that a command needs besides its level to come to the same plan, as words; flags behind `--` included. */
export const wordsBehind = (options: PruneOptions): readonly string[] => {
  const { flags } = options;
  return [
    ...valued('--from', options.from),
    ...valued('--root', options.root === undefined ? [] : [options.root]),
    ...(options.acceptNewAgent === true ? ['--accept-new-agent'] : []),
    ...valued('--only', options.only),
    ...valued('--skip', options.skip),
    ...assumedWords(options),
    ...(flags.length === 0 ? [] : ['--', ...flags]),
  ];
};

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

/** The flags are those of the host that the tree is in place on, or of one whose root is named; else those behind `--` alone. */
const rebuilderOf = (
  { root, mesosVersion: version, flags }: PruneOptions,
  opened: Opened,
  note: Note,
): SalvageOptions['rebuildAgentInfo'] => {
  const folder = root ?? (opened.inPlace ? '/' : undefined);
  if (folder === undefined && flags.length === 0) return undefined;
  const { home } = opened.tree;
  const host = folder === undefined ? nowhere : hostAt(folder);
  // Of a copy, the flags are those of its own agent, whether or not they say where it lives.
  const isTold = folder !== undefined || flags.some((flag) => /^--?work_dir=/.test(flag));
  const rebuild = agentInfoRebuilder(host, version, home, isTold ? flags : [`--work_dir=${home}`, ...flags]);
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
