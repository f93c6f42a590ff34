import { TooManyResources } from '../agent/resource-sum.ts';
import { codeOf, problemText } from '../apply/refusal.ts';
import { TooManyValues } from '../format/parse.ts';
import { Failure } from '../program/failure.ts';
import { trace } from '../program/trace.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { HOW_TO_TRACE, stackOf } from './debug.ts';
import { EXIT } from './exit.ts';
import type { Io } from './io.ts';

/** A mistake in how a command was called. */
export class UsageError extends Failure {
  override readonly name = 'UsageError';
  constructor(message: string) {
    super('usage', message);
  }
}

/** What was to be printed could not be written: the disk is full, or the like. */
export class OutputError extends Failure {
  override readonly name = 'OutputError';
  constructor(reason: string) {
    super('output', `the output cannot be written: ${reason}`);
  }
}

/** A signal ended what was done, and `exitCode` says which. */
export class Interrupted extends Failure {
  override readonly name = 'Interrupted';
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super('stopped', message);
    this.exitCode = exitCode;
  }
}

/** What an error says to whoever called: a failure of ours in its own words, one of the system by its path. */
const messageOf = (error: unknown, path?: string): string => {
  if (error instanceof Failure) return error.message;
  const at = path === undefined ? '' : `${path}: `;
  // Where it is met on the way, its file is not known.
  if (error instanceof TooManyResources) return `${at}${error.message}; mesos-ckpt inspect shows them`;
  if (error instanceof TooManyValues) return `${at}${error.message}, which is more than are brought into memory`;
  return codeOf(error) === undefined
    ? `${at}internal error (${HOW_TO_TRACE}): ${String(error)}`
    : `${at}${problemText(error)}`;
};

/** Why one path could not be done any further, in one line, where what was written says it itself. */
export const failureText = (path: string, error: unknown): string => {
  if (error instanceof UsageError || error instanceof OutputError) throw error;
  traceError(error);
  return messageOf(error, path);
};

/**
 * Says why one path could not be done, in one line, and returns the exit code; others can still be done, even where the
 * fault is this program's. What is not of the path, a wrong option or an output that is gone, is thrown on.
 */
export const sayFailure = (path: string, error: unknown, json: boolean, io: Io): number => {
  const message = failureText(path, error);
  if (json) io.out(`${jsonLine({ path, error: message })}\n`);
  else io.err(`mesos-ckpt: ${shown(message)}\n`);
  return error instanceof Interrupted ? error.exitCode : EXIT.unknown;
};

/** Says why a command ended, and returns the exit code. */
export const sayEnd = (error: unknown, io: Io): number => {
  traceError(error);
  try {
    io.err(`mesos-ckpt: ${messageOf(error)}\n`);
  } catch {
    // Nobody is there to be told.
  }
  return EXIT.unknown;
};

const traceError = (error: unknown): void => {
  for (const at of stackOf(error)) trace('error', () => ({ at }));
};
