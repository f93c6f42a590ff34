import type { Environment } from '../../agent/flags/environment.ts';
import type { Origin, Refusal, Remark, TracedText } from '../../agent/flags/origin.ts';

/** A folder of the host, and where it is in a container. */
export interface Volume {
  readonly host: string;
  readonly inside: string;
}

/** A container that a unit starts the agent in. */
export interface ContainerStart {
  readonly image: string;
  /** Whether it is given the host's pids. */
  readonly hasHostPids: boolean;
  /** Whether it has the host's addresses. */
  readonly hasHostNetwork: boolean;
  readonly volumes: readonly Volume[];
  /** Who the agent is in it, as it is written; undefined where that is left to the image. */
  readonly user: string | undefined;
  /** Where it is started. */
  readonly origin: Origin;
}

/** How the agent is started: what its `main` will be given. */
export interface AgentProcess {
  /** The program's path; undefined where it cannot be told. */
  readonly program: string | undefined;
  /** Behind the program, in order. */
  readonly args: readonly TracedText[];
  readonly environment: Environment;
  /** What keeps it from being started at all. */
  readonly refusals: readonly Refusal[];
  readonly remarks: readonly Remark[];
  /** Who a command on the way becomes; undefined where none becomes anybody. */
  readonly user?: TracedText | undefined;
  /** The container that it is started in; undefined where it is in none. */
  readonly container?: ContainerStart | undefined;
  /** Whether nothing else can have set a flag: false where something starts the agent that cannot be looked into. */
  readonly isComplete: boolean;
}
