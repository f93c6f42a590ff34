import type { Plan } from '../repair/plan/plan.ts';
import type { PlannedChange } from './steps.ts';

/** A plan's changes as steps, each with what was found at its path before the first of them. */
export const stepsOf = (plan: Plan): readonly PlannedChange[] => {
  const found = new Map(plan.touched.map(({ path, before }) => [path, before]));
  return plan.steps.flatMap(({ id, mends, changes }) =>
    changes.map((change): PlannedChange => {
      const before = found.get(change.path) ?? { kind: 'absent' };
      found.delete(change.path);
      return { change, before, why: mends[0].code, part: id };
    }),
  );
};
