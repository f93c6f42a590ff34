import { type Opened, openPath, UnusablePath } from '../../checkpoint/open.ts';
import { isRecovered } from '../../recovery/simulate.ts';
import { verifyJson } from '../../report/json/verify.ts';
import { verifyScreen } from '../../report/verify/screen.ts';
import { FolderSource } from '../../source/folder.ts';
import { jsonLine } from '../../text/escape.ts';
import { shellWord } from '../../text/shell.ts';
import { wrap } from '../../text/wrap.ts';
import { threadedReaders } from '../../verify/threads/readers.ts';
import { type Mode, type Verification, type VerifyOptions, verifyCheckpoint } from '../../verify/verify.ts';
import { sayFailure } from '../failure.ts';
import { EXIT, type Io, UsageError } from '../io.ts';
import { type AssumedOptions, assumedBy, workDirOf } from '../options.ts';

/** The options of `verify`, as the command line gives them. */
interface Options extends AssumedOptions {
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly state?: boolean;
  readonly all?: boolean;
}

/** `verify PATH...`: prints what is foretold of each path, and returns the worst of their exit codes. */
export const verify = (paths: readonly string[], given: Readonly<Record<string, unknown>>, io: Io): number => {
  const options = given as Options;
  if (options.state === true && options.json !== true) throw new UsageError('--state goes with --json');
  if (options.all === true && options.json === true) throw new UsageError('--all goes without --json, which has all');
  if (paths.includes('')) throw new UsageError('a PATH is empty: is a variable not set?');
  const mode: Mode = options.strict === false ? 'nonStrict' : 'strict';
  const assumed: VerifyOptions = { ...assumedBy(options), brief: options.state !== true };
  const workDir = workDirOf(options.workDir);
  let worst: number = EXIT.recovers;
  for (const path of paths) {
    worst = Math.max(worst, verifyOne(path, paths.length > 1, mode, { ...options, workDir }, assumed, io));
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
    const verification = verifyCheckpoint(opened, { ...assumed, readExecutors: readersFor(opened, assumed) });
    if (options.json === true) {
      io.out(`${jsonLine(verifyJson(path, verification, { mode, withState: options.state === true }))}\n`);
    } else {
      const title = isOneOfSeveral ? path : undefined;
      const screen = verifyScreen(verification, {
        mode,
        width: io.columns,
        colour: io.colour,
        title,
        all: options.all,
      });
      const next = nextStep(path, opened, verification);
      const more = next === undefined ? '' : `\n${wrap(next, io.columns)}\n`;
      io.out(`${screen}${more}${isOneOfSeveral ? '\n' : ''}`);
    }
    return verification[mode].exitCode;
  } catch (error) {
    return sayFailure(path, error, options.json === true, io);
  }
};

/** What may help where a strict start does not come up at once, of a tree that can be mended. */
const nextStep = (path: string, { tree }: Opened, { strict }: Verification): string | undefined => {
  const [start] = strict.starts;
  if (start === undefined || isRecovered(start) || !(tree.source instanceof FolderSource)) return undefined;
  return `The smallest change that lets it start: mesos-ckpt prune ${shellWord(path)}`;
};

const readers = threadedReaders(new URL('./worker.cjs', import.meta.url));

/** Threads that help to read what is on disk; what is not kept whole is all they can tell of. */
const readersFor = ({ tree }: Opened, { brief, version }: VerifyOptions): VerifyOptions['readExecutors'] => {
  const { source, home } = tree;
  if (brief !== true || version === undefined || !(source instanceof FolderSource)) return undefined;
  return readers({ folder: source.folder, mount: source.mount, home, version });
};
