import type { Checkpoint } from '../../checkpoint/model.ts';
import { entryOf, type FindingCode } from '../../findings/catalogue.ts';
import type { Finding } from '../../findings/finding.ts';
import type { Report } from '../../recovery/context.ts';
import { comesUp, explore, type SimulationOptions, type Start } from '../../recovery/simulate.ts';

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

/** With these the agent starts all the same, as a new one: they are fatal to what it held, and not to its start. */
const FORGETS: ReadonlySet<FindingCode> = new Set([
  'agent-info-missing',
  'agent-info-empty',
  'agent-latest-missing',
  'meta-missing',
]);

/** Whether a finding ends a strict start. */
export const endsStrictStart = ({ code, severity }: Pick<Finding, 'code' | 'severity'>): boolean =>
  severity.strict === 'fatal' && !FORGETS.has(code);

/** Takes a checkpoint through a start, and notes all that would end a strict one: one simulation, however much that is. */
export const survey = (checkpoint: Checkpoint, assumed: Assumptions): Survey => {
  const found = new Map<string, Finding>();
  const report: Report = (code, place, message, severity) => {
    const key = `${code}\0${place.path}\0${place.offset ?? ''}`;
    if (!found.has(key)) found.set(key, { code, severity: severity ?? entryOf(code).severity, ...place, message });
  };
  const { start, isStrictStart } = explore(checkpoint, { ...assumed, strict: false }, report);
  const findings = [...found.values()];
  const isUp = isStrictStart && comesUp(start);
  return { start, comesUp: isUp, findings, fatal: isUp ? [] : findings.filter(endsStrictStart) };
};
