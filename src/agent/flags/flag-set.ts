import type { Origin, Overridden } from './origin.ts';

/** One flag. */
export interface AgentFlag {
  /** As the agent spells it, `work_dir`. */
  readonly name: string;
  /** The text that it is set to, as the agent gets it; for a switch `true` or `false`. As it is written, where `unknown`. */
  readonly value: string;
  readonly origin: Origin;
  /** Whether a variable of the environment sets it, and no argument. */
  readonly isVariable: boolean;
  /** Earlier settings that this one overrides, oldest first. */
  readonly overridden: readonly Overridden[];
  /** Why the agent would refuse it, where it would: an unknown flag, a value that does not parse. */
  readonly problem: string | undefined;
  /** Why the value cannot be known without running something, where it cannot: `$(hostname -f)` in a shell file. */
  readonly unknown: string | undefined;
  /** What is worth saying of it, and does not keep the agent from starting: a name that is deprecated. */
  readonly note: string | undefined;
}

/** The flags that an agent will be started with, as far as they are known. */
export interface FlagSet {
  /** By name; what is not in it has the agent's default. */
  readonly flags: ReadonlyMap<string, AgentFlag>;
  /** Whether anything told flags at all: without, none is known, which is not the same as all at their defaults. */
  readonly isKnown: boolean;
  /**
   * Whether all that could set a flag was read, in files or from an agent that runs: where it is false, a flag that is not in
   * `flags` may be set all the same.
   */
  readonly isComplete: boolean;
  /** Whether a file may not be read that may set any flag otherwise, but for those that the operator gives. */
  readonly isHidden: boolean;
}
