import type { CheckCode } from '../checks/index.ts';

/**
 * A way in which an agent ends between its start and the end of its recovery. Numbers go by the order in which the agent
 * meets them, and are never given to another: tests count by them.
 */
export interface Exit {
  readonly number: number;
  /** What ends the agent, in a clause that goes on after "The agent ends where". */
  readonly where: string;
  /** The versions that end so, as a person says it: `1.11 and later`; all where it is left out. */
  readonly versions?: string;
  /** The check that tells it; left out where none can. */
  readonly check?: CheckCode;
  /** What no check can see of it, and why, in a sentence without a full stop; needed where there is no check. */
  readonly unseen?: string;
}

/** Ways of one subject, as an operator thinks of them. */
export interface ExitGroup {
  readonly title: string;
  readonly exits: readonly Exit[];
}
