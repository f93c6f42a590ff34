import type { Version } from '../../agent/version.ts';
import type { FindingCode } from '../../findings/catalogue.ts';
import type { Launcher } from '../../recovery/startup/containers.ts';
import type { StartingInfo } from '../../recovery/startup/startup.ts';
import type { Change } from './change.ts';
import type { Fingerprint } from './fingerprint.ts';

/**
 * A plan: what is to be changed in a tree, why, and what was found out about it, as plain data. It is made by
 * `planRepair`, written and read by `plan-json.ts`, and carried out elsewhere.
 */

/**
 * Whether a step only takes away what is wrong, or brings back what is known to be right (`exact`), or puts something in
 * its place that is likely, and should be looked at by somebody (`suspect`).
 */
export type Certainty = 'exact' | 'suspect';

/** A finding that a step mends: its code, and its path in the tree. */
export interface Mended {
  readonly code: FindingCode;
  /** Relative to the work_dir. */
  readonly path: string;
}

/** One step: it is carried out whole, or not at all. */
export interface Step {
  /** Its number in the plan, from 1, as text. */
  readonly id: string;
  /** What it mends: at least one finding, the first one being what it is known by. */
  readonly mends: readonly [Mended, ...Mended[]];
  /** In the order in which they are made; the steps of a plan are made in their order too. */
  readonly changes: readonly [Change, ...Change[]];
  readonly certainty: Certainty;
  /** It goes beyond what a non-strict start does: such a start would have ended over this finding. */
  readonly beyond: boolean;
  /** It keeps what a non-strict start would lose: made because of `--salvage`. */
  readonly salvage: boolean;
  /** What is done, as a clause: `set aside executor.info`. */
  readonly what: string;
  /** Bytes that leave their place, and that are made. */
  readonly bytes: { readonly taken: number; readonly made: number };
  /** What the agent will be without because of it, as a clause; '' where that is nothing. */
  readonly loses: string;
  /** What comes of it, for whoever starts the agent: sentences without a full stop; left out where nothing does. */
  readonly follows?: readonly string[] | undefined;
}

/** A path that a plan touches, and what was there when it was made. */
export interface Touched {
  readonly path: string;
  readonly before: Fingerprint;
}

/** What was assumed of the start that was rehearsed. */
export interface Assumed {
  readonly version: Version;
  readonly rebooted: boolean;
  readonly launcher: Launcher;
  readonly judgeSandboxes: boolean;
  /** The info that the agent builds from its flags, and its policy; left out where it is taken to be that of `slave.info`. */
  readonly agentInfo?: StartingInfo | undefined;
}

/** What the first strict start did in the rehearsal: `recovers`, or a `new-agent` that was accepted. */
export interface Rehearsed {
  readonly verdict: 'recovers' | 'new-agent';
  /** 0 where nothing is lost, 1 where it comes up with losses as planned. */
  readonly exitCode: 0 | 1;
  /** Executors and tasks that live on. */
  readonly executors: number;
  readonly tasks: number;
}

/** The changes after which a strict start comes up at its first try. */
export interface Plan {
  /** The absolute path of the work_dir on its agent. */
  readonly home: string;
  /** The id of the agent that `slaves/latest` leads to; undefined where it leads to none. */
  readonly agent: string | undefined;
  readonly assumed: Assumed;
  readonly steps: readonly Step[];
  /**
   * Each path that a step changes, once, in the order of the paths. Of a plan that was compared with others, a file is read for
   * its sum when that is first asked for.
   */
  readonly touched: readonly Touched[];
  readonly rehearsed: Rehearsed;
  /** Flags that the agent has to have after it, and did not have when it was made; left out where there are none. */
  readonly startWith?: readonly string[] | undefined;
}

/**
 * The plan with the sums of all files that it touches: where they were not asked for yet, the files are read now.
 * @throws Unreadable where one may not be read any more
 */
export const withSums = (plan: Plan): Plan => ({
  ...plan,
  touched: plan.touched.map(({ path, before }) => ({ path, before: { ...before } })),
});

/** The changes of a plan, in the order in which they are made. */
export const changesOf = (plan: Pick<Plan, 'steps'>): readonly Change[] => plan.steps.flatMap(({ changes }) => changes);

/** One change of a plan, as it is carried out and noted in a journal. */
export interface PlannedChange {
  readonly change: Change;
  readonly before: Fingerprint;
  /** Why it is made, for whoever reads the journal: the code of a finding. */
  readonly why?: string | undefined;
  /** What belongs together: a run that is asked to stop does so between two of these. */
  readonly part?: string | undefined;
}

/** A plan's changes, each with what was found at its path before the first of them. */
export const plannedChanges = (plan: Plan): readonly PlannedChange[] => {
  const found = new Map(plan.touched.map(({ path, before }) => [path, before]));
  return plan.steps.flatMap(({ id, mends, changes }) =>
    changes.map((change): PlannedChange => {
      const before = found.get(change.path) ?? { kind: 'absent' };
      found.delete(change.path);
      return { change, before, why: mends[0].code, part: id };
    }),
  );
};
