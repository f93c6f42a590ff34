import type { OrdinaryExecutor } from '../../checkpoint/model.ts';

/** What an agent that comes up does with the frameworks, executors and tasks that it has read. */
export interface AgentOutcome {
  readonly frameworks: readonly FrameworkOutcome[];
}

/** A framework: `removed` where nothing of it is left to run. */
export interface FrameworkOutcome {
  readonly id: string;
  readonly action: 'recovered' | 'removed';
  readonly executors: readonly ExecutorOutcome[];
  /** Those that are recovered, or completed, with all their tasks. */
  readonly ordinary: readonly OrdinaryExecutor[];
}

/**
 * How the agent can reach an executor: by its `pid`; not, because the pid's text is none (`pid-unparsable`); by waiting
 * for it to subscribe (`http`); not, because nothing tells how (`unknown`).
 */
export type Connection = 'pid' | 'pid-unparsable' | 'http' | 'unknown';

/** An executor: `completed` where its latest run is, `skipped` where the agent does not know enough of it. */
export interface ExecutorOutcome {
  readonly id: string;
  readonly path: string;
  readonly action: 'recovered' | 'completed' | 'skipped';
  readonly connection: Connection | null;
  readonly tasks: ReadonlyMap<string, TaskOutcome>;
  /** By task id, of those that have updates: how many will be sent again. */
  readonly pending: ReadonlyMap<string, number>;
}

/**
 * A task: `launched` runs as far as is known, `terminated` has ended and its last update is not acknowledged,
 * `completed` has ended and all is acknowledged, `skipped` is forgotten.
 */
export type TaskOutcome = 'launched' | 'terminated' | 'completed' | 'skipped';
