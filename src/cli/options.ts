import * as path from 'node:path';
import { DEFAULT_VERSION, isSupported, OLDEST_VERSION, parseVersion, type Version } from '../recovery/versions.ts';
import { shown } from '../report/text/escape.ts';
import { UsageError } from './io.ts';

/**
 * The version that `--mesos-version` names.
 * @throws UsageError where it is none, or older than what can be simulated
 */
export const versionOf = (text = DEFAULT_VERSION): Version => {
  const version = parseVersion(text);
  if (version === undefined) throw new UsageError(`--mesos-version: '${shown(text)}' is no version, such as 1.11.0`);
  if (isSupported(version)) return version;
  throw new UsageError(
    `--mesos-version: '${shown(text)}' is older than ${OLDEST_VERSION}, the first that is simulated`,
  );
};

/**
 * The place that `--work-dir` names.
 * @throws UsageError where it is not absolute: an agent's links are
 */
export const workDirOf = (text: string | undefined): string | undefined => {
  if (text === undefined || path.isAbsolute(text)) return text;
  throw new UsageError(`--work-dir: '${shown(text)}' is no absolute path, such as /var/lib/mesos`);
};
