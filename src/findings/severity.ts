/**
 * What a finding means for a start: `fatal` the agent refuses, aborts or forgets everything; `counted` it goes on, adds
 * to `slave/recovery_errors`, and something is lost; `loss` something is lost without a word; `note` nothing is lost.
 */
export type Severity = 'fatal' | 'counted' | 'loss' | 'note';

/** A severity per mode of `--strict`. */
export interface Severities {
  readonly strict: Severity;
  readonly nonStrict: Severity;
}
