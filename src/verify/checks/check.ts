import type { Checkpoint } from '../../checkpoint/model.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Rules } from '../../recovery/versions.ts';

/** What a check may ask beside the checkpoint itself. */
export interface CheckContext {
  readonly rules: Rules;
  /** The work_dir's absolute path on the agent. */
  readonly home: string;
}

/** Looks at what the agent does not look at, and an operator should know; gives what it finds in the order of the tree. */
export type Check = (checkpoint: Checkpoint, context: CheckContext) => readonly Finding[];
