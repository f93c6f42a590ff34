import type { Opened } from '../checkpoint/open.ts';
import { livingOn } from '../recovery/living.ts';
import { checkPlan } from '../repair/plan/check-plan.ts';
import { changesOf, type Plan, plannedChanges } from '../repair/plan/plan.ts';
import { withChanges } from '../repair/plan/with-changes.ts';
import type { Planning } from '../repair/plan-repair.ts';
import { rehearsedOf } from '../repair/rehearsal/rehearse.ts';
import { OverlayConflict } from '../source/overlay.ts';
import type { Source } from '../source/source.ts';
import { count } from '../text/words.ts';
import { type BootOptions, bootOf } from '../verify/boot.ts';
import type { Verification, VerifyOptions } from '../verify/verification.ts';
import { verifyCheckpoint } from '../verify/verify.ts';
import { checkUnchanged } from './look.ts';
import { Refusal } from './refusal.ts';

/** What is known of the host's boot when a plan is applied; whether the host was rebooted is in the plan. */
export type BootIds = Pick<BootOptions, 'bootId' | 'ownBootId'> & {
  /** A plan for a host that was rebooted is applied although the boot ids say that this one was not. */
  readonly rebooted?: boolean | undefined;
};

/**
 * By which rules a plan is rehearsed, and what comes of it is verified. Where sandboxes were not looked at, as in a copy of
 * `meta` alone, they are where the plan is applied: an agent does not ask whether they were seen.
 */
export const rehearsalOptions = (assumed: Plan['assumed'], { bootId, ownBootId }: BootIds): VerifyOptions => ({
  version: assumed.version,
  launcher: assumed.launcher,
  sandboxes: assumed.judgeSandboxes ? 'judge' : 'auto',
  agentInfo: assumed.agentInfo,
  ...(assumed.rebooted ? { rebooted: true } : { bootId, ownBootId }),
});

/**
 * A plan that was made before, rehearsed again on the tree as it is: what the plan says of the start after it is not
 * believed.
 * @throws BadPlan where it is none, and Refusal where it is of another tree, or does not do any more what it was made for
 */
export const rehearsePlan = (plan: Plan, opened: Opened, boot: BootIds): Planning => {
  checkPlan(plan);
  const options = rehearsalOptions(plan.assumed, boot);
  const before = verifyCheckpoint(opened, options);
  const agent = before.checkpoint.agent?.id;
  if (plan.home !== before.home) {
    throw new Refusal(`the plan is of a tree in ${plan.home}, and this one is in ${before.home}`);
  }
  if (plan.agent !== agent) {
    throw new Refusal(`the plan is of ${plan.agent ?? 'no agent'}, and slaves/latest leads to ${agent ?? 'none'}`);
  }
  if (before.boot.rebooted !== plan.assumed.rebooted) {
    throw new Refusal('the host was rebooted since the plan was made: make another');
  }
  checkRebooted(plan, opened, before, boot);
  const { source } = opened.tree;
  checkUnchanged(source, plannedChanges(plan));
  const after = verifyCheckpoint({ ...opened, tree: { ...opened.tree, source: changed(source, plan) } }, options);
  checkSandboxes(plan, after);
  checkRehearsed(plan.rehearsed, after);
  const { startWith } = plan;
  const living = livingOn(before.checkpoint);
  return { opened, before, plan, after, blocked: [], differences: [], living, startWith };
};

/** @throws Refusal where sandboxes are missing that were not looked at when the plan was made */
const checkSandboxes = (plan: Plan, { findings }: Verification): void => {
  const missing = findings.filter(({ code }) => code === 'sandbox-missing');
  const [first] = missing;
  if (plan.assumed.judgeSandboxes || first === undefined) return;
  const what = missing.length === 1 ? 'a live run has no sandbox' : `${missing.length} live runs have no sandbox`;
  throw new Refusal(
    `the plan was made without the sandboxes, and here ${what} (${first.path}): the agent would abort; make another plan here`,
  );
};

/** @throws Refusal where a plan was made for a host that was rebooted, and this one was not, or its agent has started since */
const checkRebooted = ({ assumed }: Plan, { inPlace }: Opened, before: Verification, boot: BootIds): void => {
  if (!assumed.rebooted || boot.rebooted === true) return;
  const { bootId, ownBootId } = boot;
  const known = bootOf(before.checkpoint.bootId, { bootId, ownBootId }, inPlace);
  if (known.rebooted || known.assumed) return;
  throw new Refusal(
    'the plan was made for a host that was rebooted, and by meta/boot_id this one was not: make another, or give --rebooted',
  );
};

/**
 * What a plan says of the start after it decides what it is applied for, and with which exit code that ends.
 * @throws Refusal where the rehearsal comes to something else
 */
const checkRehearsed = (said: Plan['rehearsed'], after: Verification): void => {
  const verdict = after.strict.starts[0]?.verdict;
  if (verdict !== said.verdict) {
    throw new Refusal('with this plan a strict start would not come up any more: make another');
  }
  const { executors, tasks, exitCode } = rehearsedOf(after);
  if (executors === said.executors && tasks === said.tasks && exitCode === said.exitCode) return;
  throw new Refusal(
    `the plan says that ${livingText(said)}, and by its rehearsal ${livingText({ executors, tasks })}` +
      `${exitCode === said.exitCode ? '' : ', and its exit code is another'}: the plan was edited, or the tree has changed; make another`,
  );
};

const livingText = ({ executors, tasks }: Pick<Plan['rehearsed'], 'executors' | 'tasks'>): string =>
  `${count(executors, 'executor')} and ${count(tasks, 'task')} live`;

const changed = (source: Source, plan: Plan): Source => {
  try {
    return withChanges(source, changesOf(plan));
  } catch (error) {
    throw error instanceof OverlayConflict ? new Refusal(`the plan does not fit the tree: ${error.message}`) : error;
  }
};
