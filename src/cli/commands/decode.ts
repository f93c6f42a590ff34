import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { Opened } from '../../checkpoint/open.ts';
import { contentOf, type Known, type Messages, messagesNamed } from '../../decode/content.ts';
import { openFile, openInput, openInTree, UnusableFile } from '../../decode/open.ts';
import { recordsOf } from '../../decode/records.ts';
import type { MessageType } from '../../format/message-type.ts';
import { Window } from '../../format/window.ts';
import { advance, during, isWatched } from '../../program/progress.ts';
import { type Format, passedText, pieceJson, plainJson, problemOf, writePiece } from '../../report/decode/render.ts';
import { messageNames, messageType } from '../../schema/index.ts';
import { errnoText } from '../../source/errno.ts';
import { isInputTerminal } from '../../source/input.ts';
import { isErrno, type OpenFile, parsingFailure, RecordTooLarge } from '../../source/source.ts';
import { textBytesOf } from '../../source/whole.ts';
import { shown } from '../../text/escape.ts';
import { textOf } from '../../text/lossless.ts';
import { some } from '../../text/words.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, type ExitCode, exitCodesHelp, UNKNOWN } from '../exit.ts';
import { sayFailure, UsageError } from '../failure.ts';
import { screenOf } from '../io.ts';
import { openSaying } from '../open.ts';
import { json, maxRecord, maxSize, showSecrets, workDir } from '../options.ts';
import { STANDARD_INPUT } from '../standard.ts';

const recordNumber = (text: string): number => {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Records are counted from 1.');
};

const declare = (command: Command) =>
  command
    .description(
      'Decodes files of a checkpoint. The name and place of a file tell what it is. Records are shown one by one, with their ' +
        'offsets and lengths, up to the first that does not decode. Nothing is written.',
    )
    .argument('<file...>', 'a file of a checkpoint, or one record; - for standard input')
    .option('--type <message>', 'what is in it, if its name does not tell, such as Task or mesos.SlaveInfo')
    .option('--bare', 'the file is one message, without the four bytes of length that records have')
    .addOption(
      new Option(
        '--format <format>',
        "protobuf's text format; its JSON mapping; the bytes with what each is; or the message's own bytes",
      )
        .choices(['text', 'json', 'hex', 'raw'] as const)
        .default('text' as const),
    )
    .option('--record <n>', 'only the n-th record', recordNumber)
    .option('--resync', 'continue after a record that does not decode, at the next one that does')
    .option('--in <path>', 'take FILE from a work_dir, its meta, or an archive of either, by its path in the work_dir')
    .option('--wide', 'with --format hex, shorten no value')
    .addOption(showSecrets('show the values of environment variables, and what else is secret'))
    .addOption(workDir())
    .addOption(maxSize)
    .addOption(maxRecord)
    .addOption(json('print one line of JSON per record'))
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'everything decodes'],
        [EXIT.losses, 'something does not decode, or bytes are left over'],
        UNKNOWN,
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action(async (files, options) => session.exit(await decode(files, options, session)));

/** `decode FILE...`: prints what is in each file, and returns the worst of their exit codes. */
const decode = async (files: readonly string[], options: Options, session: Session): Promise<number> => {
  if (files.includes('')) throw new UsageError('a FILE is empty: is a variable not set?');
  if (options.in === undefined && files.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw new UsageError('standard input (-) is asked for more than once');
  }
  const isJson = options.json === true;
  if (isJson && options.format !== 'text') throw new UsageError('--json is a format of its own: leave out --format');
  if (options.bare === true && options.type === undefined) throw new UsageError('--bare needs --type');
  const { in: place } = options;
  try {
    const opened =
      place === undefined ? undefined : await openSaying(place, { ...options, whole: false, strays: true }, session);
    let worst: number = EXIT.recovers;
    for (const file of files) {
      const given = opened === undefined || place === undefined ? file : `${place}:${file}`;
      try {
        worst = Math.max(worst, decodeOne(file, given, files.length > 1, opened, options, session));
      } catch (error) {
        worst = Math.max(worst, sayFailure(given, error, isJson, session.io));
      }
    }
    return worst;
  } catch (error) {
    return sayFailure(place ?? '', error, isJson, session.io);
  }
};

const decodeOne = (
  file: string,
  given: string,
  isOneOfSeveral: boolean,
  opened: Opened | undefined,
  options: Options,
  { io }: Session,
): ExitCode => {
  const open = opened === undefined ? fileOf(file, options) : openInTree(opened.tree, file);
  try {
    const known = knownBy(file, given, options);
    if (isOneOfSeveral && options.json !== true && options.format !== 'raw') io.out(`## ${shown(given)}\n`);
    const { content } = known;
    if (!('message' in content)) {
      plain(open, given, known, options, { io });
      return EXIT.recovers;
    }
    return records(open, given, { kind: known.kind, content }, options, { io });
  } finally {
    open.close();
  }
};

const fileOf = (file: string, { maxSize: most }: Options): OpenFile => {
  if (file !== STANDARD_INPUT) return openFile(file);
  if (isInputTerminal()) throw new UnusableFile(STANDARD_INPUT, 'standard input is a terminal; pass a file to it');
  return openInput(most);
};

/** What is known of a file before it is read. */
type What = Pick<Known, 'content'> & { readonly kind: string | null };

/** What a file is: by `--type`, else by its name and place. */
const knownBy = (file: string, given: string, { type, bare }: Options): What => {
  const byPlace = file === STANDARD_INPUT ? undefined : contentOf(file);
  if (type === undefined) {
    if (byPlace !== undefined) return byPlace;
    throw new UnusableFile(given, 'its name does not tell what is in it; --type does, such as --type mesos.Task');
  }
  const [message, ...others] = messagesNamed(type);
  if (message === undefined) throw new UsageError(`--type: '${shown(type)}' is not a message${nearest(type)}`);
  if (others.length > 0) {
    throw new UsageError(`--type: '${shown(type)}' is the name of several: ${some([message, ...others])}`);
  }
  const kind = byPlace?.kind ?? null;
  return { kind, content: bare === true ? { form: 'message', message } : { form: 'records', message, one: false } };
};

/** Names of messages that have a word in common with what was typed. */
const nearest = (type: string): string => {
  const last = type.slice(type.lastIndexOf('.') + 1).toLowerCase();
  const near = last === '' ? [] : messageNames.filter((name) => name.toLowerCase().includes(last));
  return near.length === 0 ? ' that a checkpoint holds, such as mesos.Task' : `; did you mean ${some(near)}?`;
};

const plain = (open: OpenFile, given: string, known: What, options: Options, { io }: Pick<Session, 'io'>): void => {
  const content = textBytesOf(open);
  if (isErrno(content)) throw new UnusableFile(given, errnoText(content.code));
  if (options.format === 'raw') (io.bytes ?? io.out)(content as never);
  else if (options.json === true) io.out(plainJson({ path: given, kind: known.kind }, content, textOf(content)));
  else
    io.out(`${known.content.form === 'marker' ? '# a marker: that it is there says all' : shown(textOf(content))}\n`);
};

const records = (
  open: OpenFile,
  given: string,
  { kind, content }: What & { readonly content: Messages },
  options: Options,
  { io }: Pick<Session, 'io'>,
): ExitCode => {
  const type = messageType(content.message);
  const window = new Window(options.maxRecord, (announced) => {
    throw new RecordTooLarge(given, announced, options.maxRecord);
  });
  window.over(open);
  const asked = {
    bare: content.form === 'message',
    resync: options.resync === true,
    one: content.form === 'records' && content.one,
  };
  const titled = options.record === undefined && !asked.one && !asked.bare;
  const parsed = (): ReturnType<typeof each> => {
    try {
      return each();
    } catch (error) {
      throw parsingFailure(error, given, window.announced);
    }
  };
  const each = (): { readonly code: ExitCode | undefined; readonly seen: number } => {
    let code: ExitCode | undefined;
    let seen = 0;
    for (const piece of recordsOf(window, type, asked)) {
      advance(piece.length);
      const number = piece.kind === 'record' ? piece.number : undefined;
      seen = number ?? seen;
      if (options.record !== undefined && number !== options.record) {
        if (seen < options.record) continue;
        break;
      }
      const isWhole = piece.kind === 'record' && piece.ending === undefined;
      code = isWhole ? (code ?? EXIT.recovers) : EXIT.losses;
      print(piece, type, { given, kind, titled }, options, io);
    }
    return { code, seen };
  };
  const { code, seen } = during('decoding', isWatched() ? open.size() : undefined, parsed, true);
  if (code !== undefined) return code;
  if (options.record === undefined) {
    if (options.json !== true && options.format !== 'raw') io.err(`mesos-ckpt: ${shown(given)}: the file is empty\n`);
    return asked.one ? EXIT.losses : EXIT.recovers;
  }
  const last = seen === 0 ? 'it has none' : `the last that decodes, or is begun, is record ${seen}`;
  throw new UnusableFile(given, `there is no record ${options.record}: ${last}`);
};

type PieceOf = Parameters<typeof writePiece>[0];

const print = (
  piece: PieceOf,
  type: MessageType,
  { given, kind, titled }: { readonly given: string; readonly kind: string | null; readonly titled: boolean },
  options: Options,
  io: Session['io'],
): void => {
  if (options.json === true) {
    io.out(pieceJson(piece, type, { path: given, kind }, options.showSecrets === true));
    return;
  }
  const { format } = options;
  const say = (problem: string): void => io.err(`mesos-ckpt: ${shown(given)}: ${problem}\n`);
  if (format === 'raw') {
    if (piece.kind === 'passed') {
      say(passedText(piece));
      return;
    }
    if (titled && piece.number > 1) {
      throw new UsageError(
        `${shown(given)} has several records, and their bytes alone do not tell them apart: --record picks one`,
      );
    }
    io.bytes?.(piece.message);
  } else {
    const shape = { format: format as Format, titled, ...screenOf(io) };
    const asked = { allBytes: options.wide === true, showSecrets: options.showSecrets === true };
    writePiece(piece, type, { ...shape, ...asked }, io.out);
  }
  if (format === 'text' || format === 'hex') return;
  const problem = piece.kind === 'passed' ? passedText(piece) : problemOf(piece);
  if (problem !== undefined) say(problem);
};
