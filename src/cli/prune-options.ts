import { type Command, Option } from '@commander-js/extra-typings';
import { versionText } from '../agent/version.ts';
import type { Opened } from '../checkpoint/open.ts';
import { isRedacted, REDACTED_COPY } from '../checkpoint/redacted.ts';
import { FolderHost } from '../host/folder.ts';
import { agentInfoRebuilder } from '../host/rebuild.ts';
import { readStartingAgent, type StartingOptions } from '../host/starting-agent.ts';
import { fileIn } from '../layout/kinds.ts';
import * as names from '../layout/names.ts';
import { AGENT_STATES } from '../repair/adopt/judge.ts';
import type { SalvageOptions } from '../repair/options.ts';
import { linkableIn } from '../repair/salvage/links.ts';
import { selectorProblem } from '../repair/selection.ts';
import type { WaysOptions } from '../repair/ways/compare.ts';
import type { Level } from '../repair/ways/way.ts';
import { errnoText } from '../source/errno.ts';
import { resolve, type Tree } from '../source/links.ts';
import { baseName } from '../source/source.ts';
import { shown } from '../text/escape.ts';
import { type KnownAgent, knownAgent, readNewInfo } from './agent-info.ts';
import type { OptionsOf } from './command.ts';
import { EXIT, exitCodesHelp, titledExitCodes, UNKNOWN } from './exit.ts';
import { UsageError } from './failure.ts';
import type { Io } from './io.ts';
import { openCopy } from './open.ts';
import {
  agentFlagsIn,
  assumedBy,
  assumedWords,
  bootId,
  fromList,
  json,
  launcher,
  maxRecord,
  maxSize,
  mesosVersion,
  rebooted,
  repeatable,
  repeatableList,
  sandboxes,
  summary,
  valued,
  versionIn,
  workDir,
} from './options.ts';
import { STANDARD_OUTPUT } from './standard.ts';

export const declarePrune = (command: Command) =>
  command
    .description(
      'Compares the ways out where the agent does not start, or starts with losses: what each keeps, rehearsed in memory. ' +
        'Then shows the plan of the one that is asked for, or of the one that keeps most: the smallest set of changes after ' +
        'which a strict start comes up at its first try. Nothing is written without --apply, --plan or --emit-sh. Run it as root.',
    )
    .argument(
      '[path...]',
      "the agent's work_dir, or its meta; without --apply, an archive of either, - for standard input, or a folder of " +
        "several of these. Put the agent's flags after --",
    )
    .addOption(fromList)
    .option('--plan <file>', 'write the plan to a new file, for review')
    .option(
      '--apply [file]',
      'carry out the plan, or the one in a file; what it removes is kept in a journal for mesos-ckpt undo',
    )
    .option(
      '--emit-sh <file>',
      'write the plan to a new file as a script for a host without Node; - for standard output',
    )
    .option(
      '--journal <dir>',
      'with --apply and --emit-sh, the folder for the journal: a new one on the same file system',
    )
    .option('--force', 'with --apply, go on even if an agent seems to run on the tree, because the tree is a copy')
    .option('--as-non-strict', 'keep what a non-strict start would keep, and no more')
    .option('--salvage', 'keep what a non-strict start would lose, wherever the bytes allow')
    .option(
      '--allow-suspect',
      'with --salvage, also write what is only likely: a framework.info rebuilt from its executors, a slave.info rebuilt from flags; with --adopt, change slave.info',
    )
    .option('--from <checkpoint>', 'take what is damaged here from a copy (repeatable)', repeatable)
    .option('--root <dir>', "the root of the host whose flags give the agent's info; / if PATH is in place")
    .option(
      '--agent <id>',
      'with --salvage, the agent that slaves/latest is to lead to, if the link leads to none and there are several agents',
    )
    .option(
      '--adopt',
      'for an agent that refuses because its info has changed (flags, disk, memory, name): change slave.info, and keep its id and tasks',
    )
    .option(
      '--new-info <file>',
      "take the agent's info from its log, which has it since the agent refused; - for standard input",
    )
    .option(
      '--master-version <version>',
      "the version of the oldest master, which nothing on an agent's host records",
      versionIn('--master-version'),
    )
    .addOption(
      new Option('--agent-state <state>', 'how the leading master lists the agent in its /slaves').choices(
        AGENT_STATES,
      ),
    )
    .option('--accept-new-agent', 'plan to lose every task if nothing else is possible')
    .option(
      '--only <what>',
      'repair only findings with this code, or whose path matches this pattern (repeatable)',
      repeatableList,
    )
    .option(
      '--skip <what>',
      'leave findings with this code, or whose path matches this pattern (repeatable)',
      repeatableList,
    )
    .addOption(mesosVersion('that will start'))
    .addOption(bootId)
    .addOption(rebooted)
    .addOption(workDir())
    .addOption(launcher)
    .addOption(sandboxes)
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(summary)
    .addOption(json('print one line of JSON per PATH'))
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'a strict start recovers everything, with the plan or without one'],
        [EXIT.losses, 'with the plan it comes up, with losses that the plan names'],
        [EXIT.fails, 'no plan lets it come up with its tasks'],
        UNKNOWN,
      ),
    )
    .addHelpText(
      'after',
      titledExitCodes('Exit codes with --apply', [
        [EXIT.recovers, 'the strict start comes up as the plan said, or without one'],
        [EXIT.fails, 'it would not: nothing was changed, or the output says what was'],
        [EXIT.unknown, 'it could not be done, or the ways keep different things and none was named'],
        ['130, 143', 'a signal stopped it between two steps: run it again to go on'],
      ]),
    );

/** The options of `prune`, as the command line gives them. */
export interface PruneOptions extends OptionsOf<typeof declarePrune> {
  /** Those that the agent is supposed to have. */
  readonly flags: readonly string[];
}

/** @throws UsageError where the options of `prune` make no sense */
export const checkPruneUsage = (options: PruneOptions): void => {
  checkApplyUsage(options);
  if (options.plan === '') throw new UsageError('--plan: name a file');
  if (options.allowSuspect === true && options.salvage !== true && options.adopt !== true) {
    throw new UsageError('--allow-suspect needs --salvage or --adopt');
  }
  if (options.agent === '') throw new UsageError('--agent: the id is empty: is a variable not set?');
  if (options.newInfo === '') throw new UsageError('--new-info: the name of a file is empty: is a variable not set?');
  if (options.agent !== undefined && options.asNonStrict === true) {
    throw new UsageError('--agent needs --salvage: a non-strict start makes no link');
  }
  if (options.asNonStrict === true && options.adopt !== true) checkPlainUsage(options);
  agentFlagsIn(options.flags);
  for (const name of ['only', 'skip'] as const) {
    for (const text of options[name] ?? []) {
      const problem = selectorProblem(text);
      if (problem !== undefined) throw new UsageError(`--${name}: '${shown(text)}': ${problem}`);
    }
  }
};

/** The option that was given and goes with one PATH; undefined where there is none. */
export const optionForOne = (options: PruneOptions): string | undefined => {
  const { apply, plan, emitSh, from, agent, newInfo } = options;
  const all = { '--apply': apply, '--plan': plan, '--emit-sh': emitSh, '--from': from, '--agent': agent };
  const [option] = Object.entries({ ...all, '--new-info': newInfo }).find(([, value]) => value !== undefined) ?? [];
  return option;
};

/** What a non-strict start keeps is in the tree alone: nothing is taken from elsewhere. */
const checkPlainUsage = ({ salvage, from, root, flags }: PruneOptions): void => {
  if (salvage === true) throw new UsageError('--as-non-strict and --salvage cannot be used together');
  const other =
    from !== undefined ? '--from' : root !== undefined ? '--root' : flags.length > 0 ? 'a flag of the agent' : '';
  if (other !== '')
    throw new UsageError(`--as-non-strict takes nothing from elsewhere, so ${other} does not go with it`);
};

const checkApplyUsage = (options: PruneOptions): void => {
  const { apply, plan, emitSh, journal, force } = options;
  if (apply === '') throw new UsageError('--apply: the name of a file is empty: is a variable not set?');
  if (journal === '') throw new UsageError('--journal: name a folder');
  if (apply !== undefined && plan !== undefined) throw new UsageError('--plan and --apply cannot be used together');
  checkEmitUsage(options);
  if (apply === undefined && force === true) throw new UsageError('--force needs --apply');
  if (apply === undefined && emitSh === undefined && journal !== undefined) {
    throw new UsageError('--journal needs --apply or --emit-sh');
  }
  if (typeof apply !== 'string') return;
  const planning = [
    'asNonStrict',
    'salvage',
    'from',
    'agent',
    'allowSuspect',
    'root',
    'adopt',
    'newInfo',
    'masterVersion',
    'agentState',
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

const checkEmitUsage = ({ apply, emitSh, journal, json }: PruneOptions): void => {
  if (emitSh === undefined) return;
  if (emitSh === '') throw new UsageError('--emit-sh: name a file, or - for standard output');
  if (apply !== undefined) throw new UsageError('--emit-sh and --apply cannot be used together');
  if (emitSh === STANDARD_OUTPUT && json === true)
    throw new UsageError('--emit-sh - and --json would both write to standard output');
  if (journal !== undefined && !journal.startsWith('/')) {
    throw new UsageError('--journal: with --emit-sh it is an absolute path on the host that the script runs on');
  }
};

/** What commander hands over where an option was not given. */
const DEFAULTS: Partial<Record<keyof PruneOptions, unknown>> = {
  launcher: launcher.defaultValue,
  sandboxes: sandboxes.defaultValue,
};

/** Is told what could not be done, and why, in a sentence. */
type Note = (text: string) => void;

/** The level that is asked for; undefined where the ways are compared and the best is to be taken. */
export const levelIn = ({ asNonStrict, salvage, allowSuspect, adopt }: PruneOptions): Level | undefined => {
  if (adopt === true && allowSuspect === true) return 'adopt';
  if (asNonStrict === true) return 'as-non-strict';
  // Without --allow-suspect slave.info is not changed, and the plan says so.
  if (salvage !== true) return adopt === true ? 'salvage' : undefined;
  return allowSuspect === true ? 'salvage-suspect' : 'salvage';
};

/** What is planned, and assumed, by the command line. */
export const waysOptionsOf = (
  options: PruneOptions,
  opened: Opened,
  io: Io,
  known: KnownAgent | undefined,
  note: Note = () => {},
): WaysOptions => ({
  ...assumedBy(options),
  agentInfo: known?.agentInfo,
  adopt: known?.adopt,
  adoptOver: options.asNonStrict === true ? 'as-non-strict' : options.salvage === true ? 'salvage-suspect' : 'salvage',
  acceptNewAgent: options.acceptNewAgent,
  only: options.only,
  skip: options.skip,
  sources: {
    agent: agentIn(options, opened),
    copies: (options.from ?? []).map((path) => copyAt(path, io)),
    rebuildAgentInfo: rebuilderOf(options, opened, note),
  },
});

/** The options that a command needs besides its level to come to the same plan, as words; flags behind `--` included. */
export const wordsBehind = (options: PruneOptions): readonly string[] => {
  const { flags } = options;
  return [
    ...valued('--from', options.from),
    ...valued('--agent', options.agent === undefined ? [] : [options.agent]),
    ...valued('--root', options.root === undefined ? [] : [options.root]),
    ...valued('--new-info', options.newInfo === undefined ? [] : [options.newInfo]),
    ...valued('--master-version', options.masterVersion === undefined ? [] : [versionText(options.masterVersion)]),
    ...valued('--agent-state', options.agentState === undefined ? [] : [options.agentState]),
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
  const { tree } = openCopy(path, { whole: true }, io);
  if (!isRedacted(tree)) return tree;
  throw new UsageError(`--from: ${shown(path)}: ${REDACTED_COPY}`);
};

/**
 * The agent that is to be the latest.
 * @throws UsageError where it is not there, or where the link leads to one
 */
const agentIn = ({ agent }: PruneOptions, { tree }: Opened): string | undefined => {
  if (agent === undefined) return undefined;
  const led = resolve(tree, fileIn(names.META, 'slaves/latest'));
  if (led.kind === 'found') {
    throw new UsageError(
      `--agent: slaves/latest leads to ${shown(baseName(led.path))}, and only a link that leads to none is made again`,
    );
  }
  if (linkableIn(tree).some((each) => each.agent === agent)) return agent;
  throw new UsageError(`--agent: ${META_SLAVES} has no agent '${shown(agent)}' whose slave.info is whole`);
};

const META_SLAVES = `${names.META}/${names.SLAVES}`;

/** Where the flags of the agent are looked for: on the host that the tree is in place on, or on one whose root is named. */
const startingOptions = (
  { root, mesosVersion: version, flags }: PruneOptions,
  opened: Opened,
): StartingOptions | undefined => {
  const folder = root ?? (opened.inPlace ? '/' : undefined);
  if (folder === undefined && flags.length === 0) return undefined;
  const host = folder === undefined ? undefined : hostAt(folder);
  return { host, version, workDir: opened.tree.home, supposed: flags };
};

const rebuilderOf = (options: PruneOptions, opened: Opened, note: Note): SalvageOptions['rebuildAgentInfo'] => {
  const starting = startingOptions(options, opened);
  if (starting === undefined) return undefined;
  const rebuild = agentInfoRebuilder(starting);
  return (agentId) => {
    const rebuilt = rebuild(agentId);
    if (!rebuilt.ok) note(`slave.info could be rebuilt from the agent's flags, but ${rebuilt.why}.`);
    return rebuilt;
  };
};

/**
 * What is known of the agent that will start: by its log, its flags, or the host that the tree is in place on.
 * @throws UsageError where it is to be adopted and nothing is known of it, or flags were given that do not tell it
 */
export const knownAgentOf = (options: PruneOptions, opened: Opened): KnownAgent | undefined => {
  const { adopt, newInfo, masterVersion, agentState, mesosVersion: version, flags, root } = options;
  const logged = newInfo === undefined ? undefined : readNewInfo(newInfo);
  const told = { version, masterVersion, agentState, logged };
  const where = startingOptions(options, opened);
  const starting = where === undefined ? undefined : readStartingAgent(where);
  const known = knownAgent(opened, typeof starting === 'string' ? undefined : starting, told);
  if (known !== undefined || adopt !== true) return known;
  const [refusal] = typeof starting === 'object' ? starting.built.refusals : [];
  const why = typeof starting === 'string' ? starting : refusal?.message;
  const wanted =
    "what the agent's info will be is not known: give its log with --new-info, its flags behind --, or the root of its host with --root";
  throw new UsageError(
    `--adopt: ${why === undefined || (flags.length === 0 && root === undefined) ? wanted : shown(why)}`,
  );
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
