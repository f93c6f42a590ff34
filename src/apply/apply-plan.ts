import { hostname } from 'node:os';
import { type Opened, openPath } from '../checkpoint/open.ts';
import { JOURNALS } from '../layout/names.ts';
import { VERSION } from '../program/version.ts';
import { type Plan, plannedChanges, withSums } from '../repair/plan/plan.ts';
import { type Planning, planRepair } from '../repair/plan-repair.ts';
import { startDifferences } from '../repair/rehearsal/state-differences.ts';
import { OverlaySource } from '../source/overlay.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyCheckpoint } from '../verify/verify.ts';
import { applySteps, planDigest } from './actions.ts';
import { type Changed, type ChangeOptions, changeable, changing, refuseWhileRunning } from './changing.ts';
import { type EarlierOptions, finishEarlier, type ResumedJournal } from './earlier.ts';
import { type BootIds, rehearsalOptions, rehearsePlan } from './rehearse-plan.ts';
import type { Watch } from './run.ts';
import type { HeldTree } from './tree.ts';

/** How a plan is applied. All of it may be left out. */
export interface ApplyPlanOptions extends ChangeOptions, BootIds, EarlierOptions {
  /** Where to keep what goes: an absolute path, on the same file system; in `mesos-ckpt` beside `meta` by default. */
  readonly journal?: string | undefined;
  /** Who does it, for whoever reads the journal; `mesos-ckpt` and its version by default. */
  readonly by?: string | undefined;
  /** Is called with the plan, rehearsed, before anything is changed by it. */
  readonly onPlanned?: ((planning: Planning, resumed: readonly ResumedJournal[]) => void) | undefined;
}

/** What came of applying a plan. */
export interface AppliedPlan {
  /**
   * `applied` whole; `stopped` by the signal, between two steps; `nothing-to-do`, as the plan has no steps; or `no-plan`,
   * where a plan was to be made and none is possible.
   */
  readonly ending: 'applied' | 'stopped' | 'nothing-to-do' | 'no-plan';
  /** Earlier runs that were gone on with. */
  readonly resumed: readonly ResumedJournal[];
  /** The plan and its rehearsal just before; undefined where the signal came while an earlier run was gone on with. */
  readonly planning: Planning | undefined;
  /** What was done, and the journal; undefined where nothing was to be done. */
  readonly run: Changed | undefined;
  /** The tree as it is by now, read and verified again; undefined unless the plan was applied whole. */
  readonly verified: Verification | undefined;
  /** How the strict start after it differs from the one that was rehearsed, a line each: none where it is the same. */
  readonly differences: readonly string[];
}

/** Plans for a tree as it is, once nobody else changes it. */
export type Planner = (opened: Opened) => Planning;

/**
 * Applies a plan of `planRepair`, or one that a function makes, to the folder that was opened. Where no agent runs and no
 * other mesos-ckpt changes the tree, the plan is rehearsed again, carried out, and the tree verified. What goes is moved
 * into a journal; killed at any moment, the tree is as between two steps, and `resumeJournal` or `undoJournal` goes on.
 * Where a step fails, what was done is taken back.
 * @throws Refusal where nothing was changed, or all was taken back: an agent runs, the tree is not what was planned for,
 * another run ended too early, nothing may be written; Unfinished where something is left to take back
 */
export const applyPlan = async (
  opened: Opened,
  plan: Plan | Planner,
  options: ApplyPlanOptions = {},
): Promise<AppliedPlan> => {
  const target = changeable(opened);
  const hasJournals = opened.tree.source.kindOf(JOURNALS) !== undefined;
  return changing(target, options, async (tree, watch) => {
    const { resumed, isStopped } = await finishEarlier(tree, watch, options);
    const nothing = { resumed, run: undefined, verified: undefined, differences: [] };
    if (isStopped) return { ...nothing, ending: 'stopped', planning: undefined };
    const planning = planFor(opened, hasJournals, (found) =>
      typeof plan === 'function' ? plan(found) : rehearsed(plan, found, resumed, options),
    );
    options.onPlanned?.(planning, resumed);
    if (planning.plan === undefined) return { ...nothing, ending: 'no-plan', planning };
    if (planning.plan.steps.length === 0) return { ...nothing, ending: 'nothing-to-do', planning };
    const whole = withSums(planning.plan);
    // To plan takes a while, and an agent that ends at once is started again and again.
    refuseWhileRunning(target, options);
    const run = await carryOut(tree, whole, watch, options);
    if (run.ending === 'stopped') return { ...nothing, ending: 'stopped', planning, run };
    const verified = verifyCheckpoint(again(opened), {
      ...rehearsalOptions(planning.plan.assumed, options),
      sandboxes: planning.before.assumed.judgeSandboxes ? 'judge' : 'ignore',
    });
    return {
      ending: 'applied',
      resumed,
      planning,
      run,
      verified,
      differences: startDifferences(planning.after, verified),
    };
  });
};

/** The same tree, opened as it is by now. */
const again = ({ tree, isPlaceGiven, inPlace }: Opened): Opened =>
  openPath(tree.source.name, { workDir: isPlaceGiven || inPlace ? tree.home : undefined, inPlace });

/**
 * Plans for a tree as it was found. Through a link to the work_dir the folder of journals is seen, which this run has made:
 * the plan is to be the one that was shown without it, and says what the agent makes of that folder.
 */
const planFor = (opened: Opened, hasJournals: boolean, plan: Planner): Planning => {
  const found = again(opened);
  const planning = plan(found);
  const isSeen = planning.before.checkpoint.links.some(({ to }) => to === '' || to === JOURNALS);
  if (hasJournals || !isSeen) return planning;
  const source = new OverlaySource(found.tree.source);
  source.remove(JOURNALS);
  return plan({ ...found, tree: { ...found.tree, source } });
};

/** A plan rehearsed again; another one where what an earlier run has left of this very plan has just been done. */
const rehearsed = (plan: Plan, found: Opened, resumed: readonly ResumedJournal[], boot: BootIds): Planning => {
  const digest = planDigest(plannedChanges(plan));
  return resumed.some((run) => run.plan === digest)
    ? planRepair(found, rehearsalOptions(plan.assumed, boot))
    : rehearsePlan(plan, found, boot);
};

const carryOut = async (
  tree: HeldTree,
  plan: Plan,
  watch: Watch,
  { journal, by = `mesos-ckpt ${VERSION}` }: ApplyPlanOptions,
): Promise<Changed> => {
  const { place, ...ran } = await applySteps(tree, plannedChanges(plan), { ...watch, journal, by, host: hostname() });
  return { ...ran, journal: place.path, listed: place.listed };
};
