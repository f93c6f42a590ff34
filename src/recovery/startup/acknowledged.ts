import type { UpdateLog } from '../../checkpoint/files.ts';
import { UUID_SIZE } from '../../format/uuid.ts';

/** Tells whether an update was acknowledged. */
export type IsAcknowledged = (update: number) => boolean;

/** Below this many comparisons, comparing each with each is faster than a set. */
const FEW = 256;

const uuidAt = (uuids: Buffer, number: number): string =>
  uuids.toString('latin1', number * UUID_SIZE, (number + 1) * UUID_SIZE);

/** Which updates of a log have their uuid among its acknowledgements, wherever in the log those are. */
export const acknowledgements = (log: UpdateLog): IsAcknowledged => {
  const acks = log.ackUuids.length / UUID_SIZE;
  const isSized = (update: number): boolean => log.otherUuids?.has(update) !== true;
  if (acks * log.updates <= FEW) {
    return (update) => {
      if (!isSized(update)) return false;
      const from = update * UUID_SIZE;
      for (let at = 0; at < log.ackUuids.length; at += UUID_SIZE) {
        if (log.updateUuids.compare(log.ackUuids, at, at + UUID_SIZE, from, from + UUID_SIZE) === 0) return true;
      }
      return false;
    };
  }
  const known = new Set<string>();
  for (let ack = 0; ack < acks; ack++) known.add(uuidAt(log.ackUuids, ack));
  return (update) => isSized(update) && known.has(uuidAt(log.updateUuids, update));
};
