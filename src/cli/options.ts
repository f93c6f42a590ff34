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
} from '../recovery/versions.ts';
import { shown } from '../report/text/escape.ts';
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
