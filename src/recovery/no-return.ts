import type { Location, Severities } from '../findings/finding.ts';
import { errnoText } from '../source/errno.ts';
import { aborts, type Context, HANGS, refuses } from './context.ts';
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

/**
 * Meets a FIFO in the place of a log, and gives what that adds to the errors: it opens at once, as it is opened for writing, too,
 * and the agent asks then where in it it is. `failed` is what it says before the reason.
 */
export const meetFifoLog = (context: Context, path: string, failed: string, severity?: Severities): number => {
  const detail = 'a FIFO is where the log should be, in which the agent can go to no place';
  return context.meet('fifo-in-place', { path }, detail, { ...refuses(failed + errnoText('ESPIPE')), severity });
};
