import type { Verification } from '../../verify/verification.ts';
import type { Planning } from '../plan-repair.ts';

/**
 * The ways out of a checkpoint, in the order in which they are told: start the agent on it as it is; change what lets a
 * strict start keep what a non-strict one keeps; keep what the bytes allow beyond that; put in what is just likely, too;
 * change `slave.info` for an agent whose flags are others; or remove `slaves/latest`, as the agent's own log advises.
 */
export type WayName = 'as-is' | Level | 'remove-latest';

/** The ways that change the tree, from the one that changes least to the one that keeps most. */
export const LEVELS = ['as-non-strict', 'salvage', 'salvage-suspect'] as const;

/** A way that changes the tree: a level of planning. */
export type Level = (typeof LEVELS)[number] | 'adopt';

/** How much of something a way keeps. */
export interface Share {
  readonly kept: number;
  readonly of: number;
}

/** One way out, rehearsed. */
export interface Way {
  readonly way: WayName;
  /** Whether a strict agent is there in the end. */
  readonly comesUp: boolean;
  /** Executors that have not ended, and those of them that live on; after a reboot, those whose end the agent will tell. */
  readonly executors: Share;
  /** Their tasks that have not finished. */
  readonly tasks: Share;
  /**
   * Status updates in the logs of the executors that some way keeps, and that the agent does not have in the end; undefined
   * where it does not come up.
   */
  readonly updatesLost: number | undefined;
  /** Dynamic reservations and persistent volumes. */
  readonly reservations: Share;
  /** `suspect` where something is put in that is likely, and should be looked at by somebody. */
  readonly sure: 'exact' | 'suspect';
  /** What the start is predicted to do. */
  readonly after: Verification;
  /** The plan, where the way is one of changes. */
  readonly planning: Planning | undefined;
  /** Of `adopt`, what else is done. */
  readonly over?: (typeof LEVELS)[number] | undefined;
}

/** The ways out of a tree, compared. */
export interface Ways {
  readonly before: Verification;
  /** Those that differ, in order; the tree as it is comes first. */
  readonly ways: readonly [Way, ...Way[]];
  /** The exact way that keeps most, or where none keeps anything that runs, the best guess; the smallest change where several keep the same; undefined where none comes up. */
  readonly recommended: Way | undefined;
  /** What each level came to, those too that add nothing and are no way of their own. */
  readonly planned: Readonly<Record<(typeof LEVELS)[number], Planning>> & {
    /** Undefined where the info of the agent that starts is not known. */
    readonly adopt: Planning | undefined;
  };
}
