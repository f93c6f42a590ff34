/** The flags that an agent will be started with, each with the place that it comes from. */

import type { FlagSet } from '../../agent/flags/flag-set.ts';
import type { BuildRefusal, Overridden, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';
import type { Looked } from '../host.ts';
import type { Directive } from '../systemd/unit-file.ts';
import type { ContainerStart } from './agent-process.ts';

/** How an agent was installed, which decides where its flags are looked for. */
export type Distribution = 'mesosphere' | 'dcos' | 'plain' | 'unknown';

/** An agent that runs now. */
export interface RunningAgent {
  readonly pid: number;
  /** Its program, as its command line names it. */
  readonly program: string;
  /** The flags on its command line: its build has them all. */
  readonly arguments: readonly string[];
  /** Flags that its next start would give another value: undefined stands for the default. */
  readonly differences: readonly {
    readonly name: string;
    readonly now: string | undefined;
    readonly next: string | undefined;
  }[];
}

/** A systemd unit that starts an agent. */
export interface AgentUnit {
  readonly name: string;
  /** What it is made of, drop-ins last. */
  readonly files: readonly string[];
  /** Assignments of all files, in that order. */
  readonly directives: readonly Directive[];
  /** What masks it, so that systemd does not start it; undefined where nothing does. */
  readonly masked: string | undefined;
}

/** What starts an agent instead of systemd. */
export interface Starter {
  /** What it is called: `upstart`. */
  readonly init: string;
  /** The file that says so. */
  readonly place: string;
  /** Whether it starts the agent with the host, too. */
  readonly isEnabled: boolean;
}

/** All that is known of an agent's flags. */
export interface AgentFlags extends FlagSet {
  readonly distribution: Distribution;
  /** The systemd unit that starts the agent. */
  readonly unit: AgentUnit | undefined;
  /** What starts the agent where no unit does, as far as is known. */
  readonly starter: Starter | undefined;
  /** Places that were looked at, and what came of it, in the order in which they count. */
  readonly looked: readonly Looked[];
  /** Why the agent would not start, in the order in which it would come to it. */
  readonly refusals: readonly Refusal[];
  /** Why an agent that was built in a certain way would not start. */
  readonly buildRefusals: readonly BuildRefusal[];
  /** What could not be known, and what an operator should know. */
  readonly remarks: readonly Remark[];
  /** The agent's environment, as far as files tell: `LIBPROCESS_*` and the like. */
  readonly environment: ReadonlyMap<string, Overridden>;
  /** Variables of it whose values are not known, and why. */
  readonly unknownVariables: ReadonlyMap<string, string>;
  /** The container that it is started in; undefined where it is in none, as far as is known. */
  readonly container: ContainerStart | undefined;
  /** Who a command becomes on the way to the agent; undefined where none becomes anybody. */
  readonly user: TracedText | undefined;
  /** The program that is started as the agent. */
  readonly program: string | undefined;
  readonly running: RunningAgent | undefined;
}
