import * as fs from 'node:fs';
import { problemText } from '../apply/refusal.ts';
import { BadPlan } from '../repair/plan/check-plan.ts';
import { planJson, readPlan } from '../repair/plan/codec.ts';
import type { Plan } from '../repair/plan/plan.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { OutputError, UsageError } from './failure.ts';

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
export const writePlanFile = (file: string, plan: Plan): void => {
  writeNewFile('--plan', file, `${jsonLine(planJson(plan))}\n`, 0o600);
};

/** So may a script. */
export const writeScriptFile = (file: string, script: string): void => writeNewFile('--emit-sh', file, script, 0o700);

const writeNewFile = (option: string, file: string, text: string, mode: number): void => {
  try {
    fs.writeFileSync(file, text, { flag: 'wx', mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      throw new UsageError(`${option}: ${shown(file)} is there already; give the name of a new file`);
    }
    throw new OutputError(`${shown(file)}: ${code ?? String(error)}`);
  }
};
