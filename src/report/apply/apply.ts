import type { JournalPlace } from '../../apply/journals.ts';
import { shown } from '../../text/escape.ts';
import { styles } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';
import type { Verification } from '../../verify/verify.ts';
import { changeCount, noteLines } from '../undo/words.ts';
import { verdictText } from '../verify/verdict.ts';

/** A journal of before that was gone on with. */
export interface Resumed {
  readonly place: JournalPlace;
  readonly ending: 'applied' | 'undone';
  /** SHA-256 of its plan. */
  readonly plan: string;
}

/** What came of applying a plan. */
export interface ApplyResult {
  readonly place: JournalPlace;
  readonly ending: 'applied' | 'stopped';
  readonly done: number;
  readonly of: number;
  readonly notes: readonly string[];
  /** The tree as it is by now; undefined where the run was stopped. */
  readonly verified: Verification | undefined;
  /** Whether the start after it is the one that was rehearsed. */
  readonly asRehearsed: boolean;
  readonly exitCode: number;
}

/** The key that `prune --apply --json` has besides those of a plan. */
export const applyJson = (result: ApplyResult | undefined, resumed: readonly Resumed[]): object => ({
  applied:
    result === undefined
      ? null
      : {
          journal: result.place.path,
          ending: result.ending,
          done: result.done,
          of: result.of,
          notes: result.notes,
          asRehearsed: result.asRehearsed,
          verified:
            result.verified === undefined
              ? null
              : {
                  exitCode: result.verified.strict.exitCode,
                  starts: result.verified.strict.starts.map(({ verdict, stage, messages }) => ({
                    verdict,
                    stage,
                    messages,
                  })),
                },
        },
  resumed: resumed.map(({ place, ending }) => ({ journal: place.path, ending })),
});

/** What was gone on with, for a terminal: a line each. */
export const resumedText = (resumed: readonly Resumed[], width: number): string =>
  resumed
    .map(({ place, ending }) => {
      const text =
        ending === 'applied'
          ? 'An earlier run had ended too early. What was left of it has been applied: '
          : 'An earlier undo had ended too early. What was left to take back has been: ';
      return `${wrap(text + shown(place.path), width)}\n\n`;
    })
    .join('');

/** What came of applying a plan, for a terminal. */
export const applyScreen = (result: ApplyResult, { width, colour }: { width: number; colour: boolean }): string => {
  const { place, ending, done, of, notes, verified, exitCode } = result;
  const style = styles(colour);
  const path = shown(place.path);
  const lines = [`journal: ${path}`, `take it back with: mesos-ckpt undo ${path}`];
  if (ending === 'stopped' || verified === undefined) {
    const text = `Stopped: ${done} of ${changeCount(of)} are done. The next prune --apply goes on with the others.`;
    return `${style.warn(wrap(text, width))}\n${lines.join('\n')}\n${noteLines(notes)}`;
  }
  const lead = `Applied: ${changeCount(of)}. Verified again, strict: `;
  const verdict = wrap(shown(verdictText(verified, 'strict')), width, lead, '  ').slice(lead.length);
  const paint = exitCode === 0 ? style.good : exitCode === 1 ? style.warn : style.bad;
  return `${lead}${paint(verdict)}\n${warning(result, width)}${lines.join('\n')}\n${noteLines(notes)}`;
};

const warning = ({ asRehearsed, exitCode }: ApplyResult, width: number): string => {
  if (exitCode >= 2)
    return `${wrap('The tree is changed, and the agent would still not come up: take it back, and report it.', width)}\n`;
  if (asRehearsed) return '';
  return `${wrap('This is not what was rehearsed: look at it before the agent is started, or take it back.', width)}\n`;
};
