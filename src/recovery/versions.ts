/**
 * What differs between the agent's versions, in one table: chapter by chapter, each rule with the versions that have it.
 */

/** A version of the agent: major, minor, patch. */
export type Version = readonly [major: number, minor: number, patch: number];

/** The version that is assumed to start. */
export const DEFAULT_VERSION = '1.11.0';
/** The oldest version whose recovery is simulated. */
export const OLDEST_VERSION = '1.4.0';
/** The newest: the head of the agent's source. */
export const NEWEST_VERSION = '1.12.0';

/** A half-open span of versions: `from` has the rule, `before` no longer. */
interface Span {
  readonly from?: string;
  readonly before?: string;
}

/** What a version does, or does not. */
export interface Rules {
  /** `runs/latest` that leads nowhere is noted, not fatal. */
  readonly danglingRunIsNoted: boolean;
  /** `executor_generated_for_command_task` is read. */
  readonly generatedIsRead: boolean;
  /** `resources_and_operations.target` is read and renamed. */
  readonly stateTargetIsRead: boolean;
  /** `drain.config` is read. */
  readonly drainIsRead: boolean;
  /** `resources_and_operations.state` is read. */
  readonly stateIsRead: boolean;
  /** `volume_gids` and the agent's `operations/` are read. */
  readonly operationsAreRead: boolean;
  /** After a reboot no pid is read, and `forked.pid` is removed. */
  readonly rebootForgetsPids: boolean;
  /** `resources.info` and `resources.target` are read, and truncated, like logs. */
  readonly resourcesAreLogs: boolean;
  /** `device.state` is read. */
  readonly devicesAreRead: boolean;
  /** The docker containerizer refuses duplicate pids too. */
  readonly dockerRefusesDuplicatePids: boolean;
}

const SPANS: Readonly<Record<keyof Rules, readonly Span[]>> = {
  danglingRunIsNoted: [{ from: '1.12.0' }],
  generatedIsRead: [{ from: '1.7.3', before: '1.8.0' }, { from: '1.10.0' }],
  stateTargetIsRead: [{ from: '1.9.0' }],
  drainIsRead: [{ from: '1.9.0' }],
  stateIsRead: [{ from: '1.8.0' }],
  operationsAreRead: [{ from: '1.8.0' }],
  rebootForgetsPids: [
    { from: '1.4.3', before: '1.5.0' },
    { from: '1.5.2', before: '1.6.0' },
    { from: '1.6.2', before: '1.7.0' },
    { from: '1.7.1' },
  ],
  resourcesAreLogs: [{ before: '1.5.0' }],
  devicesAreRead: [{ from: '1.12.0' }],
  dockerRefusesDuplicatePids: [{ before: '1.7.3' }, { from: '1.8.0', before: '1.8.1' }],
};

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
  compareVersions(version, must(OLDEST_VERSION)) >= 0 &&
  compareVersions([version[0], version[1], 0], must(NEWEST_VERSION)) <= 0;

const knownVersions = new Map<string, Version>();

const must = (text: string): Version => {
  const version = knownVersions.get(text) ?? parseVersion(text);
  if (version === undefined) throw new TypeError(`${text} is no version`);
  knownVersions.set(text, version);
  return version;
};

/** What a version does. */
export const rulesOf = (version: Version): Rules => {
  const key = version.join('.');
  const known = rules.get(key) ?? rulesAt(version);
  rules.set(key, known);
  return known;
};

const rules = new Map<string, Rules>();

const rulesAt = (version: Version): Rules => {
  const holds = (spans: readonly Span[]): boolean =>
    spans.some(
      ({ from, before }) =>
        (from === undefined || compareVersions(version, must(from)) >= 0) &&
        (before === undefined || compareVersions(version, must(before)) < 0),
    );
  return Object.fromEntries(Object.entries(SPANS).map(([rule, spans]) => [rule, holds(spans)])) as unknown as Rules;
};

/** `DEFAULT_VERSION`, parsed. */
export const LATEST_RELEASE: Version = must(DEFAULT_VERSION);
