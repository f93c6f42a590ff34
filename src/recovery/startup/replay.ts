import type { UpdateLog } from '../../checkpoint/files.ts';
import { TASK_STATES } from '../../checkpoint/update-log/record.ts';

const TERMINAL: ReadonlySet<string> = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_DROPPED',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

/** Whether a task in a state has ended: `protobuf::isTerminalState`. */
export const isTerminalState = (state: string): boolean => TERMINAL.has(state);

/** The state of an update of a log, by its number. */
export const stateOf = (log: Pick<UpdateLog, 'states'>, update: number): string =>
  TASK_STATES[log.states[update] ?? 0] ?? 'TASK_UNKNOWN';

/** Whether an update of a log, by its number, has its uuid among the log's acknowledgements, wherever those are. */
export const isAcknowledged = (log: UpdateLog, update: number): boolean =>
  (((log.acknowledged[update >> 3] ?? 0) >> (update & 7)) & 1) === 1;

/** What is left of a task's updates when its stream has been replayed. */
export interface Replayed {
  /** How many updates will be sent again: the last ones of the log. */
  readonly pending: number;
  /** A terminal update was acknowledged: the stream has ended, and nothing is sent. */
  readonly ended: boolean;
  /** How many updates were acknowledged. */
  readonly acknowledged: number;
  /** An acknowledged update is sent again, and one that was not is lost: see recovery.md 5.8. */
  readonly outOfOrder: number | undefined;
}

/**
 * Replays a task's updates: `TaskStatusUpdateStream::replay`. Each goes to the end of a queue, and each that was
 * acknowledged takes away the front of it, whatever that is; so the last ones are left, as many as were not.
 */
export const replay = (log: UpdateLog): Replayed => {
  let acknowledged = 0;
  let ended = false;
  let outOfOrder: number | undefined;
  for (let update = 0; update < log.updates; update++) {
    if (!isAcknowledged(log, update)) continue;
    // In order, the front of the queue is this very update: all before it were acknowledged.
    if (acknowledged !== update) outOfOrder ??= update;
    acknowledged++;
    if (isTerminalState(stateOf(log, update))) ended = true;
  }
  return { pending: ended ? 0 : log.updates - acknowledged, ended, acknowledged, outOfOrder };
};
