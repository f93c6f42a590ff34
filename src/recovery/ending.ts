import type { Location } from '../findings/finding.ts';
import { abort, type Context, hang, type Stop } from './context.ts';
import type { End } from './reading.ts';

/** Ends the start over a file that the agent does not come back from reading. */
export const endOver = (context: Context, stops: Stop[], location: Location, damage: string, end: End): void => {
  if (end.kind === 'hang') hangOver(context, stops, location.path);
  else abortOversized(context, stops, location, damage, end.message);
};

/** Ends the start over a record of 2 GiB and more: a check in the agent's parser fails. */
export const abortOversized = (
  context: Context,
  stops: Stop[],
  location: Location,
  damage: string,
  message: string,
): void => {
  context.report('record-oversized', location, damage);
  abort(context, stops, message);
};

/** Ends the start over a FIFO: the agent opens or reads it, and waits. */
export const hangOver = (context: Context, stops: Stop[], path: string): void => {
  context.report(
    'fifo-in-place',
    { path },
    'a FIFO is in the place of the file, and the agent waits for who writes to it',
  );
  hang(context, stops);
};
