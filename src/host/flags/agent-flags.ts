/** The flags that an agent will be started with, each with the place that it comes from. */

/** The place of flags that the operator gives. */
export const SUPPOSED = 'arguments';

/** Where a value was set: the last of several such places wins. */
export interface Origin {
  /** A file of the host, or `command line of pid 812`, `environment of pid 812`, `arguments`. */
  readonly place: string;
  /** From 1; undefined where a place has no lines, such as a file that holds one value. */
  readonly line: number | undefined;
}

/** One flag. */
export interface AgentFlag {
  /** As the agent spells it, `work_dir`. */
  readonly name: string;
  /** The text that it is set to, as the agent gets it; for a switch `true` or `false`. As it is written, where `unknown`. */
  readonly value: string;
  readonly origin: Origin;
  /** Earlier settings that this one overrides, oldest first. */
  readonly overridden: readonly { readonly value: string; readonly origin: Origin }[];
  /** Why the agent would refuse it, where it would: an unknown flag, a value that does not parse. */
  readonly problem: string | undefined;
  /** Why the value cannot be known without running something, where it cannot: `$(hostname -f)` in a shell file. */
  readonly unknown: string | undefined;
  /** What is worth saying of it, and does not keep the agent from starting: a name that is deprecated. */
  readonly note: string | undefined;
}

/** How an agent was installed, which decides where its flags are looked for. */
export type Distribution = 'mesosphere' | 'dcos' | 'plain' | 'unknown';

/** A place that was looked at, and what came of it. */
export interface Looked {
  readonly place: string;
  readonly outcome: 'read' | 'absent' | 'unseen';
}

/** Something that keeps the agent from starting, in its own words or systemd's. */
export interface Refusal {
  readonly message: string;
  readonly origin: Origin | undefined;
}

/** Something that could not be known, or is worth knowing, and where. */
export interface Remark {
  readonly text: string;
  readonly origin: Origin | undefined;
}

/** A variable of the agent's environment. */
export interface EnvironmentVariable {
  readonly value: string;
  readonly origin: Origin;
}

/** An agent that runs now. */
export interface RunningAgent {
  readonly pid: number;
  /** Its program, as its command line names it. */
  readonly program: string;
  /** What it was started with, by flag, as far as it may be read. */
  readonly flags: ReadonlyMap<string, string>;
  /** Whether its environment was read too: without, more flags may be set. */
  readonly isWhole: boolean;
  /** Flags that its next start would give another value: undefined stands for the default. */
  readonly differences: readonly {
    readonly name: string;
    readonly now: string | undefined;
    readonly next: string | undefined;
  }[];
}

/** A container that a unit starts the agent in. */
export interface ContainerStart {
  readonly image: string;
  /** Whether it is given the host's pids. */
  readonly hasHostPids: boolean;
  /** Folders of the host, and where they are in it. */
  readonly volumes: readonly { readonly host: string; readonly inside: string }[];
  /** Where it is started. */
  readonly origin: Origin;
}

/** All that is known of an agent's flags. */
export interface AgentFlags {
  readonly distribution: Distribution;
  /** By name; what is not in it has the agent's default. */
  readonly flags: ReadonlyMap<string, AgentFlag>;
  /** The systemd unit that starts the agent. */
  readonly unit:
    | {
        readonly name: string;
        /** What it is made of, drop-ins last. */
        readonly files: readonly string[];
        /** What masks it, so that systemd does not start it; undefined where nothing does. */
        readonly masked: string | undefined;
      }
    | undefined;
  /** Places that were looked at, and what came of it, in the order in which they count. */
  readonly looked: readonly Looked[];
  /** Whether anything told flags at all: without, none is known, which is not the same as all at their defaults. */
  readonly isKnown: boolean;
  /**
   * Whether all that could set a flag was read, in files or from an agent that runs: where it is false, a flag that is not in
   * `flags` may be set all the same.
   */
  readonly isComplete: boolean;
  /** Why the agent would not start, in the order in which it would come to it. */
  readonly refusals: readonly Refusal[];
  /** What could not be known, and what an operator should know. */
  readonly remarks: readonly Remark[];
  /** The agent's environment, as far as files tell: `LIBPROCESS_*` and the like. */
  readonly environment: ReadonlyMap<string, EnvironmentVariable>;
  /** The container that it is started in; undefined where it is in none, as far as is known. */
  readonly container: ContainerStart | undefined;
  /** The program that is started as the agent. */
  readonly program: string | undefined;
  readonly running: RunningAgent | undefined;
}
