/** An executor, by its ids. */
export interface ExecutorRef {
  readonly framework: string;
  readonly executor: string;
}

/** A task, by its ids. */
export interface TaskRef extends ExecutorRef {
  readonly task: string;
}

/**
 * What a start costs, and what it keeps. Where no start comes up, everything that lives is at `stake`: executors end
 * themselves when they have waited for `--recovery_timeout` (15 minutes).
 */
export interface Impact {
  readonly comesUp: boolean;
  readonly executors: {
    /** Reached by their pids. */
    readonly reconnected: readonly ExecutorRef[];
    /** Expected to subscribe by themselves. */
    readonly awaited: readonly ExecutorRef[];
    /** Read, and shut down, because nothing tells how to reach them. */
    readonly killed: readonly ExecutorRef[];
    /** Not read: their containers are destroyed as an orphan. */
    readonly forgotten: readonly ExecutorRef[];
    /** Gone with the boot that they ran in. */
    readonly gone: readonly ExecutorRef[];
    /** Live, as far as is known, and waiting for an agent that does not come up. */
    readonly atStake: readonly ExecutorRef[];
    /** Executors whose latest run has ended. */
    readonly completed: number;
  };
  /** Those that run, by what becomes of them, and those that have ended: see `src/recovery/living.ts`. */
  readonly tasks: {
    readonly live: readonly TaskRef[];
    readonly killed: readonly TaskRef[];
    readonly forgotten: readonly TaskRef[];
    readonly gone: readonly TaskRef[];
    readonly atStake: readonly TaskRef[];
    /** Live, but their log was cut: to the agent they have not started yet. */
    readonly setBack: readonly TaskRef[];
    /** Tasks of executors that have not ended: these have. */
    readonly finished: readonly TaskRef[];
    /** How many of the tasks of executors that have not ended have not ended either: all but the finished ones. */
    readonly running: number;
    /** Tasks that have ended: the finished ones, and those of completed executors. */
    readonly ended: number;
  };
  readonly updates: {
    /** Status updates that will be sent again. */
    readonly sentAgain: number;
    /** Status updates that are cut off, as far as they can be counted; bytes say the rest. */
    readonly lost: number;
    readonly lostBytes: number;
  };
  readonly reservations: Kept;
  readonly volumes: Kept & { readonly created: readonly string[]; readonly deleted: readonly string[] };
  /** Operations that are known to the agent. */
  readonly operations: number;
}

/** Texts of resources, in the agent's notation. */
export interface Kept {
  readonly kept: readonly string[];
  readonly lost: readonly string[];
}
