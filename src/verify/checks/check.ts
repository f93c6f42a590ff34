import type { Checkpoint } from '../../checkpoint/model.ts';
import type { Report } from '../../recovery/context.ts';
import type { Rules } from '../../recovery/versions.ts';

/** What a check may ask beside the checkpoint itself. */
export interface CheckContext {
  readonly rules: Rules;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
  readonly report: Report;
}

/** Looks at what the agent does not look at, and an operator should know. Reports in the order of the tree. */
export type Check = (checkpoint: Checkpoint, context: CheckContext) => void;
