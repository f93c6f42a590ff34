import type { FindingCode } from './catalogue.ts';
import type { Severities } from './severity.ts';

export type { Severities, Severity } from './severity.ts';

/** Where something was found. */
export interface Location {
  /** Relative to the work_dir; '' for the work_dir itself. */
  readonly path: string;
  /** In bytes from the start of the file. */
  readonly offset?: number | undefined;
  /** In bytes. */
  readonly length?: number | undefined;
  /** Number of the record in its file, from 1. */
  readonly record?: number | undefined;
}

/** Something in a checkpoint that an operator should know of. */
export interface Finding extends Location {
  readonly code: FindingCode;
  readonly severity: Severities;
  /** What was found here, in one sentence. */
  readonly message: string;
}
