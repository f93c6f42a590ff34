/**
 * What a finding means for a start: `fatal` the agent refuses, aborts or forgets everything; `counted` it goes on, adds
 * to `slave/recovery_errors`, and something is lost; `loss` something is lost silently; `note` nothing is lost.
 */
export type Severity = 'fatal' | 'counted' | 'loss' | 'note';

/** Severities from the worst on. */
export const SEVERITIES: readonly Severity[] = ['fatal', 'counted', 'loss', 'note'];

/** The two modes of `--strict`. */
export type Mode = 'strict' | 'nonStrict';

/** A severity per mode of `--strict`. */
export type Severities = Readonly<Record<Mode, Severity>>;
