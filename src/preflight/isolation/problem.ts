import type { Known } from '../../host/known.ts';
import { dontKnow, endsStart, type Row } from '../checks/check.ts';

/** What ends the agent's start, or may. */
export interface Problem {
  /** Whether it is seen, or cannot be. */
  readonly isSeen: boolean;
  readonly found: string;
  readonly place?: string | undefined;
  readonly todo?: string | undefined;
}

/** Something that ends the start. */
export const ends = (found: string, todo?: string, place?: string): Problem => ({ isSeen: true, found, place, todo });

/** Something that decides, and cannot be seen. */
export const hidden = (found: string, todo?: string, place?: string): Problem => ({
  isSeen: false,
  found,
  place,
  todo,
});

/** Problems with something that is known, or that it is not. */
export const withKnown = <T>(fact: Known<T>, judge: (value: T) => readonly Problem[]): readonly Problem[] =>
  fact.known ? judge(fact.value) : [hidden(fact.why, fact.todo)];

/**
 * Rows of problems, each once. What cannot be seen is of no interest where something is seen that ends the start, or where an
 * agent runs already with all of it.
 */
export const rowsOf = (problems: readonly Problem[], place: string | undefined, isProved: boolean): readonly Row[] => {
  const seen = problems.filter(({ isSeen }) => isSeen);
  const counting = seen.length > 0 ? seen : isProved ? [] : problems;
  const unique = [...new Map(counting.map((problem) => [problem.found, problem])).values()];
  return unique.map((problem) =>
    (problem.isSeen ? endsStart : dontKnow)(problem.found, problem.place ?? place, problem.todo),
  );
};
