import type { Executor, Framework } from '../checkpoint/model.ts';
import type { Severities } from '../findings/finding.ts';

/** Whether an executor may still run: one of its runs has not ended, or those that it must have had are gone. */
export const mayRun = ({ runs, info }: Executor): boolean =>
  runs.length === 0 ? info.kind !== 'absent' : runs.some((run) => !run.completed);

/** Whether an executor of a framework may still run, one that the agent does not list included. */
export const holdsWhatMayRun = (framework: Framework): boolean =>
  framework.executors.some(mayRun) ||
  framework.ordinary.some(({ completed }) => !completed) ||
  framework.hidden.some(({ kind }) => kind === 'folder');

const NOTE: Severities = { strict: 'note', nonStrict: 'note' };

/** The severity of what costs nothing where all that it is about has ended; undefined where it is the usual one. */
export const noteUnless = (matters: boolean): Severities | undefined => (matters ? undefined : NOTE);
