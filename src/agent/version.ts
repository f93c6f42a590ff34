/** Versions of the agent: their order, and the span whose recovery is simulated. */

/** A version of the agent: major, minor, patch. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The version that is assumed to start. */
export const DEFAULT_VERSION = '1.11.0';
/** The oldest version whose recovery is simulated. */
export const OLDEST_VERSION = '1.4.0';
/** The newest: the head of the agent's source. A version without rules of its own is known by this line alone. */
export const NEWEST_VERSION = '1.12.0';

/**
 * Reads a version, `1.11.0` or `1.12`; what follows the numbers (`-dev`, `-1.0.1`) is ignored.
 * Undefined where it is none.
 */
export const parseVersion = (text: string): Version | undefined => {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}|x)(?:\..*)?)?(?:[-+~].*)?$/.exec(text.trim());
  if (match === null) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0) || 0];
};

/** The usual text of a version. */
export const versionText = (version: Version): string => version.join('.');

/** Negative where `a` is older than `b`, positive where it is newer. */
export const compareVersions = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

/** Whether the recovery of a version can be simulated: it is neither too old, nor newer than what is known. */
export const isSupported = (version: Version): boolean =>
  compareVersions(version, knownVersion(OLDEST_VERSION)) >= 0 &&
  compareVersions([version[0], version[1], 0], knownVersion(NEWEST_VERSION)) <= 0;

/**
 * A version that a caller names, as such or as text.
 * @throws TypeError where a text is no version, or `isEnough` says no to it: its message has the span that is simulated
 */
export const versionNamed = (
  version: Version | string,
  isEnough: (version: Version) => boolean = isSupported,
): Version => {
  if (typeof version !== 'string') return version;
  const parsed = parseVersion(version);
  if (parsed !== undefined && isEnough(parsed)) return parsed;
  throw new TypeError(`'${version}' is not supported: versions from ${OLDEST_VERSION} to ${NEWEST_VERSION} are`);
};

const knownVersions = new Map<string, Version>();

/** A version that this source names; throws `TypeError` where the text is none. */
export const knownVersion = (text: string): Version => {
  const version = knownVersions.get(text) ?? parseVersion(text);
  if (version === undefined) throw new TypeError(`${text} is not a version`);
  knownVersions.set(text, version);
  return version;
};

/** A half-open span of versions: those from `from` on, and no longer those from `before` on; without a bound, all. */
export interface VersionSpan {
  readonly from?: string;
  readonly before?: string;
}

/** Whether a version is in one of some spans. */
export const isWithin = (version: Version, spans: readonly VersionSpan[]): boolean =>
  spans.some(
    ({ from, before }) =>
      (from === undefined || compareVersions(version, knownVersion(from)) >= 0) &&
      (before === undefined || compareVersions(version, knownVersion(before)) < 0),
  );

/**
 * The spans of what went into several lines of releases.
 * @param releases the first release of each line that has it, the newest line last: later lines have it all
 */
export const since = (...releases: readonly string[]): readonly VersionSpan[] =>
  releases.map((from, i) => {
    const [major, minor] = knownVersion(from);
    return i === releases.length - 1 ? { from } : { from, before: `${major}.${minor + 1}.0` };
  });

/** `DEFAULT_VERSION`, parsed. */
export const LATEST_RELEASE: Version = knownVersion(DEFAULT_VERSION);
