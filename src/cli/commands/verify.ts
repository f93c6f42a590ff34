import * as fs from 'node:fs';
import { openPath, UnusablePath } from '../../checkpoint/open.ts';
import { AccessDenied } from '../../checkpoint/read.ts';
import { isSupported, OLDEST_VERSION, parseVersion, type Version } from '../../recovery/versions.ts';
import { verifyJson } from '../../report/json/verify.ts';
import { jsonLine, shown } from '../../report/text/escape.ts';
import { verifyScreen } from '../../report/verify/screen.ts';
import { type Mode, type VerifyOptions, verifyCheckpoint } from '../../verification/verify.ts';
import { EXIT, type Io, UsageError } from '../io.ts';

/** The options of `verify`, as the command line gives them. */
interface Options {
  readonly strict?: boolean;
  readonly mesosVersion?: string;
  readonly bootId?: string;
  readonly rebooted?: boolean;
  readonly workDir?: string;
  readonly launcher?: 'posix' | 'linux';
  readonly sandboxes?: 'auto' | 'judge' | 'ignore';
  readonly json?: boolean;
  readonly state?: boolean;
}

/** `verify PATH...`: prints what is foretold of each path, and returns the worst of their exit codes. */
export const verify = (paths: readonly string[], given: Readonly<Record<string, unknown>>, io: Io): number => {
  const options = given as Options;
  if (options.state === true && options.json !== true) throw new UsageError('--state goes with --json');
  const mode: Mode = options.strict === false ? 'nonStrict' : 'strict';
  const assumed: VerifyOptions = {
    version: versionOf(options.mesosVersion),
    bootId: options.bootId?.trim(),
    rebooted: options.rebooted,
    ownBootId: ownBootId(),
    sandboxes: options.sandboxes ?? 'auto',
    launcher: options.launcher ?? 'posix',
  };
  let worst: number = EXIT.recovers;
  for (const [i, path] of paths.entries()) {
    if (options.json !== true && i > 0) io.out('\n');
    worst = Math.max(worst, verifyOne(path, paths.length > 1, mode, options, assumed, io));
  }
  return worst;
};

const verifyOne = (
  path: string,
  isOneOfSeveral: boolean,
  mode: Mode,
  options: Options,
  assumed: VerifyOptions,
  io: Io,
): number => {
  try {
    const opened = openPath(path, { workDir: options.workDir });
    if (opened.level !== 'work_dir' && opened.level !== 'meta') {
      throw new UnusablePath(path, `the folder of one ${opened.level}; expected the agent's work_dir, or its meta`);
    }
    const verification = verifyCheckpoint(opened, assumed);
    if (options.json === true) {
      io.out(`${jsonLine(verifyJson(path, verification, { mode, withState: options.state === true }))}\n`);
    } else {
      const title = isOneOfSeveral ? path : undefined;
      io.out(verifyScreen(verification, { mode, width: io.columns, colour: io.colour, title }));
    }
    return verification[mode].exitCode;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

/** Says why a path could not be done; the others still are, even where the fault is this program's. */
const sayFailure = (path: string, error: unknown, json: boolean, io: Io): number => {
  const isExpected = error instanceof UnusablePath || error instanceof AccessDenied;
  const message = isExpected ? error.message : `${path}: a fault of mesos-ckpt: ${String((error as Error).stack)}`;
  if (json) io.out(`${jsonLine({ path, error: message })}\n`);
  else io.err(`mesos-ckpt: ${shown(message)}\n`);
  return EXIT.unknown;
};

/** The version that is named; throws `UsageError` where it is none, or older than what can be simulated. */
export const versionOf = (text: string | undefined): Version => {
  const version = parseVersion(text ?? '1.11.0');
  if (version === undefined) throw new UsageError(`--mesos-version ${text}: not a version, as in 1.11.0`);
  if (!isSupported(version)) {
    throw new UsageError(`--mesos-version ${text}: the recovery of versions before ${OLDEST_VERSION} is not simulated`);
  }
  return version;
};

/** The boot id of this machine; undefined where the kernel does not tell. */
const ownBootId = (): string | undefined => {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return undefined;
  }
};
