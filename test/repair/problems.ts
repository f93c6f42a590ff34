import { isDeepStrictEqual } from 'node:util';
import { openSource } from '../../src/checkpoint/open.ts';
import { comesUp, isRecovered, type Start } from '../../src/recovery/simulate.ts';
import { rulesOf } from '../../src/recovery/versions.ts';
import type { RepairOptions, SalvageOptions } from '../../src/repair/options.ts';
import { planJson, readPlan } from '../../src/repair/plan/codec.ts';
import { changesOf, type Plan } from '../../src/repair/plan/plan.ts';
import { withChanges } from '../../src/repair/plan/with-changes.ts';
import { type Planning, planRepair } from '../../src/repair/plan-repair.ts';
import { differencesFrom } from '../../src/repair/rehearsal/state-differences.ts';
import { compareWorth, worthOf } from '../../src/repair/rehearsal/worth.ts';
import { stateJson } from '../../src/report/json/state.ts';
import { resolve } from '../../src/source/links.ts';
import type { MemorySource } from '../../src/source/memory.ts';
import { OverlayConflict } from '../../src/source/overlay.ts';
import { jsonLine } from '../../src/text/escape.ts';
import type { Verification } from '../../src/verify/verification.ts';
import { verifyCheckpoint } from '../../src/verify/verify.ts';
import { HOME } from '../support/trees.ts';

const open = (source: Parameters<typeof openSource>[0]) => openSource(source, { workDir: HOME });

/** What is wrong with what is planned for a tree: nothing, where it keeps all its promises. */
export const planningProblems = (
  source: MemorySource,
  options: RepairOptions = {},
  onPlan: (planning: Planning) => void = () => undefined,
): readonly string[] => {
  const planning = planRepair(open(source), options);
  const accepted =
    planning.plan === undefined ? planRepair(open(source), { ...options, acceptNewAgent: true }) : planning;
  if (accepted.plan !== undefined && accepted.plan.steps.length > 0) onPlan(accepted);
  return [
    ...problemsOf(source, planning, options),
    ...(accepted === planning ? [] : problemsOf(source, accepted, { ...options, acceptNewAgent: true })),
  ];
};

const problemsOf = (source: MemorySource, planning: Planning, options: RepairOptions): readonly string[] => {
  const { before, plan, blocked } = planning;
  const [first] = before.strict.starts;
  if (first !== undefined && isRecovered(first))
    return plan?.steps.length === 0 ? [] : ['changes a tree on which a strict start comes up'];
  if (plan === undefined) {
    const needsConsent = blocked.length > 0 && blocked.every(({ reason }) => reason.includes('--accept-new-agent'));
    return (needsConsent && options.acceptNewAgent !== true) || isRefusedForLinks(source, planning)
      ? []
      : [`no plan: ${blocked.map(({ finding, reason }) => `${finding.code} ${finding.path}: ${reason}`).join(' | ')}`];
  }
  return [
    ...startProblems(planning, source, plan, options),
    ...leanProblems(source, planning, plan, options),
    ...againProblems(source, plan, options),
    ...jsonProblems(plan),
  ];
};

const isUp = (start: Start | undefined): boolean => start !== undefined && comesUp(start);

/**
 * Whether a plan is refused because a link that somebody made shows what it changes under another name, where it counts:
 * every reason names that link, and where the plan leads to the state that is wanted, the link leads to the work_dir.
 */
const isRefusedForLinks = (source: MemorySource, { blocked, differences }: Planning): boolean =>
  blocked.length > 0 &&
  blocked.every(({ reason }) => {
    const path = /the link (\S.*?) (?:leads|too)/.exec(reason)?.[1];
    if (path === undefined) return false;
    const through: string[] = [];
    const seen = resolve({ source, home: HOME }, path, (place) => through.push(place));
    return through.length > 0 && seen.kind === 'found' && (differences.length > 0 || seen.path === '');
  });

const startProblems = (
  { after, differences }: Planning,
  source: MemorySource,
  plan: Plan,
  options: RepairOptions,
): readonly string[] => {
  const problems = differences.map((line) => `differs: ${line}`);
  if (plan.steps.length === 0) problems.push('an empty plan');
  if (after.strict.starts.length !== 1 || !isUp(after.strict.starts[0]))
    problems.push('no strict start at the first try');
  if (!isRead(after, source, plan, options))
    problems.push('what was rehearsed is not what is read from the first byte');
  return problems;
};

/** Whether a rehearsal, which reads again just what has changed, says the same as one that reads all. */
const isRead = (after: Verification, source: MemorySource, plan: Plan, options: RepairOptions): boolean => {
  const whole = verifyCheckpoint(open(withChanges(source, changesOf(plan))), {
    ...options,
    sandboxes: plan.assumed.judgeSandboxes ? 'judge' : 'ignore',
  });
  const told = ({ strict, findings, version }: Verification) => ({
    state: stateJson((strict.starts[0] as Start).state, rulesOf(version)),
    exitCode: strict.exitCode,
    impact: strict.impact,
    findings: findings.map(({ code, path }) => `${code} ${path}`).sort(),
  });
  return isDeepStrictEqual(told(after), told(whole));
};

/** Leaving any one step out makes the rehearsal fail, or lose something. */
const leanProblems = (
  source: MemorySource,
  { before, after }: Planning,
  plan: Plan,
  options: RepairOptions,
  isEqual = true,
): readonly string[] => {
  const last = before.nonStrict.starts.at(-1);
  const full = after.strict.starts[0] as Start;
  return plan.steps.flatMap((step) => {
    const rest = plan.steps.filter((other) => other !== step);
    try {
      const source_ = withChanges(source, changesOf({ steps: rest }));
      const { strict } = verifyCheckpoint(open(source_), {
        ...options,
        sandboxes: before.assumed.judgeSandboxes ? 'judge' : 'ignore',
      });
      const [start] = strict.starts;
      if (!isUp(start) || start === undefined) return [];
      if (isEqual && last !== undefined && isUp(last) && differencesFrom(last, start).length > 0) return [];
      if (compareWorth(worthOf(start), worthOf(full)) < 0) return [];
      return [`step ${step.id} (${step.what} ${step.mends[0].path}) is not needed`];
    } catch (error) {
      if (error instanceof OverlayConflict) return [];
      throw error;
    }
  });
};

const againProblems = (source: MemorySource, plan: Plan, options: RepairOptions): readonly string[] => {
  const again = planRepair(open(withChanges(source, changesOf(plan))), {
    ...options,
    sandboxes: plan.assumed.judgeSandboxes ? 'judge' : 'ignore',
  });
  return again.plan?.steps.length === 0 ? [] : ['a second plan has something to do'];
};

/** A plan that was written down and read back is the same plan. */
const jsonProblems = (plan: Plan): readonly string[] =>
  isDeepStrictEqual(readPlan(jsonLine(planJson(plan))), plan) ? [] : ['a plan file that is read back is another plan'];

/** What is wrong with what `--salvage` plans for a tree. */
export const salvageProblems = (
  source: MemorySource,
  options: RepairOptions & { readonly salvage: SalvageOptions },
  onPlan: (planning: Planning) => void = () => undefined,
): readonly string[] => {
  const planning = planRepair(open(source), options);
  const { before, after, plan } = planning;
  const plain = planRepair(open(source), { ...options, salvage: undefined });
  if (plan === undefined) return plain.plan === undefined ? [] : ['no plan, where there is one without --salvage'];
  if (plan.steps.length === 0) return isUp(before.strict.starts[0]) ? [] : ['an empty plan'];
  onPlan(planning);
  const problems = [...leanProblems(source, planning, plan, options, false), ...jsonProblems(plan)];
  const [start] = after.strict.starts;
  if (start === undefined || !isUp(start)) return ['no strict start at the first try'];
  const isMore =
    plain.plan === undefined || compareWorth(worthOf(start), worthOf(plain.after.strict.starts[0] as Start)) > 0;
  if (plan.steps.some(({ salvage }) => salvage) && !isMore) problems.push('salvages what keeps no more');
  if (isUp(before.strict.starts[0]) && !isMore) problems.push('changes a tree that comes up, and keeps no more');
  return [...problems, ...againProblems(source, plan, { ...options, salvage: undefined })];
};
