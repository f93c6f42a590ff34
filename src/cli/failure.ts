import { Refusal, Unfinished } from '../apply/refusal.ts';
import { UnusablePath } from '../checkpoint/open.ts';
import { AccessDenied } from '../checkpoint/read.ts';
import { UnwritableFile } from '../snapshot/write.ts';
import { jsonLine, shown } from '../text/escape.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { type Io, OutputError, UsageError } from './io.ts';

const isExpected = (error: unknown): error is Error =>
  error instanceof UnusablePath ||
  error instanceof AccessDenied ||
  error instanceof Refusal ||
  error instanceof Unfinished ||
  error instanceof UnwritableFile;

/**
 * Says why one path could not be done, in one line, and returns the exit code; others can still be done, even where the
 * fault is this program's. What is not of the path, a wrong option or an output that is gone, is thrown on.
 */
export const sayFailure = (path: string, error: unknown, json: boolean, io: Io): ExitCode => {
  if (error instanceof UsageError || error instanceof OutputError) throw error;
  const message = isExpected(error)
    ? error.message
    : `${path}: a fault of mesos-ckpt: ${String((error as Error).stack)}`;
  if (json) io.out(`${jsonLine({ path, error: message })}\n`);
  else io.err(`mesos-ckpt: ${shown(message)}\n`);
  return EXIT.unknown;
};
