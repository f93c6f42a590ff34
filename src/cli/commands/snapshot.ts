import { createHash } from 'node:crypto';
import * as os from 'node:os';
import * as path from 'node:path';
import { isatty } from 'node:tty';
import type { Manifest } from '../../checkpoint/manifest.ts';
import { openPath } from '../../checkpoint/open.ts';
import { snapshotJson, unreadableIn } from '../../report/snapshot/json.ts';
import { snapshotScreen, snapshotWarnings } from '../../report/snapshot/screen.ts';
import { jsonLine, shown } from '../../report/text/escape.ts';
import { pack } from '../../snapshot/pack.ts';
import { takeSnapshot } from '../../snapshot/snapshot.ts';
import { checkTarget, UnwritableFile, writeWhole } from '../../snapshot/write.ts';
import { sayFailure } from '../failure.ts';
import { ownBootId } from '../host.ts';
import { EXIT, type ExitCode, type Io, UsageError } from '../io.ts';
import { versionOf, workDirOf } from '../options.ts';

import { VERSION } from '../version.ts';

/** The options of `snapshot`, as commander hands them over. */
interface SnapshotOptions {
  readonly output: string;
  readonly force?: boolean;
  readonly redact?: boolean;
  readonly mesosVersion?: string;
  readonly workDir?: string;
  readonly json?: boolean;
}

/** An output that is standard output: the report then goes to standard error. */
const STANDARD_OUTPUT = '-';

/**
 * Takes a snapshot of a checkpoint. Ends with 0 where it is whole, with 1 where something changed again and again while it
 * was read, could not be read, or is foretold otherwise once it is blanked.
 * @throws UsageError where the options make no sense
 */
export const snapshot = (given: string, all: Record<string, unknown>, io: Io): ExitCode => {
  const options = all as unknown as SnapshotOptions;
  if (given === '') throw new UsageError('PATH is empty: is a variable not set?');
  const { output } = options;
  if (output === '') throw new UsageError('--output: it is empty: is a variable not set?');
  const version = versionOf(options.mesosVersion);
  const workDir = workDirOf(options.workDir);
  const say = output === STANDARD_OUTPUT ? io.err : io.out;
  try {
    checkOutput(output, options.force === true);
    const taken = takeSnapshot(openPath(given, { workDir }), {
      path: given,
      program: VERSION,
      host: { name: os.hostname(), bootId: ownBootId() },
      version,
      redact: options.redact === true,
      now: Date.now,
    });
    const { manifest } = taken;
    const written = write(output, pack(taken), options.force === true, io);
    const exitCode = exitCodeOf(manifest);
    for (const warning of snapshotWarnings(manifest)) io.err(`mesos-ckpt: ${shown(warning)}\n`);
    if (options.json === true) say(`${jsonLine(snapshotJson(manifest, { ...written, output, exitCode }))}\n`);
    else say(snapshotScreen(manifest, taken.verification, { ...written, output }, io.columns));
    return exitCode;
  } catch (error) {
    return sayFailure(error instanceof UnwritableFile ? output : given, error, options.json === true, {
      ...io,
      out: say,
    });
  }
};

/** What can be known before anything is read. */
const checkOutput = (output: string, force: boolean): void => {
  if (output !== STANDARD_OUTPUT) checkTarget(output, path.resolve(output), force);
  else if (isatty(1)) throw new UsageError('--output -: standard output is a terminal; send it to a file or a pipe');
};

const write = (output: string, pieces: Iterable<Buffer>, force: boolean, io: Io) => {
  const hash = createHash('sha256');
  const hashed = (function* () {
    for (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
  })();
  const size = output === STANDARD_OUTPUT ? pass(hashed, io) : writeWhole(output, hashed, { force });
  return { size, sha256: hash.digest('hex') };
};

const pass = (pieces: Iterable<Buffer>, { bytes }: Io): number => {
  if (bytes === undefined) throw new UsageError('--output -: there is no standard output for bytes');
  let size = 0;
  for (const piece of pieces) {
    bytes(piece);
    size += piece.length;
  }
  return size;
};

const exitCodeOf = (manifest: Manifest): ExitCode =>
  manifest.changes.some(({ settled }) => !settled) ||
  unreadableIn(manifest).length > 0 ||
  manifest.redacted?.verdictsKept === false
    ? EXIT.losses
    : EXIT.recovers;
