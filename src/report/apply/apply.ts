import type { AppliedPlan } from '../../apply/apply-plan.ts';
import type { Changed } from '../../apply/changing.ts';
import type { ResumedJournal } from '../../apply/earlier.ts';
import { comesUp } from '../../recovery/simulate.ts';
import { plannedChanges } from '../../repair/plan/plan.ts';
import type { Planning } from '../../repair/plan-repair.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, styles } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verification.ts';
import { followsText } from '../prune/agent-info.ts';
import { noteLines, stepCount, stepsIn, takeBackText } from '../undo/words.ts';
import { verdictStyle, verdictText } from '../verify/verdict.ts';
import { typed } from '../ways/command.ts';

/** The keys that `prune --apply --json` has besides those of a plan. */
export const applyJson = ({ run, verified, differences, resumed }: AppliedPlan): object => ({
  ...(run === undefined ? {} : { outcome: run.ending }),
  applied: run === undefined ? null : runJson(run, verified, differences),
  resumed: resumed.map(({ journal, ending }) => ({ journal, ending })),
});

const runJson = (
  { journal, ending, done, of, notes }: Changed,
  verified: Verification | undefined,
  differences: readonly string[],
): object => ({
  journal,
  ending,
  done,
  of,
  notes,
  asRehearsed: verified !== undefined && differences.length === 0,
  verified:
    verified === undefined
      ? null
      : {
          exitCode: verified.strict.exitCode,
          starts: verified.strict.starts.map(({ verdict, stage, messages }) => ({ verdict, stage, messages })),
        },
});

/** What was gone on with, for a terminal: a line each. */
export const resumedText = (resumed: readonly ResumedJournal[], width: number): string =>
  resumed
    .map(({ journal, ending }) => {
      const text =
        ending === 'applied'
          ? 'An earlier run had ended too early. What was left of it has been applied: '
          : 'An earlier undo had ended too early. What was left to take back has been: ';
      return `${wrap(text + shown(journal), width)}\n\n`;
    })
    .join('');

/** What came of applying a plan, for a terminal; nothing where there was nothing to do. A copy's agent has its work_dir at `copyOf`. */
export const applyScreen = (
  { run, verified, differences, planning }: AppliedPlan,
  { width, colour }: ScreenOptions,
  copyOf: string | undefined,
): string => {
  if (run === undefined) return '';
  const { done, notes } = run;
  const changes = planning?.plan === undefined ? [] : plannedChanges(planning.plan);
  const style = styles(colour);
  const path = shown(run.journal);
  const lines = [`journal: ${path}`, takeBackText(run.journal, run.listed)];
  if (verified === undefined) {
    const text = `Stopped: ${stepsIn(changes.slice(0, done))} of ${stepCount(changes)} are done. The next prune --apply goes on with the others.`;
    return `\n${style.warn(wrap(text, width))}\n${lines.join('\n')}\n${noteLines(notes)}`;
  }
  const lead = `Applied: ${stepCount(changes)}. Verified again, strict: `;
  const verdict = wrap(shown(verdictText(verified, 'strict')), width, lead, '  ').slice(lead.length);
  const paint = style[verdictStyle(verified.strict.exitCode)];
  const warning = warningOf(verified, differences) || flagsText(planning);
  const follows = followsText(planning?.plan?.steps ?? [], width);
  const before = follows === '' ? '' : `Before the agent is started:\n${follows}\n`;
  const then = warning === '' ? `${wrap(startText(copyOf), width)}\n` : '';
  return `\n${lead}${paint(verdict)}\n${warning === '' ? '' : `${wrap(warning, width)}\n`}${before}${then}${lines.join('\n')}\n${noteLines(notes)}`;
};

const startText = (copyOf: string | undefined): string => {
  const when = copyOf === undefined ? 'Now' : `Once this is ${shown(copyOf)} on its host,`;
  return `${when} start the agent, and look for "Finished recovery" in its log.`;
};

/** What is still to be done where the start was predicted for flags that the agent does not have. */
const flagsText = (planning: Planning | undefined): string =>
  planning?.startWith === undefined
    ? ''
    : `That is an agent with ${typed(planning.startWith)}, which this one does not have: as it is, it refuses. Set that first; until then this ends with exit code 2.`;

const warningOf = ({ strict }: Verification, differences: readonly string[]): string => {
  const [start] = strict.starts;
  if (start === undefined || !comesUp(start))
    return 'The tree is changed, and the agent would still not come up: take it back, and report it.';
  if (differences.length === 0) return '';
  return 'This is not what was rehearsed: look at it before the agent is started, or take it back.';
};
