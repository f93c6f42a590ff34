import type { Opened } from '../checkpoint/open.ts';
import { endsStart, type Finding } from '../findings/finding.ts';
import { trace } from '../program/trace.ts';
import { type Living, livingOn } from '../recovery/living.ts';
import { comesUp, isRecovered, type Start } from '../recovery/simulate.ts';
import type { Tree } from '../source/links.ts';
import type { Verification, VerifyOptions } from '../verify/verification.ts';
import { verifyCheckpoint, verifyLoaded } from '../verify/verify.ts';
import { checkPlan } from './plan/check-plan.ts';
import { fingerprintOf } from './plan/fingerprint.ts';
import { changesOf, type Plan, type Step, type Touched } from './plan/plan.ts';
import { withChanges } from './plan/with-changes.ts';
import { reload } from './rehearsal/reload.ts';
import { differencesFrom } from './rehearsal/state-differences.ts';
import { compareWorth, worthByExecutor, worthOf } from './rehearsal/worth.ts';
import type { RebuildAgentInfo } from './salvage/agent-info.ts';
import { salvageWith } from './salvage/table.ts';
import { blockedByLinks } from './search/links-in-the-way.ts';
import { type Goal, minimise } from './search/minimise.ts';
import { refine } from './search/refine.ts';
import { assemble, type Blocked, chosen, type Entry, type Found, Search } from './search/search.ts';
import { type Survey, survey } from './search/survey.ts';

/** What a plan may do; by itself it only does what lets a strict start come up. */
export interface RepairOptions extends VerifyOptions {
  /**
   * Come up as a new agent, if nothing else is possible.
   * @default false
   */
  readonly acceptNewAgent?: boolean | undefined;
  /**
   * Keep what a non-strict start would lose: from the tree itself with `true`, or from copies of it too.
   * @default false
   */
  readonly salvage?: Salvage | boolean | undefined;
  /**
   * Findings that are to be left as they are.
   * @default none
   */
  readonly isLeftOut?: ((finding: Finding) => boolean) | undefined;
}

/** What `--salvage` may do. */
export interface Salvage {
  /**
   * Copies of this checkpoint, or of others with the same frameworks, in which what is damaged here may be whole.
   * @default none
   */
  readonly copies?: readonly Tree[] | undefined;
  /**
   * Whether what is just likely may be put in.
   * @default false
   */
  readonly allowSuspect?: boolean | undefined;
  /**
   * Makes a slave.info anew, where the agent's flags are known.
   * @default it is not made
   */
  readonly rebuildAgentInfo?: RebuildAgentInfo | undefined;
}

/** What planning has come to. */
export interface Planning {
  readonly opened: Opened;
  /** The tree as it is. */
  readonly before: Verification;
  /** Undefined where there is none: `blocked` says why. */
  readonly plan: Plan | undefined;
  /** The tree with the plan laid over it; where there is none, with as much as could be planned. */
  readonly after: Verification;
  readonly blocked: readonly Blocked[];
  /** How the state would differ from that of a non-strict start on the tree as it is: only where there is no plan for it. */
  readonly differences: readonly string[];
  /** What runs here, as far as the files tell: what removing `slaves/latest` costs. */
  readonly living: Living;
}

/**
 * Plans the smallest set of changes after which a strict start of the agent comes up at its first try, and rehearses it.
 * Nothing is written.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated
 */
export const planRepair = (opened: Opened, given: RepairOptions = {}): Planning => {
  const before = verifyCheckpoint(opened, given);
  const first = firstSurvey(before);
  const context: Context = { opened, before, first, given };
  const plain = isLeft(before) ? nothingToDo(context) : attempt(context, undefined);
  const salvage = given.salvage === true ? {} : given.salvage;
  if (salvage === undefined || salvage === false) return plain;
  const more = attemptMore(context, salvage, plain);
  if (more.plan === undefined) return plain.plan === undefined ? more : plain;
  return plain.plan === undefined || isWorthMore(more, plain) ? more : plain;
};

/** An agent that is there in the end is worth more than one that ends after its recovery, even where there is no task to keep. */
const isWorthMore = (more: Planning, plain: Planning): boolean => {
  const [there, here] = [more, plain].map(({ after }) => after.strict.starts[0] as Start) as [Start, Start];
  return compareWorth(worthOf(there), worthOf(here)) > 0 || (comesUp(there) && !comesUp(here));
};

/**
 * Whether a strict recovery comes to its end on the tree as it is, which then is not changed without `--salvage`: not even
 * where the agent ends over something afterwards.
 */
const isLeft = ({ strict }: Verification): boolean => strict.starts[0] !== undefined && isRecovered(strict.starts[0]);

/** A copy may bring back what then has to go, with more than before: of such executors nothing is salvaged. */
const attemptMore = (context: Context, salvage: Salvage, plain: Planning): Planning => {
  const more = attempt(context, salvage);
  if (more.plan === undefined || plain.plan === undefined) return more;
  const [here, there] = [plain, more].map(({ after }) => worthByExecutor(after.strict.starts[0] as Start));
  const worse = [...(here ?? [])].flatMap(([path, kept]) => {
    const now = there?.get(path);
    return now !== undefined && compareWorth(now, kept) < 0 ? [path] : [];
  });
  return worse.length === 0 ? more : attempt(context, salvage, new Set(worse));
};

/** What every attempt begins with. */
interface Context {
  readonly opened: Opened;
  readonly before: Verification;
  readonly first: Survey;
  readonly given: RepairOptions;
}

const nothingToDo = ({ opened, before }: Context): Planning => ({
  opened,
  before,
  living: livingOn(before.checkpoint),
  plan: emptyPlan(before),
  after: before,
  blocked: [],
  differences: [],
});

/** Looks for a plan, makes it as small as it can be, and rehearses it. */
const attempt = (context: Context, salvage: Salvage | undefined, left: ReadonlySet<string> = new Set()): Planning => {
  trace('attempt', () => ({ salvage: salvage !== undefined, leavesOut: [...left] }));
  const { opened, before, first, given } = context;
  const base = { opened, before, living: livingOn(before.checkpoint) };
  const search = new Search(opened.tree, before.checkpoint, before.assumed, {
    acceptNewAgent: given.acceptNewAgent === true,
    allowSuspect: salvage?.allowSuspect === true,
    salvage: salvage === undefined ? undefined : salvageWith(salvage.copies ?? [], left, salvage.rebuildAgentInfo),
    isLeftOut: given.isLeftOut ?? (() => false),
  });
  const found = search.run(first);
  const nonStrict = goalOf(before);
  if (!found.survey.comesUp) {
    const after = rehearse(opened, before, stepsOf(opened.tree, found.entries, nonStrict), given);
    return { ...base, plan: undefined, after, blocked: found.blocked, differences: [] };
  }
  // What is salvaged is more than a non-strict start has.
  const goal = salvage === undefined ? nonStrict : undefined;
  const minimal = leastFor({
    found,
    goal: { base: opened.tree, assumed: before.assumed, nonStrict: goal, links: before.checkpoint.links },
  });
  if (minimal.entries.length === 0) return nothingToDo(context);
  const { plan, after, start } = rehearsed(context, minimal, nonStrict);
  const differences = goal === undefined ? [] : differencesFrom(goal, start);
  const blocked = blockedByLinks(minimal, opened.tree, before.assumed, before.checkpoint.links, differences);
  return { ...base, plan: blocked.length > 0 ? undefined : plan, after, blocked, differences };
};

/** The least that comes up with the state that is wanted, by other ways where the smallest ones do not come to it. */
const leastFor = ({ found, goal }: { readonly found: Found; readonly goal: Goal }): Found => {
  const minimal = minimise(found, goal);
  const { nonStrict } = goal;
  if (nonStrict === undefined || differencesFrom(nonStrict, minimal.survey.start).length === 0) return minimal;
  return refine(minimal, nonStrict, goal);
};

/** The survey that a verification has made. */
const firstSurvey = ({ checkpoint, assumed, strict, findings }: Verification): Survey => {
  const [start] = strict.starts;
  if (start === undefined) return survey(checkpoint, assumed);
  return comesUp(start) ? { start, comesUp: true, findings, fatal: [] } : survey(checkpoint, assumed);
};

/** The non-strict start whose state the plan is to come to: the last one, where one comes up. */
const goalOf = ({ nonStrict }: Verification): Start | undefined => {
  const last = nonStrict.starts.at(-1);
  return last !== undefined && comesUp(last) ? last : undefined;
};

/** The rehearsal: nothing of the search is taken over but its changes. */
const rehearsed = (
  { opened, before, given }: Context,
  found: Found,
  nonStrict: Start | undefined,
): { readonly plan: Plan; readonly after: Verification; readonly start: Start } => {
  const steps = stepsOf(opened.tree, found.entries, nonStrict);
  traceSteps(steps);
  const after = rehearse(opened, before, steps, given);
  const [start] = after.strict.starts;
  if (start === undefined || !comesUp(start)) throw new Error('the rehearsal contradicts the search that it is of');
  const plan: Plan = {
    home: before.home,
    agent: before.checkpoint.agent?.id,
    assumed: assumedOf(before),
    steps,
    touched: touchedBy(opened.tree, steps),
    rehearsed: rehearsedOf(after),
  };
  // A plan of ours is held to what one from a file is held to.
  checkPlan(plan);
  return { plan, after, start };
};

const traceSteps = (steps: readonly Step[]): void => {
  for (const { id, changes, mends, certainty } of steps) {
    trace('step', () => ({
      id,
      certainty,
      changes: changes.map(({ kind, path }) => `${kind} ${path}`),
      repairs: mends.map(({ code, path }) => `${code} ${path}`),
    }));
  }
};

/**
 * Foretells the recovery of the tree with some steps laid over it, by the same rules. What no step shows in is as it was
 * read at first; the rest is read again.
 */
const rehearse = (opened: Opened, before: Verification, steps: readonly Step[], given: RepairOptions): Verification => {
  const changes = changesOf({ steps });
  const tree = { ...opened.tree, source: withChanges(opened.tree.source, changes) };
  const checkpoint = reload(
    before.checkpoint,
    tree,
    changes.map(({ path }) => path),
  );
  return verifyLoaded({ ...opened, tree }, checkpoint, {
    ...given,
    sandboxes: before.assumed.judgeSandboxes ? 'judge' : 'ignore',
  });
};

const assumedOf = ({ assumed }: Verification): Plan['assumed'] => ({
  version: assumed.version,
  rebooted: assumed.rebooted,
  launcher: assumed.launcher,
  judgeSandboxes: assumed.judgeSandboxes,
});

/** What a rehearsal came to, as a plan says it. */
export const rehearsedOf = ({ strict }: Verification): Plan['rehearsed'] => {
  const { impact, exitCode } = strict;
  const verdict = strict.starts[0]?.verdict === 'new-agent' ? 'new-agent' : 'recovers';
  return {
    verdict,
    exitCode: exitCode === 0 ? 0 : 1,
    executors: impact.executors.reconnected.length + impact.executors.awaited.length,
    tasks: impact.tasks.live.length,
  };
};

const emptyPlan = (before: Verification): Plan => ({
  home: before.home,
  agent: before.checkpoint.agent?.id,
  assumed: assumedOf(before),
  steps: [],
  touched: [],
  rehearsed: rehearsedOf(before),
});

/** Steps in the order of the tree. */
const stepsOf = (tree: Tree, entries: readonly Entry[], goal: Start | undefined): readonly Step[] => {
  const sorted = entries.toSorted((a, b) => (chosen(a).changes[0].path < chosen(b).changes[0].path ? -1 : 1));
  const changes = assemble(sorted);
  return sorted.map((entry, i): Step => {
    const { what, loses, certainty, salvage } = chosen(entry);
    const mends = entry.mends.map(({ code, path }) => ({ code, path }));
    const own = (changes[i] ?? []) as unknown as Step['changes'];
    return {
      id: String(i + 1),
      mends: mends as unknown as Step['mends'],
      changes: own,
      certainty: certainty ?? 'exact',
      beyond: goal === undefined && entry.mends.some((f) => endsStart(f, 'strict') && f.severity.nonStrict === 'fatal'),
      salvage: salvage === true,
      what,
      bytes: bytesOf(tree, own),
      loses,
    };
  });
};

const bytesOf = (tree: Tree, changes: Step['changes']): Step['bytes'] => {
  let taken = 0;
  let made = 0;
  for (const change of changes) {
    if (change.kind === 'set-aside') taken += sizeAt(tree, change.path);
    if (change.kind === 'cut') taken += change.spans.reduce((sum, { length }) => sum + length, 0);
    if (change.kind === 'create-file') made += change.bytes.length;
  }
  return { taken, made };
};

/** Bytes in a file; of what is none, 0. */
const sizeAt = ({ source }: Tree, path: string): number => {
  if (source.kindOf(path) !== 'file') return 0;
  const file = source.open(path);
  if ('code' in file) return 0;
  const size = file.size();
  file.close();
  return size;
};

/** What is at the paths that steps touch, each once. */
const touchedBy = (tree: Tree, steps: readonly Step[]): readonly Touched[] =>
  [...new Set(changesOf({ steps }).map(({ path }) => path))]
    .sort()
    .map((path) => ({ path, before: fingerprintOf(tree.source, path) }));
