import * as path from 'node:path';
import {
  compareVersions,
  DEFAULT_VERSION,
  isSupported,
  LATEST_RELEASE,
  NEWEST_VERSION,
  OLDEST_VERSION,
  parseVersion,
  type Version,
} from '../agent/version.ts';
import { shown } from '../text/escape.ts';
import { ownBootId } from './host.ts';
import { UsageError } from './io.ts';

/**
 * The version that `--mesos-version` names.
 * @throws UsageError where it is none, or not one that can be simulated
 */
export const versionOf = (text = DEFAULT_VERSION): Version => {
  const version = parseVersion(text);
  if (version === undefined) throw new UsageError(`--mesos-version: '${shown(text)}' is no version, such as 1.11.0`);
  if (isSupported(version)) return version;
  const [far, bound] =
    compareVersions(version, LATEST_RELEASE) < 0
      ? ['older', `${OLDEST_VERSION}, the first that is simulated`]
      : ['newer', `${NEWEST_VERSION}, the last that is known`];
  throw new UsageError(`--mesos-version: '${shown(text)}' is ${far} than ${bound}`);
};

/**
 * The place that `--work-dir` names.
 * @throws UsageError where it is not absolute: an agent's links are
 */
export const workDirOf = (text: string | undefined): string | undefined => {
  if (text === undefined || path.isAbsolute(text)) return text;
  throw new UsageError(`--work-dir: '${shown(text)}' is no absolute path, such as /var/lib/mesos`);
};

/** What is assumed of the start that is foretold, as the command line gives it. */
export interface AssumedOptions {
  readonly mesosVersion?: string;
  readonly bootId?: string;
  readonly rebooted?: boolean;
  readonly workDir?: string | undefined;
  readonly launcher?: 'posix' | 'linux';
  readonly sandboxes?: 'auto' | 'judge' | 'ignore';
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

/**
 * What the options of a command assume.
 * @throws UsageError where the boot id is empty, or the version none that can be simulated
 */
export const assumedBy = (options: AssumedOptions): Assumed => {
  const bootId = options.bootId?.trim();
  if (bootId === '') throw new UsageError('--boot-id: it is empty; leave it out where it is not known');
  return {
    version: versionOf(options.mesosVersion),
    bootId,
    rebooted: options.rebooted,
    ownBootId: ownBootId(),
    sandboxes: options.sandboxes ?? 'auto',
    launcher: options.launcher ?? 'posix',
  };
};

/**
 * The flags of an agent that stand behind `--`.
 * @throws UsageError where one is no flag: an agent passes over it without a word, and nobody means that
 */
export const agentFlagsIn = (supposed: readonly string[]): readonly string[] => {
  const other = supposed.find((text) => !text.startsWith('--') || text === '--');
  if (other === undefined) return supposed;
  throw new UsageError(
    `'${shown(other)}' is no flag of an agent, such as --work_dir=/var/lib/mesos; where the host's files are is told by --root`,
  );
};
