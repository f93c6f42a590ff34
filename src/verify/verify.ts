import { LATEST_RELEASE, type Version, versionNamed, versionText } from '../agent/version.ts';
import { Loader, type ReadExecutors } from '../checkpoint/load.ts';
import type { Manifest } from '../checkpoint/manifest.ts';
import type { Checkpoint } from '../checkpoint/model.ts';
import type { Opened } from '../checkpoint/open.ts';
import { distinct, type Finding, findingOf, type Mode, type Severity } from '../findings/finding.ts';
import * as names from '../layout/names.ts';
import { trace } from '../program/trace.ts';
import { isRunning } from '../recovery/living.ts';
import { comesUp, explore, type SimulationOptions, type Start, simulateStarts } from '../recovery/simulate.ts';
import type { Launcher } from '../recovery/startup/containers.ts';
import { summariseExecutor } from '../recovery/summarise-executor.ts';
import { rulesOf } from '../recovery/versions.ts';
import { excerpt } from '../text/excerpt.ts';
import { type Boot, type BootOptions, bootFindings, bootOf } from './boot.ts';
import { checks } from './checks/index.ts';
import type { Impact } from './impact.ts';
import { impactOf } from './weigh/weigh.ts';

/** What is known, or assumed, of the agent that will start. */
export interface VerifyOptions extends BootOptions {
  /**
   * The version of the agent that will start, from 1.4.0 to 1.12.
   * @default '1.11.0'
   */
  readonly version?: Version | string | undefined;
  /**
   * Whether a missing sandbox ends the start: `auto`, where the tree has any, or is read in place.
   * @default 'auto'
   */
  readonly sandboxes?: 'auto' | 'judge' | 'ignore' | undefined;
  /**
   * Keep just what is worth telling: of an executor in whose folder all is as it should be, no more than what becomes of
   * it. Many executors cost little memory then, but the agent's state cannot be shown.
   * @default false
   */
  readonly brief?: boolean | undefined;
  /**
   * With `brief`, reads the executors of a framework, in several threads for example.
   * @default one after the other
   */
  readonly readExecutors?: ReadExecutors | undefined;
  /**
   * How the agent launches executors; `posix` refuses more.
   * @default 'posix'
   */
  readonly launcher?: Launcher | undefined;
}

/** What a mode does: its starts one after the other, and what they cost. */
export interface ModeResult {
  readonly starts: readonly Start[];
  readonly impact: Impact;
  /** What `slave/recovery_errors` will show; undefined where no start comes up. */
  readonly metric: number | undefined;
  readonly exitCode: 0 | 1 | 2 | 3;
}

/** What is foretold of a checkpoint. */
export interface Verification {
  readonly checkpoint: Checkpoint;
  readonly version: Version;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
  readonly inPlace: boolean;
  /** What a snapshot says of itself, where it is one that was read. */
  readonly manifest: Manifest | undefined;
  readonly boot: Boot;
  /** What every start was simulated with. */
  readonly assumed: Omit<SimulationOptions, 'strict' | 'version'> & { readonly version: Version };
  readonly strict: ModeResult;
  readonly nonStrict: ModeResult;
  /** What was found, in the order of the tree. */
  readonly findings: readonly Finding[];
}

/**
 * Foretells the recovery of an opened checkpoint, in both modes.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated
 */
export const verifyCheckpoint = (opened: Opened, given: VerifyOptions = {}): Verification =>
  verifyLoaded(opened, load(opened, { ...given, ...defaultsOf(given) }), given);

/** The same of one that was read, whole, as far as recovery asks. */
export const verifyLoaded = (opened: Opened, checkpoint: Checkpoint, given: VerifyOptions = {}): Verification => {
  const options = { ...given, ...defaultsOf(given) };
  const { home } = opened.tree;
  // A snapshot is judged as on its host, when it was taken.
  const ownBootId = opened.manifest === undefined ? options.ownBootId : (opened.manifest.host.bootId ?? undefined);
  const boot = bootOf(checkpoint.bootId, { ...options, ownBootId }, opened.inPlace);
  // Of a meta that was given alone, the sandboxes beside it are not looked at, wherever it is.
  const seesSandboxes = checkpoint.hasSandboxes || (opened.inPlace && opened.level === 'work_dir');
  const judgeSandboxes = options.sandboxes === 'judge' || (options.sandboxes === 'auto' && seesSandboxes);
  const common = {
    version: options.version,
    home,
    rebooted: boot.rebooted,
    launcher: options.launcher,
    judgeSandboxes,
  };
  trace('assumed', () => ({
    version: versionText(options.version),
    workDir: home,
    launcher: options.launcher,
    judgeSandboxes,
    bootIdIn: boot.kind,
    checkpointedBootId: boot.checkpointed,
    hostBootId: boot.host,
    rebooted: boot.rebooted,
    rebootIsAssumed: boot.assumed,
  }));
  const explored = explore(checkpoint, common);
  const rules = rulesOf(options.version);
  const findings = distinct([
    ...explored.findings,
    ...checks.flatMap((check) => check(checkpoint, { rules, home })),
    ...bootFindings(boot, checkpoint),
    ...assumptionFindings(opened, checkpoint, boot, { ...options, judgeSandboxes }),
  ]).map((finding) => ({ ...finding, message: excerpt(finding.message, MOST_OF_A_MESSAGE) }));
  // A start that nothing ended, and that a strict agent would have made too, need not be made again.
  const simulate = (mode: Mode, isExplored: boolean): Pick<ModeResult, 'starts' | 'impact'> => {
    const starts = isExplored ? [explored.start] : simulateStarts(checkpoint, { ...common, strict: mode === 'strict' });
    return { starts, impact: impactOf(checkpoint, starts) };
  };
  const strict = simulate('strict', explored.isStrictStart);
  const nonStrict = explored.isStrictStart ? strict : simulate('nonStrict', explored.isNonStrictStart);
  for (const { code, path, offset } of findings) trace('finding', () => ({ code, path, offset }));
  const result = (mode: Mode, { starts, impact }: Pick<ModeResult, 'starts' | 'impact'>): ModeResult => {
    const exitCode = exitCodeOf(checkpoint, starts, impact, findings, mode);
    trace('verdict', () => ({ mode, starts: starts.map(({ verdict }) => verdict), exitCode }));
    return { starts, impact, metric: metricOf(starts), exitCode };
  };
  return {
    checkpoint,
    version: options.version,
    home,
    inPlace: opened.inPlace,
    manifest: opened.manifest,
    boot,
    assumed: common,
    strict: result('strict', strict),
    nonStrict: result('nonStrict', nonStrict),
    findings,
  };
};

/** Loads a checkpoint, briefly where that is asked for and nothing that is left out could matter. */
const load = (opened: Opened, options: ReturnType<typeof defaultsOf>): Checkpoint => {
  const { brief, readExecutors, sandboxes } = options;
  if (!brief) return new Loader(opened.tree).checkpoint();
  // Where every live run lacks its sandbox, none is ordinary.
  const lacksAll = opened.tree.source.kindOf(names.SLAVES) === undefined;
  const judges = sandboxes === 'judge' || (sandboxes === 'auto' && opened.inPlace && opened.level === 'work_dir');
  if (lacksAll && judges) return new Loader(opened.tree, 'verdict').checkpoint();
  const rules = rulesOf(options.version);
  return new Loader(opened.tree, 'verdict', {
    summarise: (executor, place) => summariseExecutor(executor, place, rules),
    readExecutors,
  }).checkpoint();
};

/** What is assumed where nothing is said. */
const defaultsOf = ({ version, sandboxes, launcher, brief, readExecutors }: VerifyOptions) => ({
  brief: brief === true,
  readExecutors,
  version: version === undefined ? LATEST_RELEASE : versionNamed(version),
  sandboxes: sandboxes ?? 'auto',
  launcher: launcher ?? 'posix',
});

/** In UTF-16 units; what is longer lists resources or volumes, of which a hundred are enough. */
const MOST_OF_A_MESSAGE = 10_000;

const RANKS: Readonly<Record<Severity, number>> = { fatal: 0, counted: 1, loss: 2, note: 3 };

/** Findings with the worst first, for a mode; those alike stay in the order of the tree. */
export const worstFirst = (findings: readonly Finding[], mode: Mode): readonly Finding[] =>
  findings.toSorted((a, b) => RANKS[a.severity[mode]] - RANKS[b.severity[mode]]);

/** What was assumed of the tree's place and of sandboxes that were not seen. */
const assumptionFindings = (
  opened: Opened,
  checkpoint: Checkpoint,
  boot: Boot,
  options: Pick<VerifyOptions, 'ownBootId' | 'sandboxes'> & { readonly judgeSandboxes: boolean },
): readonly Finding[] => {
  const found: Finding[] = [];
  const isPlaceKnown = opened.from === 'archive' || opened.inPlace || opened.isPlaceGiven;
  if (!isPlaceKnown && boot.checkpointed !== undefined && boot.checkpointed === options.ownBootId) {
    const message = `its links say ${opened.tree.home}, and it is read at ${opened.tree.source.name}`;
    found.push(findingOf('place-assumed', { path: '' }, message));
  }
  if (!options.judgeSandboxes && options.sandboxes === 'auto' && runsAnything(checkpoint)) {
    const message = 'the tree holds no sandboxes, so none was missed';
    found.push(findingOf('sandboxes-not-seen', { path: 'slaves' }, message));
  }
  return found;
};

/** Whether an executor runs whose sandbox the agent looks for. */
const runsAnything = ({ agent }: Checkpoint): boolean =>
  agent?.frameworks.some(({ executors, ordinary }) => ordinary.some(isRunning) || executors.some(isRunning)) === true;

/** The agent adds a state's errors to its metric only where it has the agent's info. */
const metricOf = (starts: readonly Start[]): number | undefined => {
  const start = starts.at(-1);
  if (start === undefined || !comesUp(start)) return undefined;
  const { agent, resources } = start.state;
  return resources.errors + (agent?.info === undefined ? 0 : agent.errors) + start.operationErrors;
};

const exitCodeOf = (
  checkpoint: Checkpoint,
  starts: readonly Start[],
  impact: Impact,
  findings: readonly Finding[],
  mode: Mode,
): ModeResult['exitCode'] => {
  if (!checkpoint.hasMeta) return 3;
  const first = starts[0];
  if (first === undefined || !comesUp(first)) return 2;
  if (first.verdict === 'new-agent' && forgetsAnything(checkpoint)) return 2;
  const costs = impact.executors.killed.length + impact.executors.forgotten.length + impact.tasks.forgotten.length;
  const isWorse = findings.some((finding) => finding.severity[mode] === 'counted' || finding.severity[mode] === 'loss');
  return costs > 0 || isWorse || (metricOf(starts) ?? 0) > 0 ? 1 : 0;
};

/** A new agent is as it should be where there is nothing yet: no agent's folder. */
const forgetsAnything = (checkpoint: Checkpoint): boolean =>
  checkpoint.agent !== undefined || checkpoint.otherAgents.length > 0;
