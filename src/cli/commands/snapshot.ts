import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isatty } from 'node:tty';
import type { Command } from '@commander-js/extra-typings';
import type { Manifest } from '../../checkpoint/manifest.ts';
import type { Opened } from '../../checkpoint/open.ts';
import { META } from '../../layout/names.ts';
import { snapshotJson, unreadableIn } from '../../report/snapshot/json.ts';
import { snapshotScreen, snapshotWarnings } from '../../report/snapshot/screen.ts';
import { pack } from '../../snapshot/pack.ts';
import { takeSnapshot } from '../../snapshot/snapshot.ts';
import { checkTarget, UnwritableFile, WritingStopped, writeWhole } from '../../snapshot/write.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { Interrupted, sayFailure, UsageError } from '../failure.ts';
import { ownBootId } from '../host.ts';
import type { Io } from '../io.ts';
import { openSaying } from '../open.ts';
import { json, mesosVersion, workDir } from '../options.ts';
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
    .option('--redact', 'blank the values of environment variables, and what else is secret')
    .addOption(mesosVersion('whose verdicts are noted'))
    .addOption(workDir())
    .addOption(json())
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'the snapshot was taken, whatever the checkpoint is worth'],
        [EXIT.losses, 'it was taken, and something in it may be torn or missing, which is said'],
        UNKNOWN,
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (path, options) => session.exit(await snapshot(path, options, session)));

/** An output that is standard output: the report then goes to standard error. */
const STANDARD_OUTPUT = '-';

/**
 * Takes a snapshot of a checkpoint. Ends with 0 where it is whole, with 1 where something changed again and again while it
 * was read, could not be read, or is foretold otherwise once it is blanked.
 * @throws UsageError where the options make no sense
 */
const snapshot = async (given: string, options: Options, session: Session): Promise<number> => {
  const { io } = session;
  if (given === '') throw new UsageError('PATH is empty: is a variable not set?');
  const { output, mesosVersion: version, workDir } = options;
  if (output === '') throw new UsageError('--output: it is empty: is a variable not set?');
  const say = output === STANDARD_OUTPUT ? io.err : io.out;
  try {
    checkOutput(output, options.force === true);
    const opened = await openSaying(given, { workDir, whole: true }, session);
    if (output !== STANDARD_OUTPUT) checkOutside(opened, output);
    const taken = takeSnapshot(opened, {
      path: given,
      host: { name: os.hostname(), bootId: ownBootId() },
      version,
      redact: options.redact === true,
    });
    const { manifest } = taken;
    const written = await write(output, pack(taken), options.force === true, io);
    const exitCode = exitCodeOf(manifest);
    for (const warning of snapshotWarnings(manifest)) io.err(`mesos-ckpt: ${shown(warning)}\n`);
    if (options.json === true) say(`${jsonLine(snapshotJson(manifest, { ...written, output, exitCode }))}\n`);
    else say(snapshotScreen(manifest, taken.verification, { ...written, output }, io.columns));
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
 * A file in `meta` would be one of the agent's, or be taken for one.
 * @throws UnwritableFile where the output would be there
 */
const checkOutside = ({ tree, level }: Opened, output: string): void => {
  const meta = path.join(tree.source.name, level === 'work_dir' ? META : '.');
  const [real, folder] = [meta, path.dirname(path.resolve(output))].map(realOf);
  if (real === undefined || folder === undefined || `${folder}/`.startsWith(`${real}/`) === false) return;
  throw new UnwritableFile(output, `in ${META}, which is the agent's: choose a place outside of it`);
};

/** What is not there will be told when it is opened. */
const realOf = (folder: string): string | undefined => {
  try {
    return fs.realpathSync(folder);
  } catch {
    return undefined;
  }
};

const write = async (output: string, pieces: Iterable<Buffer>, force: boolean, io: Io) => {
  const hash = createHash('sha256');
  const hashed = (function* () {
    for (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
  })();
  const size = output === STANDARD_OUTPUT ? pass(hashed, io) : await writeFile(output, hashed, force, io);
  return { size, sha256: hash.digest('hex') };
};

/** A signal ends it between two pieces, and then nothing is left of it. */
const writeFile = (output: string, pieces: Iterable<Buffer>, force: boolean, io: Io): Promise<number> =>
  watching(io, 'packing', async ({ signal, exitCode }) => {
    try {
      return await writeWhole(output, pieces, { force, shouldStop: () => signal.aborted });
    } catch (error) {
      throw error instanceof WritingStopped ? new Interrupted(error.message, exitCode()) : error;
    }
  });

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
