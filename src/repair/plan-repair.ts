import { checkInfo } from '../agent/info/survive.ts';
import type { Opened } from '../checkpoint/open.ts';
import { isRedacted, REDACTED_COPY } from '../checkpoint/redacted.ts';
import { UnusablePath } from '../checkpoint/unusable.ts';
import { pathOf, placeOf } from '../layout/place.ts';
import { during } from '../program/progress.ts';
import { trace } from '../program/trace.ts';
import { type Living, livingOn } from '../recovery/living.ts';
import { comesUp, isRecovered, type Start } from '../recovery/simulate.ts';
import type { StartingInfo } from '../recovery/startup/startup.ts';
import { StandingFolders } from '../source/standing-folders.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyCheckpoint, verifyLoaded } from '../verify/verify.ts';
import { adopter, policyFor } from './adopt/adopter.ts';
import type { RepairOptions, SalvageOptions } from './options.ts';
import { checkPlan } from './plan/check-plan.ts';
import { type Plan, type Step, withSums } from './plan/plan.ts';
import { rehearse } from './rehearsal/rehearse.ts';
import { differencesFrom } from './rehearsal/state-differences.ts';
import { compareWorth, worthByExecutor, worthOf } from './rehearsal/worth.ts';
import { isSalvaged, salvageWith } from './salvage/table.ts';
import type { Blocked, Found } from './search/entry.ts';
import { further } from './search/further.ts';
import { blockedByLinks } from './search/links-in-the-way.ts';
import { type Goal, minimise } from './search/minimise.ts';
import { planOf, stepsOf } from './search/plan-of.ts';
import { refine } from './search/refine.ts';
import { Search, type SearchOptions } from './search/search.ts';
import { type Survey, survey } from './search/survey.ts';
import { leftOutBy } from './selection.ts';

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
  /** Flags that the agent has to have after it, besides those that it has. */
  readonly startWith?: readonly string[] | undefined;
}

/**
 * Plans the smallest set of changes after which a strict start of the agent comes up at its first try, and rehearses it.
 * Nothing is written.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated
 */
export const planRepair = (opened: Opened, given: RepairOptions = {}): Planning => {
  const levels = levelsOf(opened, given);
  const salvage = given.salvage === true ? {} : given.salvage;
  const planning = salvage === undefined || salvage === false ? levels.plain() : levels.salvage(salvage);
  return planning.plan === undefined ? planning : { ...planning, plan: withSums(planning.plan) };
};

/** The levels of planning for a tree, which is read and verified once. */
export interface Levels {
  readonly before: Verification;
  /** What a non-strict start would keep, and no more. */
  readonly plain: () => Planning;
  /** That, and what the bytes allow beyond it; the plain plan where there is no more. */
  readonly salvage: (options: SalvageOptions) => Planning;
  /**
   * All that, for an agent whose info is another: `slave.info` is changed for it. Without options nothing is salvaged.
   * Undefined where its info is not known.
   */
  readonly adopt: (options?: SalvageOptions) => Planning | undefined;
}

/**
 * Verifies a tree, and plans for it level by level.
 * @throws AccessDenied where a file may not be read, TypeError where `version` is a text that names none that is simulated,
 * UnusablePath where secrets were blanked in a copy
 */
export const levelsOf = (opened: Opened, given: RepairOptions): Levels => {
  const before = verifyCheckpoint(opened, given);
  const standing = { ...opened, tree: { ...opened.tree, source: new StandingFolders(opened.tree.source) } };
  const own = levelsIn({ opened, standing, before, first: firstSurvey(before), given, allowAdopt: false });
  return {
    before,
    ...own,
    adopt: (options) => {
      const adopting = adoptingContext({ opened, standing }, before, given);
      if (adopting === undefined) return undefined;
      const levels = levelsIn(adopting);
      const planning = options === undefined ? levels.plain() : levels.salvage(options);
      const policy = adopting.given.agentInfo?.policy;
      const { plan } = planning;
      if (plan === undefined || isAccepted(planning.after, given.agentInfo)) return { ...planning, before };
      const startWith = [`--reconfiguration_policy=${policy}`];
      return { ...planning, before, plan: { ...plan, startWith }, startWith };
    },
  };
};

/** Whether an agent that starts with an info goes on with the checkpoint by the policy that it has. */
const isAccepted = ({ checkpoint, assumed }: Verification, starting: StartingInfo | undefined): boolean => {
  if (starting === undefined || assumed.agentInfo?.policy === starting.policy) return true;
  const info = checkpoint.agent?.info;
  return info?.kind === 'whole' && checkInfo(info.value, starting.info, starting.policy).ok;
};

/** @throws UnusablePath where something was blanked in a copy: that would be put into a checkpoint that an agent reads */
const checkCopies = ({ copies = [] }: SalvageOptions): void => {
  const redacted = copies.find(isRedacted);
  if (redacted !== undefined) throw new UnusablePath(redacted.source.name, REDACTED_COPY);
};

const levelsIn = (context: Context): Pick<Levels, 'plain' | 'salvage'> => {
  let planned: Planning | undefined;
  const plain = (): Planning => {
    planned ??= isLeft(context) ? nothingToDo(context) : attempt(context, undefined);
    return planned;
  };
  return {
    plain,
    salvage: (options) => {
      checkCopies(options);
      const exact = (): Planning => attemptMore(context, { ...options, guesses: false }, plain());
      // An agent that comes up as it is gets nothing that is just likely, unless that is asked for in words. So there is
      // nothing left for a second plan where the first has kept what is certain, and no more.
      if (options.allowSuspect !== true && bringsAgent(context.before)) return moreOf(exact(), plain());
      const all = attemptMore(context, { ...options, guesses: true }, plain());
      if (options.allowSuspect === true || !isGuess(all)) return moreOf(all, plain());
      // What is certain is kept without what is just likely, where that is anything and the agent comes up with its id.
      const certain = exact();
      const isBetter = certain.plan !== undefined && bringsAgent(certain.after) && isMore(certain, plain());
      return isBetter ? certain : moreOf(all, plain());
    },
  };
};

/** What planning begins with where an agent is to go on whose info is another: with the policy that it has to have then. */
const adoptingContext = (
  trees: Pick<Context, 'opened' | 'standing'>,
  before: Verification,
  given: RepairOptions,
): Context | undefined => {
  const { adopt, agentInfo } = given;
  if (adopt === undefined || agentInfo === undefined) return undefined;
  const own = { ...given, agentInfo: { ...agentInfo, policy: policyFor(adopt.facts) } };
  const verified =
    own.agentInfo.policy === agentInfo.policy ? before : verifyLoaded(trees.opened, before.checkpoint, own);
  return { ...trees, before: verified, first: firstSurvey(verified), given: own, allowAdopt: true };
};

/** What salvaging came to where that is more than the plain plan, or where there is no plan either way. */
const moreOf = (more: Planning, plain: Planning): Planning => {
  if (more.plan === undefined) return plain.plan === undefined ? more : plain;
  return isMore(more, plain) ? more : plain;
};

const isMore = (more: Planning, plain: Planning): boolean => plain.plan === undefined || isWorthMore(more, plain);

const isGuess = ({ plan }: Planning): boolean => plan?.steps.some(({ certainty }) => certainty === 'suspect') === true;

/** Whether an agent comes up with its id, and what it knows, in the end. */
const bringsAgent = ({ strict: { starts } }: Verification): boolean =>
  starts[0]?.verdict === 'recovers' && comesUp(starts[0]);

/** What may be salvaged; what is likely and needs no option of its own is a guess all the same. */
interface Salvaging extends SalvageOptions {
  readonly guesses: boolean;
}

/** An agent that is there in the end is worth more than one that ends after its recovery, even where there is no task to keep. */
const isWorthMore = (more: Planning, plain: Planning): boolean => {
  const [there, here] = [more, plain].map(({ after }) => after.strict.starts[0] as Start) as [Start, Start];
  return compareWorth(worthOf(there), worthOf(here)) > 0 || (comesUp(there) && !comesUp(here));
};

/**
 * Whether a strict recovery comes to its end on the tree as it is, which then is not changed without `--salvage`: not even
 * where the agent ends over something afterwards.
 */
const isLeft = ({ before: { strict, findings }, allowAdopt }: Context): boolean =>
  strict.starts[0] !== undefined &&
  isRecovered(strict.starts[0]) &&
  // After a reboot the agent comes up as a new one.
  !(allowAdopt && findings.some(({ code }) => code === 'agent-info-changed'));

/**
 * A copy may bring back what then has to go, with more than before: of such executors that is not salvaged, or nothing at
 * all. Nor is it of frameworks in which something comes back that nothing mends.
 */
const attemptMore = (context: Context, salvage: Salvaging, plain: Planning): Planning => {
  const more = attempt(context, salvage);
  if (plain.plan === undefined) return more;
  if (more.plan === undefined) {
    const left = more.blocked.flatMap(({ finding }) => frameworkOf(finding.path));
    return left.length === 0 ? more : attempt(context, salvage, new Set(left));
  }
  const worse = worseIn(more, plain);
  if (worse.length === 0) return more;
  return withoutCulprits(context, salvage, plain, more) ?? attempt(context, salvage, new Set(worse));
};

/** The executors of which less is kept than by another plan. */
const worseIn = ({ after }: Planning, plain: Planning): readonly string[] => {
  const [here, there] = [plain.after, after].map(({ strict }) => worthByExecutor(strict.starts[0] as Start));
  return [...(here ?? [])].flatMap(([path, kept]) => {
    const now = there?.get(path);
    return now !== undefined && compareWorth(now, kept) < 0 ? [path] : [];
  });
};

/** How many of the files that a plan salvages are tried to be left out, one after the other. */
const MOST_CULPRITS = 4;

/** The same without the fewest files that must have gone for it; undefined where it is not so few. */
const withoutCulprits = (
  context: Context,
  salvage: Salvaging,
  plain: Planning,
  more: Planning,
): Planning | undefined => {
  let now = more;
  const left = new Set<string>();
  while (left.size < MOST_CULPRITS) {
    const worse = worseIn(now, plain);
    if (worse.length === 0) return now;
    const salvaged = (now.plan?.steps ?? []).flatMap((step) => (step.salvage ? [step.mends[0].path] : []));
    const suspects = salvaged.filter((path) => worse.some((executor) => path.startsWith(`${executor}/`)));
    if (suspects.length > MOST_CULPRITS) return undefined;
    const tried = suspects
      .map((path) => ({ path, planning: attempt(context, salvage, new Set([...left, path])) }))
      .filter(({ planning }) => planning.plan !== undefined)
      .sort((a, b) => (isWorthMore(a.planning, b.planning) ? -1 : isWorthMore(b.planning, a.planning) ? 1 : 0));
    const [best] = tried;
    if (best === undefined) return undefined;
    left.add(best.path);
    now = best.planning;
  }
  return worseIn(now, plain).length === 0 ? now : undefined;
};

/** The folder of the framework that a path is in; none where it is in none. */
const frameworkOf = (path: string): readonly string[] => {
  const { agent, framework } = placeOf(path);
  return agent === undefined || framework === undefined ? [] : [pathOf({ folder: 'framework', agent, framework })];
};

/** What every attempt begins with. */
interface Context {
  readonly opened: Opened;
  /** The same, whose folders are asked for once: plans are made for the tree that was verified. */
  readonly standing: Opened;
  readonly before: Verification;
  readonly first: Survey;
  readonly given: RepairOptions;
  /** Whether `slave.info` may be changed for an agent whose info is another. */
  readonly allowAdopt: boolean;
}

const nothingToDo = ({ opened, before }: Context): Planning => ({
  opened,
  before,
  living: livingOn(before.checkpoint),
  plan: planOf(opened.tree, [], before, before),
  after: before,
  blocked: [],
  differences: [],
});

/** Looks for a plan, makes it as small as it can be, and rehearses it. */
const attempt = (context: Context, salvage: Salvaging | undefined, left: ReadonlySet<string> = new Set()): Planning =>
  during('trying changes', undefined, () => tried(context, salvage, left));

const tried = (context: Context, salvage: Salvaging | undefined, left: ReadonlySet<string>): Planning => {
  trace('attempt', () => ({ salvage: salvage !== undefined, leavesOut: [...left] }));
  const { opened, standing, before, first, given } = context;
  const { tree } = standing;
  const base = { opened, before, living: livingOn(before.checkpoint) };
  const allowed: SearchOptions = {
    acceptNewAgent: given.acceptNewAgent === true,
    allowSuspect: salvage?.allowSuspect === true,
    allowGuesses: salvage?.guesses === true,
    salvage: salvage === undefined ? undefined : salvageWith(salvage, left),
    isSalvaged,
    adopt: given.adopt && adopter(given.adopt),
    allowAdopt: context.allowAdopt,
    isLeftOut: leftOutBy(given),
  };
  const found = new Search(tree, before.checkpoint, before.assumed, allowed).run(first);
  const nonStrict = goalOf(before);
  if (!found.survey.comesUp) {
    const after = rehearse(standing, before, stepsOf(tree, found.entries, nonStrict), given);
    return { ...base, plan: undefined, after, blocked: found.blocked, differences: [] };
  }
  // What is salvaged is more than a non-strict start has.
  const goal = salvage === undefined ? nonStrict : undefined;
  const { links } = before.checkpoint;
  const wanted: Goal = { base: tree, assumed: before.assumed, nonStrict: goal, links };
  const least = leastFor(found, wanted);
  const minimal = salvage === undefined ? least : further(least, wanted, allowed);
  if (minimal.entries.length === 0) return nothingToDo(context);
  const { plan, after, start } = rehearsed(context, minimal, nonStrict);
  const differences = goal === undefined ? [] : differencesFrom(goal, start);
  const blocked = blockedByLinks(minimal, tree, before.assumed, before.checkpoint.links, differences);
  return { ...base, plan: blocked.length > 0 ? undefined : plan, after, blocked, differences };
};

/** The least that comes up with the state that is wanted, by other ways where the smallest ones do not come to it. */
const leastFor = (found: Found, goal: Goal): Found => {
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
  { standing, before, given }: Context,
  found: Found,
  nonStrict: Start | undefined,
): { readonly plan: Plan; readonly after: Verification; readonly start: Start } => {
  const steps = stepsOf(standing.tree, found.entries, nonStrict);
  traceSteps(steps);
  const after = rehearse(standing, before, steps, given);
  const [start] = after.strict.starts;
  if (start === undefined || !comesUp(start)) throw new Error('the rehearsal contradicts the search that it is of');
  const plan = planOf(standing.tree, steps, before, after);
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
