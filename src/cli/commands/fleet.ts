import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Command, Option } from '@commander-js/extra-typings';
import { Gatherer, type UnreadFile } from '../../fleet/gather.ts';
import { LineReader } from '../../fleet/lines.ts';
import { sumUp } from '../../fleet/sum.ts';
import { advance, during } from '../../program/progress.ts';
import { fleetCsv } from '../../report/fleet/csv.ts';
import { fleetJson } from '../../report/fleet/json.ts';
import { fleetScreen } from '../../report/fleet/screen.ts';
import { errnoText } from '../../source/errno.ts';
import { readInput } from '../../source/input.ts';
import { jsonLine, shown } from '../../text/escape.ts';
import { some } from '../../text/words.ts';
import type { Define, OptionsOf, Session } from '../command.ts';
import { EXIT, exitCodesHelp } from '../exit.ts';
import { UsageError } from '../failure.ts';
import { type Io, screenOf } from '../io.ts';
import { json } from '../options.ts';
import { STANDARD_INPUT } from '../standard.ts';

const declare = (command: Command) =>
  command
    .description(
      'Sums up what verify, preflight, prune and snapshot printed with --json, gathered from anywhere, of any versions of the ' +
        'program: tables by host, cause, finding and version, and what an upgrade costs in all. Of each host and command the ' +
        'newest report counts. Hosts that do not come up and have most at stake come first.',
    )
    .argument(
      '<report...>',
      'files of such lines, or of pretty-printed JSON; folders of .json and .jsonl files; - for standard input',
    )
    .addOption(
      new Option('--by <what>', 'print only this table, in full').choices([
        'host',
        'finding',
        'version',
        'cause',
      ] as const),
    )
    .addOption(json('print one line of JSON'))
    .addOption(new Option('--csv', 'print one table as CSV: by host, unless --by says otherwise').conflicts('json'))
    .addHelpText(
      'after',
      exitCodesHelp(
        [EXIT.recovers, 'every agent is well'],
        [EXIT.losses, 'an agent loses something, or a check warns'],
        [EXIT.fails, 'an agent fails'],
        [EXIT.unknown, 'an agent could not be judged, or a line or a file could not be read'],
      ),
    );

type Options = OptionsOf<typeof declare>;

export const define: Define = (command, session) =>
  declare(command).action((given, options) => session.exit(fleet(given, options, session)));

/** `fleet REPORT...`: gathers reports, prints what they come to, and returns the worst exit code. */
const fleet = (given: readonly string[], { by, json: isJson, csv }: Options, { io }: Session): number => {
  if (given.includes('')) throw new UsageError('a REPORT is empty: is a variable not set?');
  if (given.filter((each) => each === STANDARD_INPUT).length > 1) {
    throw new UsageError('standard input (-) is asked for more than once');
  }
  const files = given.flatMap((each) => filesIn(each, io));
  const gatherer = new Gatherer();
  const read = (): void => {
    for (const file of files) readFile(file, gatherer);
  };
  during('reading reports', files.includes(STANDARD_INPUT) ? undefined : totalOf(files), read, true);
  const gathered = gatherer.end();
  const all = sumUp(gathered.reports);
  const worst = all.hosts.reduce((code, { exitCode }) => Math.max(code, exitCode), 0);
  const { unread } = gathered;
  for (const each of unread) io.err(`mesos-ckpt: ${shown(unreadText(each))}\n`);
  const exitCode = gathered.bad > 0 || unread.length > 0 || gathered.read === 0 ? EXIT.unknown : worst;
  // Where no file could be read, that is all there is to say to a person.
  if (unread.length === files.length && gathered.read + gathered.bad === 0 && isJson !== true) return exitCode;
  if (isJson === true) io.out(`${jsonLine(fleetJson(gathered, all, by, exitCode))}\n`);
  else if (csv === true) io.out(fleetCsv(all, by ?? 'host'));
  else io.out(fleetScreen(gathered, all, by, screenOf(io)));
  if (csv === true) for (const { file, line, why } of gathered.badLines) io.err(badText(file, line, why));
  return exitCode;
};

const unreadText = ({ file, lines, why }: UnreadFile): string =>
  lines === 0
    ? `${file}: ${why}; expected a file of what verify, preflight, prune or snapshot printed with --json`
    : `${file}: cannot be read past line ${lines}: ${why}`;

const badText = (file: string, line: number, why: string): string =>
  `mesos-ckpt: ${shown(file)}:${line}: not a report: ${shown(why)}\n`;

/** What reports are called in a folder. */
const REPORT = /\.(?:json|jsonl|ndjson)$/i;

/** The files that an argument stands for: it, or those in the folder that it is, in the order of their names. */
const filesIn = (given: string, io: Io): readonly string[] => {
  if (given === STANDARD_INPUT || statsOf(given)?.isDirectory() !== true) return [given];
  const names = fs.readdirSync(given, { withFileTypes: true }).filter((each) => !each.isDirectory());
  const sayUnread = (why: string, others: readonly { readonly name: string }[]): void => {
    if (others.length === 0) return;
    const named = some(others.map(({ name }) => shown(name)));
    io.err(`mesos-ckpt: ${shown(given)}: not read, because ${why}: ${named}\n`);
  };
  sayUnread(
    'not called .json, .jsonl or .ndjson',
    names.filter(({ name }) => !REPORT.test(name)),
  );
  const called = names.filter(({ name }) => REPORT.test(name));
  // Who is given a pipe by its name waits for it; in a folder, nobody may ever write to it.
  const isPipe = ({ name }: { readonly name: string }): boolean => statsOf(path.join(given, name))?.isFIFO() === true;
  sayUnread('a pipe', called.filter(isPipe));
  const reports = called.filter((each) => !isPipe(each));
  if (reports.length === 0) {
    throw new UsageError(`${shown(given)}: no file in it is called .json, .jsonl or .ndjson`);
  }
  return reports.map(({ name }) => path.join(given, name)).sort();
};

interface Stats {
  readonly isDirectory: () => boolean;
  readonly isFIFO: () => boolean;
  readonly size: number;
}

/** What is at a path; undefined where that cannot be known, which is told when it is read. */
const statsOf = (file: string): Stats | undefined => {
  try {
    return fs.statSync(file);
  } catch {
    return undefined;
  }
};

const totalOf = (files: readonly string[]): number =>
  files.reduce((total, file) => total + (statsOf(file)?.size ?? 0), 0);

/** Reads a file; one that cannot be read, or not to its end, is told of, and the others count all the same. */
const readFile = (file: string, gatherer: Gatherer): void => {
  const name = file === STANDARD_INPUT ? 'standard input' : file;
  const splitter = gatherer.file(name);
  const lines = new LineReader(splitter);
  try {
    readInput(file === STANDARD_INPUT ? undefined : file, (chunk) => {
      lines.take(chunk);
      advance(chunk.length);
    });
    lines.end();
    gatherer.ended(name, lines.count > 0);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    gatherer.unreadable({ file: name, lines: lines.count, why: errnoText(code) });
  }
};
