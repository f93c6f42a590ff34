import { createHash } from 'node:crypto';
import * as os from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import type { Manifest } from '../../checkpoint/manifest.ts';
import { ownBootId } from '../../host/own-boot-id.ts';
import { during } from '../../program/progress.ts';
import { isTraced } from '../../program/trace.ts';
import { snapshotJson, unreadableIn } from '../../report/snapshot/json.ts';
import { oddMembersWarning, snapshotScreen, snapshotWarnings } from '../../report/snapshot/screen.ts';
import { pack } from '../../snapshot/pack.ts';
import { type Snapshot, snapshotWith } from '../../snapshot/snapshot.ts';
import { lookingBeside } from '../../snapshot/threads/beside.ts';
import { UnwritableFile } from '../../snapshot/write.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { agentHostOf } from '../../verify/agent-host.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { Interrupted, sayFailure, UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { openSaying } from '../open.ts';
import { json, maxRecord, maxSize, mesosVersion, workDir } from '../options.ts';
import { checkOutput, checkOutside, writeOutput } from '../output-file.ts';
import { STANDARD_OUTPUT } from '../standard.ts';

const declare = (command: Command) =>
  command
    .description(
      'Packs the files of a checkpoint, without sandboxes, with a manifest: paths, sizes, SHA-256, host, time, and the ' +
        'verdicts. The agent may be running. The other commands read a snapshot like the tree.',
    )
    .argument('<path>', "the agent's work_dir, its meta, or an archive of one; - for standard input")
    .requiredOption('-o, --output <file>', 'the file to write, a tar.gz; - for standard output')
    .option('--force', 'replace the file if it exists')
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
        [EXIT.recovers, 'the snapshot was taken, whether or not the checkpoint is damaged'],
        [EXIT.losses, 'it was taken; something in it may be torn or missing: the output says what'],
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

const looking = lookingBeside(join(import.meta.dirname, 'snapshot-worker.cjs'));

/** The word behind `--redact` is the path: what is blanked stands behind `=` alone. */
const withScope = (argv: readonly string[]): string[] => {
  const end = argv.indexOf('--');
  return argv.map((word, i) => (word === '--redact' && (end < 0 || i < end) ? '--redact=secrets' : word));
};

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
    const opened = await openSaying(given, { ...options, whole: true, strays: true }, session);
    if (output !== STANDARD_OUTPUT) checkOutside(opened, output);
    // Of what another thread looks at, the trace would not tell.
    const lookBeside = isTraced() ? undefined : looking;
    const taken = snapshotWith({ lookBeside }, opened, {
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
    const odd = oddMembersWarning(opened.oddMembers ?? []);
    for (const warning of [...odd, ...snapshotWarnings(manifest), ...problems])
      io.err(`mesos-ckpt: ${shown(warning)}\n`);
    if (options.json === true)
      say(`${jsonLine(snapshotJson(manifest, agentOf(taken), { ...written, output, exitCode }))}\n`);
    else say(snapshotScreen(manifest, taken.verification, { ...written, output }, screenOf(io)));
    return exitCode;
  } catch (error) {
    const path = error instanceof UnwritableFile || error instanceof Interrupted ? output : given;
    return sayFailure(path, error, options.json === true, { ...io, out: say });
  }
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
  const size = await writeOutput(output, hashed, { force, onUnsynced }, io);
  return { size, sha256: hash.digest('hex'), problem };
};

const exitCodeOf = (manifest: Manifest): ExitCode =>
  manifest.changes.some(({ settled }) => !settled) ||
  unreadableIn(manifest).length > 0 ||
  manifest.redacted?.verdictsKept === false
    ? EXIT.losses
    : EXIT.recovers;

/** The agent of a snapshot, as far as its checkpoint tells. */
const agentOf = ({ manifest, verification }: Snapshot) => ({
  id: verification.checkpoint.agent?.id,
  host: agentHostOf({ ...verification, manifest }),
});
