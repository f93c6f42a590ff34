import type { FatalCode, FindingCode } from './catalogue.ts';
import { entryOf } from './entry-of.ts';
import type { Mode, Severities } from './severity.ts';

export type { Mode, Severities, Severity } from './severity.ts';

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

/** A finding of a code, with the severity that is usual for it unless one is given. */
export const findingOf = (
  code: FindingCode,
  location: Location,
  message: string,
  severity: Severities = entryOf(code).severity,
): Finding => ({ code, severity, ...location, message });

/** Whether a finding ends a start in a mode, rather than that the agent goes on without what is damaged. */
export const endsStart = (
  finding: Pick<Finding, 'code' | 'severity'>,
  mode: Mode,
): finding is Finding & { readonly code: FatalCode } => {
  const { newAgent, severity } = entryOf(finding.code);
  // What is fatal in one place, and not by its row, is so for an agent that has come up.
  if (severity.strict !== 'fatal' && severity.nonStrict !== 'fatal') return false;
  const goesOn = newAgent === 'in either mode' || (newAgent === 'non-strict' && mode === 'nonStrict');
  return finding.severity[mode] === 'fatal' && !goesOn;
};

/** Whether the agent counts a finding in `slave/recovery_errors` where it goes on. */
export const isCounted = ({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean =>
  severity.nonStrict === 'counted' || entryOf(code).newAgent === 'non-strict';

/** The first finding of each code at each location: recovery may look at a file more than once. */
export const distinct = (findings: readonly Finding[]): readonly Finding[] => {
  const found: Finding[] = [];
  // Of nearly all paths there is one finding.
  const firstAt = new Map<string, Finding>();
  const moreAt = new Map<string, Set<string>>();
  const isNew = (finding: Finding): boolean => {
    const { path } = finding;
    const first = firstAt.get(path);
    if (first === undefined) {
      firstAt.set(path, finding);
      return true;
    }
    const known = moreAt.get(path) ?? new Set([keyAt(first)]);
    moreAt.set(path, known);
    const key = keyAt(finding);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
  for (const finding of findings) if (isNew(finding)) found.push(finding);
  return found;
};

const keyAt = ({ code, offset }: Finding): string => `${code} ${offset ?? ''}`;
