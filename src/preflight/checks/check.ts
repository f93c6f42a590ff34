import type { Known } from '../../host/known.ts';
import { NO_FLAGS } from '../facts/agent-info.ts';
import type { Facts } from '../facts/facts.ts';
import type { Lives } from '../lives/lives.ts';

/**
 * What a check says: `ok` it saw what it needs, and nothing stands in the way; `warn` something is lost, or may be;
 * `fail` the agent does not come up, or its tasks die; `unknown` it could not see what decides.
 */
export type Verdict = 'ok' | 'unknown' | 'warn' | 'fail';

/** Verdicts from the best to the worst. */
export const VERDICTS: readonly Verdict[] = ['ok', 'unknown', 'warn', 'fail'];

/** The same from the worst on. */
export const WORST_FIRST: readonly Verdict[] = VERDICTS.toReversed();

/** One thing that a check found. */
export interface Row {
  readonly verdict: Verdict;
  /** What was found, in a clause or a sentence without a full stop. Texts from frameworks are not escaped. */
  readonly found: string;
  /** Where: a file with its line, or what else tells. */
  readonly place: string | undefined;
  /** What to do in particular; where it is not said, the check's remedy counts. */
  readonly todo: string | undefined;
  /** The command that does it, where there is one. */
  readonly command?: readonly string[] | undefined;
  /** What other checks may not see either: all that has one cause is shown as one row. */
  readonly cause?: string;
  /**
   * Whether the agent does not come up because of it, whatever its checkpoint holds; `maybe` where that is a guess; false
   * where a check fails by what mostly ends a start, and this row is about later.
   */
  readonly endsStart?: boolean | 'maybe';
}

/** What a check judges. */
export interface Subject {
  readonly facts: Facts;
  readonly lives: Lives;
}

/** A check: its texts, and how it judges. It is pure: facts in, rows out, at least one. */
export interface PreflightCheck<Code extends string = string> {
  /** In kebab-case; never renamed. */
  readonly code: Code;
  /** The question in a few words, for a table of contents. */
  readonly title: string;
  /** Whether it looks if the agent comes up at all: where it does not see that, nobody lives for sure. */
  readonly looksAtStart?: true;
  /** What it looks at, and why that decides. */
  readonly explanation: string;
  /** What to do where it warns or fails. */
  readonly remedy: string;
  /** What makes known what it could not see. */
  readonly visibility: string;
  readonly judge: (subject: Subject) => readonly Row[];
}

/** A row of a verdict. */
const row =
  (verdict: Verdict) =>
  (found: string, place?: string, todo?: string): Row => ({ verdict, found, place, todo });

/** Nothing stands in the way. */
export const ok = row('ok');
/** Something is lost, or may be. */
export const warn = row('warn');
/** The agent does not come up, or tasks die. */
export const fail = row('fail');
/** The agent does not come up, whatever its checkpoint holds. */
export const endsStart = (found: string, place?: string, todo?: string): Row => ({
  ...fail(found, place, todo),
  endsStart: true,
});
/** The agent may not come up: what tells of it is a guess. */
export const mayEndStart = (found: string, place?: string, todo?: string): Row => ({
  ...warn(found, place, todo),
  endsStart: 'maybe',
});
/** What decides was not seen. */
export const dontKnow = row('unknown');

/** What root would add. */
export const ROOT_WOULD_SEE = 'Run as root: it would be seen.';

/** A row that says why something was not seen, and that root would see it, or what else would show it. */
export const notSeen = ({ why, needsRoot, todo }: Omit<Extract<Known<never>, { known: false }>, 'known'>): Row =>
  dontKnow(why, undefined, needsRoot ? ROOT_WOULD_SEE : todo);

/** The same row, where it is about a flag: where nothing tells any flag, that is its cause. */
export const aboutFlag = (facts: Facts, row: Row): Row => (facts.flags.isKnown ? row : { ...row, cause: NO_FLAGS });

/** Rows about something that is known, or one that says why it is not. */
export const about = <T>(fact: Known<T>, judge: (value: T) => readonly Row[]): readonly Row[] =>
  fact.known ? judge(fact.value) : [notSeen(fact)];

/** The worst of some verdicts; `ok` of none. */
export const worstOf = (verdicts: readonly Verdict[]): Verdict =>
  VERDICTS[Math.max(0, ...verdicts.map((verdict) => VERDICTS.indexOf(verdict)))] ?? 'ok';
