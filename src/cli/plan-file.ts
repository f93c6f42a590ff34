import * as fs from 'node:fs';
import { problemText } from '../apply/refusal.ts';
import { BadPlan } from '../repair/plan/check-plan.ts';
import { planJson, readPlan } from '../repair/plan/codec.ts';
import type { Plan } from '../repair/plan/plan.ts';
import { writeWhole } from '../snapshot/write.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { UsageError } from './failure.ts';

/**
 * The plan in a file.
 * @throws UsageError where there is none
 */
export const readPlanFile = (file: string, option = '--apply'): Plan => {
  try {
    return readPlan(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof BadPlan) throw new UsageError(`${option}: ${shown(file)}: ${shown(error.message)}`);
    throw new UsageError(`${option}: ${shown(file)} cannot be read: ${problemText(error)}`);
  }
};

/** A plan may hold what is in a checkpoint: it is for its owner alone. What is there already is not overwritten. */
export const writePlanFile = (file: string, plan: Plan): Promise<void> =>
  writeNewFile('--plan', file, `${jsonLine(planJson(plan))}\n`, 0o600);

/** So may a script. */
export const writeScriptFile = (file: string, script: string): Promise<void> =>
  writeNewFile('--emit-sh', file, script, 0o700);

/** Writes all of it, or leaves nothing: a script that was cut off is not to be found, and run, later. */
const writeNewFile = async (option: string, file: string, text: string, mode: number): Promise<void> => {
  if (isThere(file)) {
    throw new UsageError(`${option}: ${shown(file)} is there already; give the name of a new file`);
  }
  await writeWhole(file, [Buffer.from(text)], { mode });
};

const isThere = (file: string): boolean => {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // What is in the way is told when it is written.
    return false;
  }
};
