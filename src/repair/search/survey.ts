import type { Checkpoint } from '../../checkpoint/model.ts';
import { distinct, endsStart, type Finding } from '../../findings/finding.ts';
import { explore, type SimulationOptions, type Start } from '../../recovery/simulate.ts';

/** What every start of a rehearsal is simulated with. */
export type Assumptions = Omit<SimulationOptions, 'strict'>;

/** All that a start meets which nothing ends. */
export interface Survey {
  readonly start: Start;
  /** A strict start comes up at its first try, and is this one. */
  readonly comesUp: boolean;
  readonly findings: readonly Finding[];
  /** Those that end a strict start: none where it comes up. */
  readonly fatal: readonly Finding[];
}

/** Takes a checkpoint through a start, and notes all that would end a strict one: one simulation, however much that is. */
export const survey = (checkpoint: Checkpoint, assumed: Assumptions): Survey => {
  const { start, isStrictStart, ...met } = explore(checkpoint, assumed);
  const findings = distinct(met.findings);
  return { start, comesUp: isStrictStart, findings, fatal: findings.filter((finding) => endsStart(finding, 'strict')) };
};
