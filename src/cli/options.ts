import * as path from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { parseBytes } from '../agent/flags/notation/bytes.ts';
import {
  compareVersions,
  DEFAULT_VERSION,
  isSupported,
  LATEST_RELEASE,
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseVersion,
  type Version,
  versionText,
} from '../agent/version.ts';
import { MAX_RECORD } from '../format/window.ts';
import { ownBootId } from '../host/own-boot-id.ts';
import { DEFAULT_LAUNCHER } from '../recovery/startup/containers.ts';
import { LIMITS } from '../source/limits.ts';
import { shown } from '../text/escape.ts';
import { UsageError } from './failure.ts';

/** The options that several commands have, each with what its text comes to. */

/** What a PATH may be besides a folder. */
export const ARCHIVES = 'or an archive of either, tar or tar.gz, - for standard input';

/**
 * A version of the agent, of any age.
 * @throws UsageError where the text is none
 */
export const versionIn =
  (option: string) =>
  (text: string): Version => {
    const version = parseVersion(text);
    if (version !== undefined) return version;
    throw new UsageError(`${option}: '${shown(text)}' is not a version, such as ${DEFAULT_VERSION}`);
  };

/** A version of the agent whose recovery can be simulated; `what` says what it is the version of. */
export const mesosVersion = (what: string) =>
  new Option('--mesos-version <version>', `the version of the agent ${what}`)
    .argParser(simulatedVersion)
    .default(LATEST_RELEASE, JSON.stringify(DEFAULT_VERSION));

const simulatedVersion = (text: string): Version => {
  const version = versionIn('--mesos-version')(text);
  if (isSupported(version)) return version;
  const [far, bound] =
    compareVersions(version, LATEST_RELEASE) < 0
      ? ['older', `${OLDEST_VERSION}, the first that is simulated`]
      : ['newer', `${NEWEST_VERSION}, the last that is known`];
  throw new UsageError(`--mesos-version: '${shown(text)}' is ${far} than ${bound}`);
};

/** The place of the tree on its agent: absolute, as an agent's links are. */
export const workDir = (description = "the work_dir's path on the agent's host") =>
  new Option('--work-dir <dir>', description).argParser((text: string): string => {
    if (path.isAbsolute(text)) return text;
    throw new UsageError(`--work-dir: '${shown(text)}' is not an absolute path, such as /var/lib/mesos`);
  });

/** A size as the agent's flags have it, or a plain number of bytes. */
const sizeIn =
  (option: string) =>
  (text: string): number => {
    const parsed = parseBytes(/^[0-9]+$/.test(text) ? `${text}B` : text);
    if (parsed.ok && parsed.value > 0n && parsed.value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(parsed.value);
    throw new UsageError(`${option}: '${shown(text)}' is not a size, such as 512MB or 4GB`);
  };

/** How much of an archive is held in memory. */
export const maxSize = new Option(
  '--max-size <size>',
  'the largest checkpoint that is read from an archive, such as 8GB',
)
  .argParser(sizeIn('--max-size'))
  .default(LIMITS.bytes, '4GB');

/** How large a record is brought into memory. */
export const maxRecord = new Option('--max-record <size>', 'the largest record that is read, below 2GB')
  .argParser(sizeIn('--max-record'))
  .default(MAX_RECORD, '1GB');

export const json = (description = 'print one line of JSON') => new Option('--json', description);

/** PATHs beside those of the command line. */
export const fromList = new Option(
  '--from-list <file>',
  'read the PATHs from a file, separated by newlines or NUL; - for standard input',
);

/** Of many PATHs, what they come to. */
export const summary = new Option('--summary', 'print the table of all PATHs alone; with --json, as one line');

/** For monitoring systems and pipelines. */
export const format = new Option('--format <how>', 'print for a monitoring system or a pipeline')
  .choices(['nagios', 'prometheus', 'junit'] as const)
  .conflicts(['json', 'summary']);

/** Where that is to be written. */
export const formatOutput = new Option(
  '-o, --output <file>',
  'with --format, write to a file, whole or not at all, in place of the one that is there',
);

export const showSecrets = (description: string) => new Option('--show-secrets', description);

export const bootId = new Option('--boot-id <id>', "the host's boot id; detected on the agent's own host").argParser(
  (text: string): string => {
    const id = text.trim();
    if (id === '') throw new UsageError('--boot-id: it is empty; leave it out where it is not known');
    return id;
  },
);

export const rebooted = new Option('--rebooted', 'assume that the host was rebooted').conflicts('bootId');

export const launcher = new Option(
  '--launcher <launcher>',
  'how the agent launches executors: posix refuses a pid that occurs twice',
)
  .choices(['posix', 'linux'])
  .default(DEFAULT_LAUNCHER);

export const sandboxes = new Option(
  '--sandboxes <how>',
  'whether a missing sandbox counts: auto, where the tree has sandboxes at all',
)
  .choices(['auto', 'judge', 'ignore'])
  .default('auto');

/** What is assumed of the start that is predicted, as the options above give it. */
export interface AssumedOptions {
  readonly mesosVersion: Version;
  readonly bootId?: string | undefined;
  readonly rebooted?: boolean | undefined;
  readonly launcher: 'posix' | 'linux';
  readonly sandboxes: 'auto' | 'judge' | 'ignore';
}

/** The same as a simulation takes it, all but the work_dir's place, which is that of the tree. */
export interface Assumed {
  readonly version: Version;
  readonly bootId: string | undefined;
  readonly rebooted: boolean | undefined;
  readonly ownBootId: string | undefined;
  readonly sandboxes: 'auto' | 'judge' | 'ignore';
  readonly launcher: 'posix' | 'linux';
}

/** What the options of a command assume. */
export const assumedBy = (options: AssumedOptions): Assumed => ({
  version: options.mesosVersion,
  bootId: options.bootId,
  rebooted: options.rebooted,
  ownBootId: ownBootId(),
  sandboxes: options.sandboxes,
  launcher: options.launcher,
});

/** An option with each of its values, as words. */
export const valued = (name: string, values: readonly string[] = []): readonly string[] =>
  values.flatMap((value) => [name, value]);

/** What was assumed otherwise than by default, as words that make another command assume it. */
export const assumedWords = (
  options: AssumedOptions & { readonly workDir?: string | undefined },
): readonly string[] => [
  ...valued(
    '--mesos-version',
    compareVersions(options.mesosVersion, LATEST_RELEASE) === 0 ? [] : [versionText(options.mesosVersion)],
  ),
  ...valued('--boot-id', options.bootId === undefined ? [] : [options.bootId]),
  ...(options.rebooted === true ? ['--rebooted'] : []),
  ...valued('--work-dir', options.workDir === undefined ? [] : [options.workDir]),
  ...valued('--launcher', options.launcher === launcher.defaultValue ? [] : [options.launcher]),
  ...valued('--sandboxes', options.sandboxes === sandboxes.defaultValue ? [] : [options.sandboxes]),
];

/** Collects the values of an option that may be given again. */
export const repeatable = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

/** The same where a value may be several with commas between; those in the braces or brackets of a pattern part nothing. */
export const repeatableList = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  ...value.split(/,(?![^{]*\})(?![^[]*\])/),
];

/** The words of a command line apart: PATHs, and behind `--` the flags of an agent. */
export const pathsAndFlags = (
  words: readonly string[],
  command: object,
): { readonly paths: readonly string[]; readonly flags: readonly string[] } => {
  // Commander takes the `--` away, and says where it was nowhere else.
  const { parent } = command as { readonly parent?: { readonly rawArgs?: readonly string[] } | null };
  const line = parent?.rawArgs ?? [];
  const at = line.indexOf('--');
  const behind = at < 0 ? 0 : Math.min(words.length, line.length - at - 1);
  return { paths: words.slice(0, words.length - behind), flags: words.slice(words.length - behind) };
};

/**
 * The flags of an agent that stand behind `--`.
 * @throws UsageError where one is no flag: an agent passes over it without a word, and nobody means that
 */
export const agentFlagsIn = (supposed: readonly string[]): readonly string[] => {
  const other = supposed.find((text) => !text.startsWith('--') || text === '--');
  if (other === undefined) return supposed;
  throw new UsageError(
    `'${shown(other)}' is not a flag of an agent, such as --work_dir=/var/lib/mesos; where the host's files are is given by --root`,
  );
};
