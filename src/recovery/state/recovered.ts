import type { Resources } from '../../agent/resources.ts';
import type { UpdateLog } from '../../checkpoint/files.ts';
import type { ExecutorFacts, OrdinaryExecutor, Run, TaskFacts } from '../../checkpoint/model.ts';
import type { Message } from '../../format/parse.ts';
import type { FrameworkInfo, SlaveInfo } from '../../schema/index.ts';
import type { Pid } from '../pid.ts';

/**
 * The state that the agent has when it has read its checkpoint (`slave::state::State` and what is in it). `errors`
 * counts as the agent does: a parent's includes its children's.
 */
export interface RecoveredState {
  readonly rebooted: boolean;
  readonly resources: RecoveredResources;
  readonly agent: RecoveredAgent | undefined;
}

/** `ResourcesState`. */
export interface RecoveredResources {
  readonly resources: Resources;
  readonly target: Resources | undefined;
  readonly errors: number;
}

/** `SlaveState`. */
export interface RecoveredAgent {
  readonly id: string;
  readonly path: string;
  readonly info: SlaveInfo | undefined;
  readonly frameworks: readonly RecoveredFramework[];
  readonly draining: boolean;
  /** Undefined where no resource state was read. */
  readonly operations: readonly Message[] | undefined;
  readonly errors: number;
}

/** `FrameworkState`. */
export interface RecoveredFramework {
  readonly id: string;
  readonly path: string;
  readonly info: FrameworkInfo | undefined;
  readonly pid: Pid | undefined;
  readonly executors: readonly RecoveredExecutor[];
  /** Those that are recovered whole, and of which nothing else is known: see `OrdinaryExecutor`. */
  readonly ordinary: readonly OrdinaryExecutor[];
  readonly errors: number;
}

/** `ExecutorState`. */
export interface RecoveredExecutor {
  readonly id: string;
  readonly path: string;
  readonly info: ExecutorFacts | undefined;
  /** The id of the latest run. */
  readonly latest: string | undefined;
  readonly generatedForCommandTask: boolean;
  readonly runs: ReadonlyMap<string, RecoveredRun>;
  readonly errors: number;
}

/** `RunState`. */
export interface RecoveredRun {
  readonly id: string;
  readonly path: string;
  readonly completed: boolean;
  readonly forkedPid: number | undefined;
  readonly libprocessPid: Pid | undefined;
  /** Whether the executor speaks HTTP; undefined where neither its pid nor the marker was found. */
  readonly http: boolean | undefined;
  readonly tasks: ReadonlyMap<string, RecoveredTask>;
  readonly errors: number;
  /** As it was found; undefined where the agent was led to a run that is not there. */
  readonly found: Run | undefined;
}

/** `TaskState`. */
export interface RecoveredTask {
  readonly id: string;
  readonly path: string;
  readonly info: TaskFacts | undefined;
  /** The log whose updates were read; undefined where none was. */
  readonly log: UpdateLog | undefined;
  readonly errors: number;
}
