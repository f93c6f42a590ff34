/** The flags that an agent will be started with, each with the place that it comes from. */

/** Where a value was set: the last of several such places wins. */
export interface Origin {
  /** A file of the host, or `command line of pid 812`, `arguments`. */
  readonly place: string;
  /** From 1; undefined where a place has no lines, such as a file that holds one value. */
  readonly line: number | undefined;
}

/** One flag. */
export interface AgentFlag {
  /** As the agent spells it, `work_dir`. */
  readonly name: string;
  /** The text that it is set to, as the agent gets it; for a switch `true` or `false`. */
  readonly value: string;
  readonly origin: Origin;
  /** Earlier settings that this one overrides, oldest first. */
  readonly overridden: readonly { readonly value: string; readonly origin: Origin }[];
  /** Why the agent would refuse it, where it would: an unknown flag, a value that does not parse. */
  readonly problem: string | undefined;
}

/** How an agent was installed, which decides where its flags are looked for. */
export type Distribution = 'mesosphere' | 'dcos' | 'plain' | 'unknown';

/** All that is known of an agent's flags. */
export interface AgentFlags {
  readonly distribution: Distribution;
  /** By name; what is not in it has the agent's default. */
  readonly flags: ReadonlyMap<string, AgentFlag>;
  /** The systemd unit that starts the agent: its name, and the files it is made of, drop-ins last. */
  readonly unit: { readonly name: string; readonly files: readonly string[] } | undefined;
  /** Places that were looked at, and what came of it, in the order in which they count. */
  readonly looked: readonly { readonly place: string; readonly outcome: 'read' | 'absent' | 'unseen' }[];
  /** Whether anything told flags at all: without, none is known, which is not the same as all at their defaults. */
  readonly isKnown: boolean;
}
