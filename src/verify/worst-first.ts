import type { Finding, Mode, Severity } from '../findings/finding.ts';

const RANKS: Readonly<Record<Severity, number>> = { fatal: 0, counted: 1, loss: 2, note: 3 };

/** Findings with the worst first, for a mode; those alike stay in the order of the tree. */
export const worstFirst = (findings: readonly Finding[], mode: Mode): readonly Finding[] =>
  findings.toSorted((a, b) => RANKS[a.severity[mode]] - RANKS[b.severity[mode]]);
