import { createHash } from 'node:crypto';
import * as os from 'node:os';
import * as path from 'node:path';
import { isatty } from 'node:tty';
import { type Command, Option } from '@commander-js/extra-typings';
import type { Manifest } from '../../checkpoint/manifest.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { ownBootId } from '../../host/own-boot-id.ts';
import { META, SLAVES } from '../../layout/names.ts';
import { during } from '../../program/progress.ts';
import { snapshotJson, unreadableIn } from '../../report/snapshot/json.ts';
import { snapshotScreen, snapshotWarnings } from '../../report/snapshot/screen.ts';
import { pack } from '../../snapshot/pack.ts';
import { takeSnapshot } from '../../snapshot/snapshot.ts';
import { checkTarget, UnwritableFile, type WriteOptions, WritingStopped, writeWhole } from '../../snapshot/write.ts';
import { isInFolder } from '../../source/mounts.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { Interrupted, sayFailure, UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { openSaying } from '../open.ts';
import { json, maxRecord, maxSize, mesosVersion, workDir } from '../options.ts';
import { watching } from '../watching.ts';

const declare = (command: Command) =>
  command
    .description(
      'Packs the files of a checkpoint, without sandboxes, with a manifest: paths, sizes, SHA-256, host, time, and the ' +
        'verdicts. The agent may be running. The other commands read a snapshot like the tree.',
    )
    .argument('<path>', "the agent's work_dir, or its meta")
    .requiredOption('-o, --output <file>', 'the file to write, a tar.gz; - for standard output')
    .option('--force', 'take the place of a file that is there')
    .addOption(
      new Option(
        '--redact [what]',
        'blank the values of environment variables, and what else is secret; with --redact=all also command lines, URIs, ' +
          'paths of checks, labels and volume contexts',
      ).choices(['secrets', 'all'] as const),
    )
    .addOption(mesosVersion('whose verdicts are noted'))
    .addOption(workDir())
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'the snapshot was taken, whatever the checkpoint is worth'],
        [EXIT.losses, 'it was taken, and something in it may be torn or missing, which is said'],
        UNKNOWN,
        ['130, 143', 'a signal stopped it while it wrote: no file was left behind'],
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) => {
  const parse = command.parseOptions.bind(command);
  command.parseOptions = (argv) => parse(withScope(argv));
  declare(command).action(async (path, options) => session.exit(await snapshot(path, options, session)));
};

/** The word behind `--redact` is the path: what is blanked stands behind `=` alone. */
const withScope = (argv: readonly string[]): string[] => {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (word === '--redact' && (end < 0 || i < end) ? '--redact=secrets' : word));
};

/** An output that is standard output: the report then goes to standard error. */
const STANDARD_OUTPUT = '-';

/**
 * Takes a snapshot of a checkpoint. Ends with 0 where it is whole, with 1 where something changed again and again while it
 * was read, could not be read, or is predicted otherwise once it is blanked.
 * @throws UsageError where the options make no sense
 */
const snapshot = async (given: string, options: Options, session: Session): Promise<number> => {
  const { io } = session;
  if (given === '') throw new UsageError('PATH is empty: is a variable not set?');
  const { output, mesosVersion: version } = options;
  if (output === '') throw new UsageError('--output: it is empty: is a variable not set?');
  const say = output === STANDARD_OUTPUT ? io.err : io.out;
  try {
    checkOutput(output, options.force === true);
    const opened = await openSaying(given, { ...options, whole: true }, session);
    if (output !== STANDARD_OUTPUT) checkOutside(opened, output);
    const taken = takeSnapshot(opened, {
      path: given,
      host: { name: os.hostname(), bootId: ownBootId() },
      version,
      redact: options.redact === 'all' ? 'all' : options.redact !== undefined,
    });
    const { manifest } = taken;
    const written = await during('packing', manifest.entries.length, () =>
      write(output, pack(taken), options.force === true, io),
    );
    const exitCode = written.problem === undefined ? exitCodeOf(manifest) : EXIT.losses;
    const problems = written.problem === undefined ? [] : [`${output}: ${written.problem}`];
    for (const warning of [...snapshotWarnings(manifest), ...problems]) io.err(`mesos-ckpt: ${shown(warning)}\n`);
    if (options.json === true) say(`${jsonLine(snapshotJson(manifest, { ...written, output, exitCode }))}\n`);
    else say(snapshotScreen(manifest, taken.verification, { ...written, output }, screenOf(io)));
    return exitCode;
  } catch (error) {
    const path = error instanceof UnwritableFile || error instanceof Interrupted ? output : given;
    return sayFailure(path, error, options.json === true, { ...io, out: say });
  }
};

/** What can be known before anything is read. */
const checkOutput = (output: string, force: boolean): void => {
  if (output !== STANDARD_OUTPUT) checkTarget(output, path.resolve(output), force);
  else if (isatty(1)) throw new UsageError('--output -: standard output is a terminal; send it to a file or a pipe');
};

/**
 * A file in `meta`, or beside the sandboxes, would be one of the agent's, or be taken for one.
 * @throws UnwritableFile where the output would be there, by whichever links and mounts
 */
const checkOutside = ({ tree, level }: Opened, output: string): void => {
  const meta = level === 'work_dir' ? path.join(tree.source.name, META) : path.resolve(tree.source.name);
  const folder = path.dirname(path.resolve(output));
  const isIn = [META, SLAVES].find((name) => isInFolder(folder, name === META ? meta : path.join(meta, '..', SLAVES)));
  if (isIn === undefined) return;
  throw new UnwritableFile(output, `in ${isIn}, which is the agent's: choose a place outside of it`);
};

const write = async (output: string, pieces: AsyncIterable<Buffer>, force: boolean, io: Io) => {
  const hash = createHash('sha256');
  const hashed = (async function* () {
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
  })();
  let problem: string | undefined;
  const onUnsynced = (why: string): void => {
    problem = why;
  };
  const options = { force, onUnsynced };
  const size = await (output === STANDARD_OUTPUT ? pass(hashed, io) : writeFile(output, hashed, options));
  return { size, sha256: hash.digest('hex'), problem };
};

/** A signal ends it between two pieces, and then nothing is left of it. */
const writeFile = (output: string, pieces: AsyncIterable<Buffer>, options: WriteOptions): Promise<number> =>
  watching(async ({ signal, exitCode }) => {
    try {
      return await writeWhole(output, pieces, { ...options, shouldStop: () => signal.aborted });
    } catch (error) {
      throw error instanceof WritingStopped ? new Interrupted(error.message, exitCode()) : error;
    }
  });

const pass = async (pieces: AsyncIterable<Buffer>, { bytes }: Io): Promise<number> => {
  if (bytes === undefined) throw new UsageError('--output -: there is no standard output for bytes');
  let size = 0;
  for await (const piece of pieces) {
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
