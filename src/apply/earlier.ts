import { closeUnused, resumeApply, undoSteps } from './actions.ts';
import { Refusal } from './refusal.ts';
import type { Watch } from './run.ts';
import { statesOf } from './standing.ts';
import type { HeldTree } from './tree.ts';

/** What becomes of runs that ended too early. */
export interface EarlierOptions {
  /** `refuse`, the default, or `go-on` with it first. */
  readonly unfinished?: 'refuse' | 'go-on' | undefined;
  /** Is told why an earlier journal cannot be read; it is left alone. */
  readonly onUnreadable?: ((why: string) => void) | undefined;
}

/** A journal of an earlier run that was gone on with. */
export interface ResumedJournal {
  /** Its real path. */
  readonly journal: string;
  readonly ending: 'applied' | 'undone';
  /** SHA-256 of its plan. */
  readonly plan: string;
}

/** Goes on with the journals of runs that ended too early, in the direction that they had, or refuses to do without. */
export const finishEarlier = async (
  tree: HeldTree,
  watch: Watch,
  { unfinished, onUnreadable }: EarlierOptions,
): Promise<{ readonly resumed: readonly ResumedJournal[]; readonly isStopped: boolean }> => {
  const resumed: ResumedJournal[] = [];
  for (const state of statesOf(tree.target)) {
    const { standing, place, record } = state;
    if (standing.kind === 'unreadable') onUnreadable?.(standing.why);
    if (standing.kind === 'unused') await closeUnused(tree, state, watch.now);
    if (standing.kind !== 'unfinished') continue;
    if (unfinished !== 'go-on') {
      throw new Refusal(`${place.path} ended too early: go on with it, or take it back, first`);
    }
    const run = standing.direction === 'apply' ? resumeApply : undoSteps;
    const { ending } = await run(tree, place, watch);
    if (ending === 'stopped') return { resumed, isStopped: true };
    resumed.push({ journal: place.path, ending, plan: record?.header.plan ?? '' });
  }
  return { resumed, isStopped: false };
};
