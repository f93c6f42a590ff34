import { type Command, Option } from '@commander-js/extra-typings';
import { type Version, versionText } from '../../agent/version.ts';
import { hostsIn } from '../../checkpoint/several.ts';
import { UnusablePath } from '../../checkpoint/unusable.ts';
import { type Host, isUnseen } from '../../host/host.ts';
import { ifKnown } from '../../host/known.ts';
import { META, SLAVES } from '../../layout/names.ts';
import { VERDICTS, type Verdict } from '../../preflight/checks/check.ts';
import { type CheckCode, checkCodes, isCheckCode } from '../../preflight/checks/index.ts';
import { type Asked, type Facts, gatherFacts, workDirFromHere } from '../../preflight/facts/facts.ts';
import { openHost } from '../../preflight/open-host.ts';
import { type Preflight, runChecks, type Selection } from '../../preflight/preflight.ts';
import { Failure } from '../../program/failure.ts';
import type { About } from '../../report/json/about.ts';
import { preflightFlagsJson, preflightJson } from '../../report/json/preflight.ts';
import { isOfCheckpoint, type Leads } from '../../report/preflight/answer.ts';
import { flagsScreen } from '../../report/preflight/flags.ts';
import { preflightScreen } from '../../report/preflight/screen.ts';
import { errnoText } from '../../source/errno.ts';
import { shown } from '../../text/escape.ts';
import { styles } from '../../text/style.ts';
import { aboutHost } from '../about.ts';
import type { Define, OptionsOf, Session, World } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { type Judge, type One, type Told, tellFailure, tellOne } from '../many/one.ts';
import { checkFormat, judgeAll } from '../many/run.ts';
import {
  agentFlagsIn,
  format,
  formatOutput,
  fromList,
  json,
  maxSize,
  pathsAndFlags,
  repeatableList,
  showSecrets,
  summary,
  valued,
  versionIn,
  workDir,
} from '../options.ts';
import { Ahead, readersFor } from '../readers.ts';

const declare = (command: Command) =>
  command
    .description(
      "Looks at the agent's host before the agent is stopped, upgraded or rebooted, or at a copy of its root: its flags, " +
        'unit, processes, disks and checkpoint, and tells whether its tasks will survive, with the evidence. Nothing is written.',
    )
    .argument(
      '[path...]',
      "folders with hosts' roots, what collect wrote of hosts (- for standard input), or folders of several; this host " +
        "where none is given. Put the agent's flags after --",
    )
    .addOption(fromList)
    .option('--root <dir>', 'where the host\'s /etc, /proc, /run and /var are: the same as a PATH (default: "/")')
    .addOption(workDir('the work_dir on the host; otherwise taken from the flags'))
    .option(
      '--from <version>',
      'the version that wrote the checkpoint; otherwise detected from what runs or is installed',
      versionIn('--from'),
    )
    .option(
      '--to <version>',
      'the version that will start; otherwise detected from what is installed',
      versionIn('--to'),
    )
    .option(
      '--master-version <version>',
      "the version of the oldest master, which nothing on an agent's host records",
      versionIn('--master-version'),
    )
    .addOption(
      new Option('--scenario <what>', 'what is about to happen; otherwise derived from the versions').choices([
        ...(['restart', 'upgrade', 'reboot', 'cleanup', 'downgrade'] as const),
      ]),
    )
    .option('--only <check>', 'run only this check (repeatable); docs/preflight.md lists them', repeatableList)
    .option('--skip <check>', 'leave this check out (repeatable)', repeatableList)
    .option(
      '--fail-on <check=verdict>',
      'end with 2 if a check says unknown, warn or fail, or never; all=... is for every check',
      repeatableList,
    )
    .option('--all', 'say what each check found, including those that are ok')
    .option('--flags', 'show only the flags, each with its value and where it is set')
    .addOption(showSecrets('show the values of flags that are or hold secrets'))
    .addOption(maxSize)
    .addOption(summary)
    .addOption(format)
    .addOption(formatOutput)
    .addOption(json('print one line of JSON per host'))
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'every check is ok: the agent comes up, and its tasks survive'],
        [EXIT.losses, 'a check warns, or could not see what decides'],
        [EXIT.fails, 'a check fails: the agent does not come up, or tasks die'],
        UNKNOWN,
      ),
    );

interface Options extends OptionsOf<typeof declare> {
  /** Those that the agent is supposed to have. */
  readonly supposed: readonly string[];
}

export const define: Define = (command, session) =>
  declare(command).action(async (words, options, own) => {
    const { paths, flags } = pathsAndFlags(words, own);
    session.exit(await preflight(paths, { ...options, supposed: flags }, session));
  });

const OWN_WORLD: World = {
  open: openHost,
  now: () => Date.now(),
  isRoot: () => process.geteuid?.() === 0,
};

/**
 * `preflight`: says whether the tasks of a host's agent will live through what is about to happen.
 * @throws UsageError where the options make no sense, or the root cannot be looked at
 */
const preflight = async (given: readonly string[], options: Options, session: Session): Promise<number> => {
  selectionOf(options);
  agentFlagsIn(options.supposed);
  const { root, fromList } = options;
  if (root === '') throw new UsageError('--root is empty: is a variable not set?');
  if (root !== undefined && (given.length > 0 || fromList !== undefined)) {
    throw new UsageError('--root and PATHs cannot be used together: name all roots as PATHs');
  }
  if (options.flags === true && options.summary === true)
    throw new UsageError('--flags and --summary cannot be used together');
  checkFormat(options);
  if (options.flags === true && options.format !== undefined)
    throw new UsageError('--flags and --format cannot be used together');
  const isOne = given.length === 0 && fromList === undefined;
  return judgeAll(
    {
      command: 'preflight',
      judge,
      given: isOne ? [root ?? '/'] : given,
      options,
      agentsIn: isOne ? () => undefined : hostsIn,
    },
    session,
  );
};

/** Looks at one host. */
export const judge: Judge<Options> = async (root, options, told, session) => {
  const { io } = session;
  try {
    const { facts, about } = lookAt(root, options, told.isOneOfSeveral, session);
    const showSecrets = options.showSecrets === true;
    if (options.flags === true) return showFlags(facts, options, about, told, io);
    const result = runChecks(facts, selectionOf(options));
    // The screen alone tells it, and comparing the ways out takes as long again.
    const isTold = told.each === 'screen' && told.isPlanned;
    const way = isTold && isOfCheckpoint(result) ? await wayOutOf(root, facts) : undefined;
    const leads = { way, asRoot: asRootWords(root, options, facts) };
    return tellOne(result.exitCode, told, io, {
      screen: () => screenText(root, result, { ...leads, all: options.all }, told, io),
      json: () => preflightJson(result, { showSecrets, about }),
    });
  } catch (error) {
    if (error instanceof UnusablePath && options.root !== undefined) throw new UsageError(`--root: ${error.message}`);
    return tellFailure('preflight', root, error, told, io);
  }
};

/** What of the options tells what a host is to be looked at for. */
export type LookOptions = Pick<
  Options,
  'workDir' | 'from' | 'to' | 'masterVersion' | 'scenario' | 'supposed' | 'maxSize'
>;

/**
 * The facts of one host.
 * @throws UnusablePath where it cannot be looked at
 */
export const lookAt = (
  root: string,
  options: LookOptions,
  isOneOfSeveral: boolean,
  session: Session,
): { readonly facts: Facts; readonly about: About } => {
  const host = open(root, options.maxSize, session.world ?? OWN_WORLD);
  refuseWorkDir(root, host);
  return lookAtHost(root, host, options, isOneOfSeveral, session);
};

/** The same of a host that is open. */
export const lookAtHost = (
  root: string,
  host: Host,
  options: LookOptions,
  isOneOfSeveral: boolean,
  { world = OWN_WORLD }: Session,
): { readonly facts: Facts; readonly about: About } => {
  const { workDir, from, to, masterVersion, scenario, supposed } = options;
  const ahead = new Ahead();
  const asked: Asked = {
    ...{ workDir, from, to, masterVersion, scenario, supposed },
    now: world.now(),
    // Of what was collected, who ran the script could have seen more.
    isRoot: host.about?.isRoot ?? world.isRoot?.() ?? false,
    readersFor: isOneOfSeveral ? undefined : (opened, version) => readersFor(opened, { brief: 'named', version }),
    readAhead: isOneOfSeveral ? undefined : ahead.begin,
  };
  const facts = gathered(host, asked, ahead);
  return { facts, about: aboutHost(root, host, facts, world.now()) };
};

/** The facts, until which threads read ahead. */
const gathered = (host: Host, asked: Asked, ahead: Ahead): Facts => {
  try {
    return gatherFacts(host, asked);
  } finally {
    ahead.end();
  }
};

const screenText = (
  root: string,
  result: Preflight,
  options: Leads & { readonly all: boolean | undefined },
  { isOneOfSeveral }: Told,
  io: Io,
): string => {
  const title = isOneOfSeveral ? `${styles(io.colour).bold(shown(root))}\n` : '';
  return `${title}${preflightScreen(result, { ...screenOf(io), ...options })}${isOneOfSeveral ? '\n' : ''}`;
};

/** The way out that `verify` leads to, with what preflight knows of the host; undefined where there is none, or nothing was read. */
const wayOutOf = async (root: string, facts: Facts) => {
  const { checkpoint, isOwn, about, to, clock, scenario, launcher } = facts;
  if (!checkpoint.known) return undefined;
  const { opened, verification } = checkpoint.value;
  // Of what was collected, the archive is named.
  const path = workDirFromHere(facts) ?? root;
  const isReboot = scenario === 'reboot';
  // Planning is loaded where something is to be planned.
  const { nextOf } = await import('../next.ts');
  const next = nextOf(path, opened, verification, {
    mesosVersion: to.version,
    bootId: isOwn || isReboot ? undefined : ifKnown(clock.bootId),
    rebooted: isReboot ? true : undefined,
    launcher,
    sandboxes: 'auto',
  });
  return next === undefined || about === undefined ? next : { ...next, archive: { host: about.hostName } };
};

/** The same command as root; of what was collected, who ran the script there counts. */
const asRootWords = (root: string, options: LookOptions, { isOwn, about }: Facts): readonly string[] | undefined => {
  if (about !== undefined) return undefined;
  const { workDir, from, to, masterVersion, scenario, supposed } = options;
  const version = (name: string, value: Version | undefined) =>
    valued(name, value === undefined ? [] : [versionText(value)]);
  return [
    ...['sudo', 'mesos-ckpt', 'preflight'],
    ...(isOwn && root === '/' ? [] : ['--root', root]),
    ...valued('--work-dir', workDir === undefined ? [] : [workDir]),
    ...version('--from', from),
    ...version('--to', to),
    ...version('--master-version', masterVersion),
    ...valued('--scenario', scenario === undefined ? [] : [scenario]),
    ...(supposed.length === 0 ? [] : ['--', ...supposed]),
  ];
};

/** The flags alone, and whether the agent takes them. */
const showFlags = (facts: Facts, options: Options, about: About, told: Told, io: Io): One => {
  const version = versionText(facts.to.version);
  const showSecrets = options.showSecrets === true;
  return tellOne(flagsExitCode(facts), told, io, {
    screen: () => flagsScreen(facts.flags, { ...screenOf(io), version, showSecrets }),
    json: () => preflightFlagsJson(facts, { showSecrets, about }),
  });
};

const flagsExitCode = ({ flags }: Facts): ExitCode => {
  if (flags.refusals.length > 0) return EXIT.fails;
  const isUntold = [...flags.flags.values()].some(({ unknown }) => unknown !== undefined);
  return flags.isKnown && flags.isComplete && !isUntold ? EXIT.recovers : EXIT.losses;
};

/** @throws UnusablePath where a work_dir was given in the place of its host's root: nothing of a host is in it */
const refuseWorkDir = (root: string, host: Host): void => {
  const isFolder = (path: string): boolean => {
    const stat = host.stat(path);
    return stat !== undefined && !isUnseen(stat) && stat.kind === 'folder';
  };
  if (isFolder('/etc') || !isFolder(`/${META}/${SLAVES}`)) return;
  throw new UnusablePath(root, "this is a work_dir, not a host's root; on its host, name it with --work-dir");
};

/** @throws UnusablePath where there is no such folder, or it may not be looked at */
const open = (root: string, maxSize: number, world: World): Host => {
  try {
    return world.open(root, maxSize);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof Failure) throw error;
    throw new UnusablePath(root, `${errnoText(code)}; expected a folder that holds a host's /etc and /var`);
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
