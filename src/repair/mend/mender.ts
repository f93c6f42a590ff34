import type { Checkpoint } from '../../checkpoint/model.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Start } from '../../recovery/simulate.ts';
import type { Tree } from '../../source/links.ts';
import type { Change } from '../plan/change.ts';
import type { Certainty } from '../plan/plan.ts';
import type { Assumptions } from '../search/survey.ts';

/** One way to mend a finding. */
export interface Alternative {
  readonly changes: readonly [Change, ...Change[]];
  /** What is done, as a clause. */
  readonly what: string;
  /** What the agent will be without, as a clause; '' for nothing. */
  readonly loses: string;
  readonly certainty?: Certainty | undefined;
  /** It keeps what a non-strict start loses, and is asked for by `--salvage`. */
  readonly salvage?: boolean | undefined;
  /** The option without which it is not taken. */
  readonly needs?: '--accept-new-agent' | '--allow-suspect' | '--adopt --allow-suspect' | undefined;
  /** What comes of it, for whoever starts the agent: sentences without a full stop. */
  readonly follows?: readonly string[] | undefined;
}

/** What a mender has before it. */
export interface Workspace {
  /** The tree as it is, and its model. */
  readonly base: Tree;
  readonly found: Checkpoint;
  /** Of the tree with all that is planned so far. */
  readonly model: Checkpoint;
  /** The start on that, which nothing ended. */
  readonly start: Start;
  readonly assumed: Assumptions;
}

/**
 * Gives the ways to mend a finding, the one that is tried first at the front: the smallest change, unless a larger one
 * keeps more. `earlier` are findings at the same path that are mended already, by a step that this one takes the place of.
 * None means that nothing can be done in the tree.
 */
export type Mender = (finding: Finding, workspace: Workspace, earlier: readonly Finding[]) => readonly Alternative[];
