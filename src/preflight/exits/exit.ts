/**
 * A way in which an agent ends between its start and the end of its recovery. The numbers are those under which tests
 * count them; they go by the order in which the agent meets them, and are never given to another.
 */
export interface Exit {
  readonly number: number;
  /** What ends the agent, in one sentence without a full stop. */
  readonly what: string;
  /** The versions that end so, as a person says it: `1.11 and later`; all where it is left out. */
  readonly versions?: string;
  /** The code of the check that tells it; undefined where nothing here can. */
  readonly check?: string;
  /** What the check cannot see of it, or why it cannot be told at all, in one sentence without a full stop. */
  readonly unseen?: string;
}

/** Ways of one subject, as an operator thinks of them. */
export interface ExitGroup {
  readonly title: string;
  readonly exits: readonly Exit[];
}
