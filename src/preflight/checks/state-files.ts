import type { StateFile, StateFiles } from '../facts/state-files.ts';
import { about, notSeen, ok, type Row, type Verdict } from './check.ts';

/** What the agent does with files of a kind that are not as they should be. */
export interface StateRules {
  /** What one is called: `volume's state`. */
  readonly name: string;
  readonly damaged: { readonly verdict: Verdict; readonly text: string };
  readonly empty: { readonly verdict: Verdict; readonly text: string };
}

/** Rows for files of one kind: one that says that all is well, or one for each that is not. */
export const judgeFiles = (files: StateFiles | undefined, rules: StateRules): readonly Row[] =>
  files === undefined
    ? [notSeen({ why: 'nothing tells where the work_dir is', needsRoot: false })]
    : about(files, (all) => {
        const bad = all.filter(({ state, problem }) => state !== 'readable' || problem !== '');
        if (bad.length > 0) return bad.map((file) => rowOf(file, rules));
        return [ok(all.length === 0 ? 'none is here' : `${all.length} read as records`)];
      });

const rowOf = ({ path, state, problem }: StateFile, { empty, damaged, name }: StateRules): Row => {
  const rule = state === 'damaged' ? damaged : empty;
  const found = `a ${name}: ${problem}: ${rule.text}`;
  const row = { verdict: rule.verdict, found, place: path, todo: undefined };
  // Files of this kind fail where the agent does not come up, and nowhere else.
  return rule.verdict === 'fail' ? { ...row, endsStart: true } : row;
};
