import type { Finding, Mode, Severity } from '../../src/findings/finding.ts';
import type { Start } from '../../src/recovery/simulate.ts';
import type { Verification } from '../../src/verify/verification.ts';

export const MODES: readonly Mode[] = ['strict', 'nonStrict'];

/** Whether a start comes up, with its state or as a new agent, and nothing ends it afterwards. */
export const comesUp = (start: Start | undefined): boolean =>
  (start?.verdict === 'recovers' || start?.verdict === 'new-agent') && start.afterwards === undefined;

/** What a start counts: its metric shows as much, where the agent's own info was read. */
export const errorsOf = (start: Start | undefined): number =>
  (start?.recoveryErrors ?? 0) + (start?.operationErrors ?? 0);

/** In what the findings and the starts of a verification contradict each other, a line each. */
export const contradictions = (verification: Verification): readonly string[] =>
  MODES.flatMap((mode) => [
    ...contradictionsOfEnds(verification, mode),
    ...contradictionsOfErrors(verification, mode),
    ...contradictionsOfEffects(verification, mode),
  ]).map((line) => `${line} [${verification.findings.map(brief).join(', ')}]`);

const contradictionsOfEnds = ({ findings, ...results }: Verification, mode: Mode): readonly string[] => {
  const [first] = results[mode].starts;
  const isFatal = has(findings, mode, 'fatal');
  if (!comesUp(first) && !isFatal) return [`${mode}: ${first?.verdict} without a fatal finding: ${first?.messages[0]}`];
  if (first?.verdict === 'recovers' && comesUp(first) && isFatal) return [`${mode}: recovers with a fatal finding`];
  return [];
};

const contradictionsOfErrors = ({ findings, ...results }: Verification, mode: Mode): readonly string[] => {
  const { starts, exitCode } = results[mode];
  const [first] = starts;
  if (!comesUp(first)) return exitCode === 2 ? [] : [`${mode}: does not come up, and exit code ${exitCode}`];
  const out: string[] = [];
  const errors = errorsOf(first);
  if (errors > 0 && !has(findings, mode, 'counted', 'fatal')) out.push(`${mode}: ${errors} counted without a finding`);
  if (errors === 0 && has(findings, mode, 'counted')) out.push(`${mode}: a finding is counted, and no error is`);
  const worst = has(findings, mode, 'fatal') ? 2 : has(findings, mode, 'counted', 'loss') ? 1 : 0;
  // Without a meta there is nothing to judge: 3.
  if (exitCode !== 3 && exitCode !== worst) out.push(`${mode}: exit code ${exitCode}, and by its findings ${worst}`);
  return out;
};

const contradictionsOfEffects = ({ findings, ...results }: Verification, mode: Mode): readonly string[] =>
  results[mode].starts
    .flatMap((start) => start.effects)
    .filter(({ path }) => !findings.some((finding) => explains(finding, path)))
    .map(({ path }) => `${mode}: a start changes ${path}, and no finding says so`);

/** After a reboot `forked.pid` is removed from every run, which one finding says for all. */
const explains = ({ code, path }: Finding, changed: string): boolean =>
  path === changed || (code === 'host-rebooted' && changed.endsWith('/pids/forked.pid'));

const has = (findings: readonly Finding[], mode: Mode, ...severities: readonly Severity[]): boolean =>
  findings.some((finding) => severities.includes(finding.severity[mode]));

const brief = ({ code, severity }: Finding): string =>
  severity.strict === severity.nonStrict
    ? `${code} ${severity.strict}`
    : `${code} ${severity.strict}/${severity.nonStrict}`;
