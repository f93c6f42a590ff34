import type { Place } from '../findings/finding.ts';
import { abort, type Context, type Stop } from './context.ts';

/** Ends the start over a record of 2 GiB and more: a check in the agent's parser fails. */
export const abortOversized = (
  context: Context,
  stops: Stop[],
  place: Place,
  damage: string,
  message: string,
): void => {
  context.report('record-oversized', place, damage);
  abort(context, stops, message);
};
