import type { Severity } from './severity.ts';

/** What a version's start makes of a finding, in one mode. */
export interface JudgedStart {
  /** Null where the version does not find it: it does not read that. */
  readonly severity: Severity | null;
  /** How the start ends, `recovers`, `refuses` and so on. */
  readonly verdict: string | null;
}

/** The same in a few words. */
export const judgedText = ({ severity, verdict }: JudgedStart): string => {
  if (severity === null) return 'does not meet it';
  return severity === 'fatal' && verdict !== null ? `fatal: ${verdict}` : severity;
};

/** What versions make of it from one on, up to the next that differs. */
export interface Judged {
  readonly since: string;
  readonly strict: JudgedStart;
  readonly nonStrict: JudgedStart;
}

/** A damaged checkpoint in which a finding is met: generated from its fixture. */
export interface Example {
  /** What was done to the checkpoint. */
  readonly about: string;
  readonly path: string;
  /** The bytes of the record, with what they are; null where it is about no record. */
  readonly bytes: string | null;
  readonly versions: readonly Judged[];
}
