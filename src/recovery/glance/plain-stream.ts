import type { PlainLog } from '../../checkpoint/update-log/plain-log.ts';
import { TASK_STATES } from '../../checkpoint/update-log/record.ts';
import { isTerminalState } from '../startup/replay.ts';

/** What is left of a task's updates when a plain log of them is replayed: see `replay`. */

const IS_TERMINAL = TASK_STATES.map(isTerminalState);

/** The number of the first update that ended the task; as many as there are where none did. */
export const endOf = ({ states, updates }: PlainLog): number => {
  let update = 0;
  while (update < updates && IS_TERMINAL[states[update] as number] !== true) update++;
  return update;
};

/** How many updates will be sent again: none once the task's end is acknowledged, as the stream has ended. */
export const pendingOf = (log: PlainLog): number =>
  endOf(log) < log.acknowledged ? 0 : log.updates - log.acknowledged;
