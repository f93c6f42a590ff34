import * as fs from 'node:fs';
import { checkUnchanged } from '../apply/look.ts';
import { stepsOf } from '../apply/plan-steps.ts';
import { problemText, Refusal } from '../apply/refusal.ts';
import type { Opened } from '../checkpoint/open.ts';
import { livingOn } from '../repair/mend/losses.ts';
import { BadPlan, planJson, readPlan } from '../repair/plan/codec.ts';
import { changesOf, type Plan } from '../repair/plan/plan.ts';
import { withChanges } from '../repair/plan/with-changes.ts';
import { type Planning, rehearsedOf } from '../repair/plan-repair.ts';
import { OverlayConflict } from '../source/overlay.ts';
import type { Source } from '../source/source.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { count } from '../text/words.ts';
import { type Verification, type VerifyOptions, verifyCheckpoint } from '../verify/verify.ts';
import { OutputError, UsageError } from './failure.ts';
import { ownBootId } from './host.ts';
import type { PruneOptions } from './prune-options.ts';

/** By which rules a plan was rehearsed, and what comes of it is verified. */
export const rehearsalOptions = (
  assumed: Plan['assumed'],
  { bootId }: Pick<PruneOptions, 'bootId'>,
): VerifyOptions => ({
  version: assumed.version,
  launcher: assumed.launcher,
  sandboxes: assumed.judgeSandboxes ? 'judge' : 'ignore',
  ...(assumed.rebooted ? { rebooted: true } : { bootId, ownBootId: ownBootId() }),
});

/**
 * The plan in a file.
 * @throws UsageError where there is none
 */
export const planIn = (file: string): Plan => {
  try {
    return readPlan(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof BadPlan) throw new UsageError(`--apply: ${shown(file)}: ${shown(error.message)}`);
    throw new UsageError(`--apply: ${shown(file)} cannot be read: ${problemText(error)}`);
  }
};

/**
 * A plan that was made before, rehearsed again on the tree as it is.
 * @throws Refusal where it is of another tree, or does not do any more what it was made for
 */
export const planningOf = (plan: Plan, opened: Opened, options: PruneOptions): Planning => {
  const assumed = rehearsalOptions(plan.assumed, options);
  const before = verifyCheckpoint(opened, assumed);
  const agent = before.checkpoint.agent?.id;
  if (plan.home !== before.home) {
    throw new Refusal(`the plan is of a tree that lives in ${plan.home}, and this one lives in ${before.home}`);
  }
  if (plan.agent !== agent) {
    throw new Refusal(`the plan is of ${plan.agent ?? 'no agent'}, and slaves/latest leads to ${agent ?? 'none'}`);
  }
  if (before.boot.rebooted !== plan.assumed.rebooted) {
    throw new Refusal('the host was rebooted since the plan was made: make another');
  }
  const after = rehearsalOf(plan, opened, assumed);
  checkRehearsed(plan.rehearsed, after);
  return { opened, before, plan, after, blocked: [], differences: [], living: livingOn(before.checkpoint) };
};

/**
 * What a plan file says of the start after it decides what it is applied for, and with which exit code that ends: it is
 * not believed.
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
      `${exitCode === said.exitCode ? '' : ', and its exit code is another'}: it was edited, or the tree has changed; make another`,
  );
};

const livingText = ({ executors, tasks }: Pick<Plan['rehearsed'], 'executors' | 'tasks'>): string =>
  `${count(executors, 'executor')} and ${count(tasks, 'task')} live`;

/** @throws TreeChanged where its steps do not fit the tree any more */
const rehearsalOf = (plan: Plan, opened: Opened, assumed: VerifyOptions): Verification => {
  const { source } = opened.tree;
  checkUnchanged(source, stepsOf(plan));
  const tree = { ...opened.tree, source: laidOver(source, plan) };
  return verifyCheckpoint({ ...opened, tree }, assumed);
};

const laidOver = (source: Source, plan: Plan): Source => {
  try {
    return withChanges(source, changesOf(plan));
  } catch (error) {
    throw error instanceof OverlayConflict ? new Refusal(`the plan does not fit the tree: ${error.message}`) : error;
  }
};

/** A plan may hold what is in a checkpoint: it is for its owner alone. What is there already is not overwritten. */
export const writePlan = (file: string, { plan }: Planning): void => {
  if (plan === undefined) return;
  try {
    fs.writeFileSync(file, `${jsonLine(planJson(plan))}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw new UsageError(`--plan: ${shown(file)} is there already; give the name of a new file`);
    throw new OutputError(`${shown(file)}: ${code ?? String(error)}`);
  }
};
