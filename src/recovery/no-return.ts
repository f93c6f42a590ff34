import type { Location } from '../findings/finding.ts';
import { aborts, type Context, HANGS } from './context.ts';
import type { NoReturn } from './reading.ts';

/** Meets a file that the agent does not come back from reading. */
export const meetNoReturn = (context: Context, location: Location, damage: string, reading: NoReturn): void => {
  if (reading.kind === 'hang') meetFifo(context, location.path);
  else meetOversized(context, location, damage, reading.message);
};

/** Meets a record of 2 GiB and more: a check in the agent's parser fails. */
export const meetOversized = (context: Context, location: Location, damage: string, message: string): void => {
  context.meet('record-oversized', location, damage, aborts(message));
};

/** Meets a FIFO: the agent opens or reads it, and waits. */
export const meetFifo = (context: Context, path: string): void => {
  const detail = 'a FIFO is where the file should be, and the agent waits for a process that writes to it';
  context.meet('fifo-in-place', { path }, detail, HANGS);
};
