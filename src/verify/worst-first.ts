import type { Finding, Mode } from '../findings/finding.ts';
import { SEVERITIES } from '../findings/severity.ts';

/** Findings with the worst first, for a mode; those alike stay in the order of the tree. */
export const worstFirst = (findings: readonly Finding[], mode: Mode): readonly Finding[] =>
  findings.toSorted((a, b) => SEVERITIES.indexOf(a.severity[mode]) - SEVERITIES.indexOf(b.severity[mode]));
