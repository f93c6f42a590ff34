import type { Opened } from '../../checkpoint/open.ts';
import type { Verification, VerifyOptions } from '../../verify/verification.ts';
import { verifyLoaded } from '../../verify/verify.ts';
import type { Change } from '../plan/change.ts';
import { changesOf, type Plan, type Rehearsed } from '../plan/plan.ts';
import { withChanges } from '../plan/with-changes.ts';
import { reload } from './reload.ts';

/**
 * Predicts the recovery of the tree with some steps laid over it, by the same rules. What no step shows in is as it was
 * read at first; the rest is read again.
 */
export const rehearse = (
  opened: Opened,
  before: Verification,
  steps: Plan['steps'],
  given: VerifyOptions,
): Verification => rehearseChanges(opened, before, changesOf({ steps }), given);

/** The same for changes that are no plan. */
export const rehearseChanges = (
  opened: Opened,
  before: Verification,
  changes: readonly Change[],
  given: VerifyOptions,
): Verification => {
  const tree = { ...opened.tree, source: withChanges(opened.tree.source, changes) };
  const checkpoint = reload(
    before.checkpoint,
    tree,
    changes.map(({ path }) => path),
  );
  return verifyLoaded({ ...opened, tree }, checkpoint, {
    ...given,
    sandboxes: before.assumed.judgeSandboxes ? 'judge' : 'ignore',
  });
};

/** What a rehearsal came to, as a plan says it. */
export const rehearsedOf = ({ strict }: Verification): Rehearsed => {
  const { impact, exitCode } = strict;
  const verdict = strict.starts[0]?.verdict === 'new-agent' ? 'new-agent' : 'recovers';
  return {
    verdict,
    exitCode: exitCode === 0 ? 0 : 1,
    executors: impact.executors.reconnected.length + impact.executors.awaited.length,
    tasks: impact.tasks.live.length,
  };
};
