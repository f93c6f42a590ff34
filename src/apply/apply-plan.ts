import { hostname } from 'node:os';
import { type Opened, openPath } from '../checkpoint/open.ts';
import { VERSION } from '../program/version.ts';
import type { Plan } from '../repair/plan/plan.ts';
import { plannedChanges } from '../repair/plan/plan.ts';
import { type Planning, planRepair } from '../repair/plan-repair.ts';
import { startDifferences } from '../repair/rehearsal/state-differences.ts';
import type { Verification } from '../verify/verification.ts';
import { verifyCheckpoint } from '../verify/verify.ts';
import { applySteps, closeUnused, planDigest, resumeApply, undoSteps } from './actions.ts';
import { type Changed, type ChangeOptions, changeable, changing, refuseWhileRunning } from './changing.ts';
import { Refusal } from './refusal.ts';
import { type BootIds, rehearsalOptions, rehearsePlan } from './rehearse-plan.ts';
import type { Watch } from './run.ts';
import { statesOf } from './standing.ts';
import type { HeldTree } from './tree.ts';

/** How a plan is applied. All of it may be left out. */
export interface ApplyPlanOptions extends ChangeOptions, BootIds {
  /** Where to keep what goes: an absolute path, on the same file system; in `mesos-ckpt` beside `meta` by default. */
  readonly journal?: string | undefined;
  /** Who does it, for whoever reads the journal; `mesos-ckpt` and its version by default. */
  readonly by?: string | undefined;
  /** What becomes of an earlier run that ended too early: `refuse`, the default, or `go-on` with it first. */
  readonly unfinished?: 'refuse' | 'go-on' | undefined;
  /** Is called with the plan, rehearsed, before anything is changed by it. */
  readonly onPlanned?: ((planning: Planning, resumed: readonly ResumedJournal[]) => void) | undefined;
  /** Is told why an earlier journal cannot be read; it is left alone. */
  readonly onUnreadable?: ((why: string) => void) | undefined;
}

/** A journal of an earlier run that was gone on with. */
export interface ResumedJournal {
  /** Its real path. */
  readonly journal: string;
  readonly ending: 'applied' | 'undone';
  /** SHA-256 of its plan. */
  readonly plan: string;
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
  return changing(target, options, async (tree, watch) => {
    const { resumed, isStopped } = await finishEarlier(tree, watch, options);
    const nothing = { resumed, run: undefined, verified: undefined, differences: [] };
    if (isStopped) return { ...nothing, ending: 'stopped', planning: undefined };
    const planning = typeof plan === 'function' ? plan(again(opened)) : rehearsed(plan, opened, resumed, options);
    options.onPlanned?.(planning, resumed);
    if (planning.plan === undefined) return { ...nothing, ending: 'no-plan', planning };
    if (planning.plan.steps.length === 0) return { ...nothing, ending: 'nothing-to-do', planning };
    // To plan takes a while, and an agent that ends at once is started again and again.
    refuseWhileRunning(target, options);
    const run = await carryOut(tree, planning.plan, watch, options);
    if (run.ending === 'stopped') return { ...nothing, ending: 'stopped', planning, run };
    const verified = verifyCheckpoint(again(opened), rehearsalOptions(planning.before.assumed, options));
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

/** Goes on with the journals of runs that ended too early, in the direction that they had, or refuses to do without. */
const finishEarlier = async (
  tree: HeldTree,
  watch: Watch,
  { unfinished, onUnreadable }: ApplyPlanOptions,
): Promise<{ readonly resumed: readonly ResumedJournal[]; readonly isStopped: boolean }> => {
  const resumed: ResumedJournal[] = [];
  for (const state of statesOf(tree.target)) {
    const { standing, place, record } = state;
    if (standing.kind === 'unreadable') onUnreadable?.(standing.why);
    if (standing.kind === 'unused') await closeUnused(tree, state, watch.now);
    if (standing.kind !== 'unfinished') continue;
    if (unfinished !== 'go-on') {
      throw new Refusal(`${place.path} ended too early: go on with it, or take it back, first`);
    }
    const run = standing.direction === 'apply' ? resumeApply : undoSteps;
    const { ending } = await run(tree, place, watch);
    if (ending === 'stopped') return { resumed, isStopped: true };
    resumed.push({ journal: place.path, ending, plan: record?.header.plan ?? '' });
  }
  return { resumed, isStopped: false };
};

/** A plan rehearsed again; another one where what an earlier run has left of this very plan has just been done. */
const rehearsed = (plan: Plan, opened: Opened, resumed: readonly ResumedJournal[], boot: BootIds): Planning => {
  const digest = planDigest(plannedChanges(plan));
  return resumed.some((run) => run.plan === digest)
    ? planRepair(again(opened), rehearsalOptions(plan.assumed, boot))
    : rehearsePlan(plan, again(opened), boot);
};

const carryOut = async (
  tree: HeldTree,
  plan: Plan,
  watch: Watch,
  { journal, by = `mesos-ckpt ${VERSION}` }: ApplyPlanOptions,
): Promise<Changed> => {
  const { place, ...ran } = await applySteps(tree, plannedChanges(plan), { ...watch, journal, by, host: hostname() });
  return { ...ran, journal: place.path };
};
