import { type Command, Option } from '@commander-js/extra-typings';
import { versionText } from '../../agent/version.ts';
import { FolderHost } from '../../host/folder.ts';
import type { Host } from '../../host/host.ts';
import { VERDICTS, type Verdict } from '../../preflight/checks/check.ts';
import { type CheckCode, checkCodes, isCheckCode } from '../../preflight/checks/index.ts';
import { type Asked, type Facts, gatherFacts } from '../../preflight/facts/facts.ts';
import { runChecks, type Selection } from '../../preflight/preflight.ts';
import { preflightFlagsJson, preflightJson } from '../../report/json/preflight.ts';
import { flagsScreen } from '../../report/preflight/flags.ts';
import { preflightScreen } from '../../report/preflight/screen.ts';
import { errnoText } from '../../source/errno.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import type { Define, OptionsOf, World } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { UsageError } from '../failure.ts';
import type { Io } from '../io.ts';
import { agentFlagsIn, json, repeatableList, showSecrets, versionIn, workDir } from '../options.ts';

const declare = (command: Command) =>
  command
    .description(
      "Looks at the agent's host before the agent is stopped, upgraded or rebooted, or at a copy of its root: its flags, " +
        'unit, processes, disks and checkpoint, and tells whether its tasks will live, with the evidence. Nothing is written.',
    )
    .argument('[flags...]', 'flags that the agent is supposed to have, behind --')
    .option('--root <dir>', "where the host's /etc, /proc, /run and /var are", '/')
    .addOption(workDir('the work_dir on the host; found out from the flags'))
    .option(
      '--from <version>',
      'the version that wrote the checkpoint; found out from what runs or is installed',
      versionIn('--from'),
    )
    .option('--to <version>', 'the version that will start; found out from what is installed', versionIn('--to'))
    .option(
      '--master-version <version>',
      'the version of the oldest master, which no file of an agent tells',
      versionIn('--master-version'),
    )
    .addOption(
      new Option('--scenario <what>', 'what is about to happen; found out from the versions').choices([
        ...(['restart', 'upgrade', 'reboot', 'cleanup', 'downgrade'] as const),
      ]),
    )
    .option('--only <check>', 'make this check only (repeatable); docs/preflight.md lists them', repeatableList)
    .option('--skip <check>', 'leave this check out (repeatable)', repeatableList)
    .option(
      '--fail-on <check=verdict>',
      'end with 2 where a check says unknown, warn or fail, or never; all=... is for every check',
      repeatableList,
    )
    .option('--all', 'say what was found of each check, of those too that are ok')
    .option('--flags', 'show the flags alone, each with its value and the place that it comes from')
    .addOption(showSecrets('show the values of flags that are secret, or hold secrets'))
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'every check is ok: the agent comes up, and its tasks live'],
        [EXIT.losses, 'a check warns, or could not see what decides'],
        [EXIT.fails, 'a check fails: the agent does not come up, or tasks die'],
        UNKNOWN,
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, { io, world, exit }) =>
  declare(command).action((flags, options) => exit(preflight(flags, options, io, world)));

const OWN_WORLD: World = {
  open: (root) => new FolderHost(root),
  now: () => Date.now(),
  isRoot: () => process.geteuid?.() === 0,
};

/**
 * `preflight`: says whether the tasks of a host's agent will live through what is about to happen.
 * @throws UsageError where the options make no sense, or the root cannot be looked at
 */
const preflight = (supposed: readonly string[], options: Options, io: Io, world: World = OWN_WORLD): ExitCode => {
  const selection = selectionOf(options);
  const asked: Asked = {
    workDir: options.workDir,
    from: options.from,
    to: options.to,
    masterVersion: options.masterVersion,
    scenario: options.scenario,
    supposed: agentFlagsIn(supposed),
    now: world.now(),
    isRoot: world.isRoot?.() ?? false,
  };
  const facts = gatherFacts(open(options.root, world), asked);
  const showSecrets = options.showSecrets === true;
  if (options.flags === true) return showFlags(facts, options, showSecrets, io);
  const result = runChecks(facts, selection);
  io.out(
    options.json === true
      ? `${jsonLine(preflightJson(result, { showSecrets }))}\n`
      : preflightScreen(result, { width: io.columns, colour: io.colour, all: options.all }),
  );
  return result.exitCode;
};

/** The flags alone, and whether the agent takes them. */
const showFlags = (facts: Facts, { json }: Options, showSecrets: boolean, io: Io): ExitCode => {
  const version = versionText(facts.to.version);
  io.out(
    json === true
      ? `${jsonLine(preflightFlagsJson(facts, { showSecrets }))}\n`
      : flagsScreen(facts.flags, { width: io.columns, colour: io.colour, version, showSecrets }),
  );
  const { flags } = facts;
  if (flags.refusals.length > 0) return EXIT.fails;
  const isUntold = [...flags.flags.values()].some(({ unknown }) => unknown !== undefined);
  return flags.isKnown && flags.isComplete && !isUntold ? EXIT.recovers : EXIT.losses;
};

const open = (root: string, world: World): Host => {
  try {
    return world.open(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(
      `--root: ${shown(root)}: ${errnoText(code)}; expected a folder that holds a host's /etc and /var`,
    );
  }
};

const codeIn = (option: string, text: string): CheckCode => {
  if (isCheckCode(text)) return text;
  throw new UsageError(`${option}: '${shown(text)}' is not a check; these are: ${checkCodes.join(', ')}`);
};

const selectionOf = ({ only = [], skip = [], failOn = [] }: Options): Selection => {
  const selection = {
    only: only.map((text) => codeIn('--only', text)),
    skip: skip.map((text) => codeIn('--skip', text)),
    failOn: new Map(failOn.flatMap(overridesIn)),
  };
  const all = selection.only.length === 0 ? checkCodes : selection.only;
  if (all.every((code) => selection.skip.includes(code))) {
    throw new UsageError('--only and --skip leave no check to be made');
  }
  return selection;
};

/** `CHECK=VERDICT`, or `all=VERDICT`; the last one counts. */
const overridesIn = (text: string): readonly (readonly [CheckCode, Verdict | 'never'])[] => {
  const [check = '', verdict, ...rest] = text.split('=');
  if (verdict === undefined || rest.length > 0 || !isLeast(verdict)) {
    throw new UsageError(
      `--fail-on: '${shown(text)}' is not CHECK=VERDICT, with unknown, warn, fail or never for VERDICT`,
    );
  }
  return (check === 'all' ? checkCodes : [codeIn('--fail-on', check)]).map((code) => [code, verdict]);
};

const isLeast = (text: string): text is Verdict | 'never' =>
  text === 'never' || (text !== 'ok' && (VERDICTS as readonly string[]).includes(text));
