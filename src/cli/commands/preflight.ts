import { parseVersion, type Version, versionText } from '../../agent/version.ts';
import { FolderHost } from '../../host/folder.ts';
import type { Host } from '../../host/host.ts';
import { VERDICTS, type Verdict } from '../../preflight/checks/check.ts';
import { type CheckCode, checkCodes, isCheckCode } from '../../preflight/checks/index.ts';
import { type Asked, type Facts, gatherFacts, type Scenario } from '../../preflight/facts/facts.ts';
import { runChecks, type Selection } from '../../preflight/preflight.ts';
import { preflightFlagsJson, preflightJson } from '../../report/json/preflight.ts';
import { flagsScreen } from '../../report/preflight/flags.ts';
import { preflightScreen } from '../../report/preflight/screen.ts';
import { errnoText } from '../../source/errno.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { agentFlagsIn, workDirOf } from '../options.ts';

/** The options of `preflight`, as commander hands them over. */
interface PreflightOptions {
  readonly root: string;
  readonly workDir?: string;
  readonly from?: string;
  readonly to?: string;
  readonly scenario?: Scenario;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly failOn?: readonly string[];
  readonly flags?: boolean;
  readonly showSecrets?: boolean;
  readonly json?: boolean;
}

/** What a command needs to know of the world besides its output; tests put made-up hosts in its place. */
export interface World {
  readonly open: (root: string) => Host;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Whether this runs as root; it does not, where it is not said. */
  readonly isRoot?: () => boolean;
}

const OWN_WORLD: World = {
  open: (root) => new FolderHost(root),
  now: () => Date.now(),
  isRoot: () => process.geteuid?.() === 0,
};

/**
 * `preflight`: says whether the tasks of a host's agent will live through what is about to happen.
 * @throws UsageError where the options make no sense, or the root cannot be looked at
 */
export const preflight = (
  supposed: readonly string[],
  given: Record<string, unknown>,
  io: Io,
  world: World = OWN_WORLD,
): ExitCode => {
  const options = given as unknown as PreflightOptions;
  const selection = selectionOf(options);
  const asked: Asked = {
    workDir: workDirOf(options.workDir),
    from: versionIn('--from', options.from),
    to: versionIn('--to', options.to),
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
      : preflightScreen(result, { width: io.columns, colour: io.colour }),
  );
  return result.exitCode;
};

/** The flags alone, and whether the agent takes them. */
const showFlags = (facts: Facts, { json }: PreflightOptions, showSecrets: boolean, io: Io): ExitCode => {
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

/** A version below those that are simulated has an answer too, where it is about a downgrade. */
const versionIn = (option: string, text: string | undefined): Version | undefined => {
  if (text === undefined) return undefined;
  const version = parseVersion(text);
  if (version === undefined) throw new UsageError(`${option}: '${shown(text)}' is no version, such as 1.11.0`);
  return version;
};

const codeIn = (option: string, text: string): CheckCode => {
  if (isCheckCode(text)) return text;
  throw new UsageError(`${option}: '${shown(text)}' is no check; these are: ${checkCodes.join(', ')}`);
};

const selectionOf = ({ only = [], skip = [], failOn = [] }: PreflightOptions): Selection => {
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
