import type { UpdateLog } from '../../checkpoint/files.ts';

/** Whether an update of a log, by its number, has its uuid among the log's acknowledgements, wherever those are. */
export const isAcknowledged = (log: UpdateLog, update: number): boolean =>
  (((log.acknowledged[update >> 3] ?? 0) >> (update & 7)) & 1) === 1;
