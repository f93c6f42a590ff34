import { isWithin, since, type Version, type VersionSpan } from '../version.ts';
import { definitionsOf } from './definitions.ts';
import type { AgentFlag } from './flag-set.ts';
import { parseDuration } from './notation/duration.ts';
import { fetchValue, jsonObject, type ReadText } from './notation/value.ts';
import type { Refusal } from './origin.ts';

/** The flags of an agent that are set, as a rule sees them. */
export interface FlagLook {
  /** The value of a flag that is set and can be read; undefined where it is not, or is not known. */
  readonly value: (name: string) => string | undefined;
  readonly isSet: (name: string) => boolean;
  /** Reads a file that a value names. */
  readonly read: ReadText;
}

/** What the agent checks once all flags are loaded. */
export interface FlagRule {
  /** The versions that check it, where not all do. */
  readonly versions?: readonly VersionSpan[];
  /** The flag whose place is named; where it is not set, and others may be that are not known, nothing is said. */
  readonly flag: string;
  /** Why the agent does not start, in its words; undefined where the rule holds. */
  readonly refusal: (flags: FlagLook) => string | undefined;
}

/** A rule about the value of one flag, where that is set and known. */
const value = (flag: string, refusal: (value: string, read: ReadText) => string | undefined): FlagRule => ({
  flag,
  refusal: (flags) => {
    const text = flags.value(flag);
    return text === undefined ? undefined : refusal(text, flags.read);
  },
});

/** One of some flags has to be set; the first is named. */
const required = (names: readonly [string, ...string[]], message: string): FlagRule => ({
  flag: names[0],
  refusal: ({ isSet }) => (names.some(isSet) ? undefined : message),
});

/** Two flags may not both be set; the second is named. */
const exclusive = (one: string, other: string, message: string): FlagRule => ({
  flag: other,
  refusal: ({ isSet }) => (isSet(one) && isSet(other) ? message : undefined),
});

/** A switch that ends the agent at once where it is on. */
const ends = (flag: string, message: string): FlagRule =>
  value(flag, (text) => (text === 'true' ? message : undefined));

const oneOf = (flag: string, allowed: readonly string[], end: string): FlagRule =>
  value(flag, (text) =>
    allowed.includes(text)
      ? undefined
      : `Unknown option for '${flag}' flag ${text}. Please run the agent with '--help' to see the valid options${end}`,
  );

const SECOND = 1e9;

/** A duration, in nanoseconds, that may not be longer. */
const atMost = (flag: string, most: number, message: (text: string) => string): FlagRule =>
  value(flag, (text) => {
    const parsed = parseDuration(text);
    return parsed.ok && parsed.value > most ? message(text) : undefined;
  });

/** Linux's own limit on the path of a socket. */
const MAX_SOCKET_PATH = 108;

/**
 * Why the master's place is none. Mirrors `MasterDetector::create`: a ZooKeeper has to have a path, and anything else is a host
 * and a port. Whether a name leads to an address, only the host's resolver knows.
 */
const masterProblem = (text: string): string | undefined => {
  const refused = (why: string): string => `Failed to create a master detector: ${why}`;
  if (text.startsWith('file://')) return undefined;
  if (text.startsWith('zk://')) {
    return /^zk:\/\/[^/]*\/?\s*$/.test(text)
      ? refused("Expecting a (chroot) path for ZooKeeper ('/' is not supported)")
      : undefined;
  }
  const address = text.startsWith('master@') ? text.slice('master@'.length) : text;
  // A variable that nothing has replaced is no host's name; a port is read as far as its digits go.
  return /^\s*[^\s:$@]+:\s*[+-]?\d/.test(address) ? undefined : refused(`Failed to parse '${text}'`);
};

/** In the agent's order: first the validators (`slave/flags.cpp`), by the names of their flags, then `main` (`slave/main.cpp`). */
const RULES: readonly FlagRule[] = [
  {
    versions: since('1.10.0'),
    ...value('domain_socket_location', (path) =>
      path.length >= MAX_SOCKET_PATH ? 'Domain socket location cannot be longer than 108 characters.' : undefined,
    ),
  },
  value('executor_environment_variables', (text, read) => {
    const parsed = jsonObject(text, read);
    return parsed.ok && Object.values(parsed.value).some((each) => typeof each !== 'string')
      ? '`executor_environment_variables` must only contain string values'
      : undefined;
  }),
  atMost(
    'executor_reregistration_timeout',
    15 * SECOND,
    () => 'Expected `--executor_reregistration_timeout` to be not more than 15secs',
  ),
  required(['work_dir'], "Flag 'work_dir' is required, but it was not provided"),
  ends('help', 'it prints its help, and exits'),
  ends('version', 'it prints its version, and exits'),
  required(['master', 'master_detector'], 'Missing required option `--master` or `--master_detector`'),
  exclusive('master', 'master_detector', 'Only one of `--master` or `--master_detector` should be specified'),
  exclusive('ip', 'ip_discovery_command', 'Only one of `--ip` or `--ip_discovery_command` should be specified'),
  exclusive('ip6', 'ip6_discovery_command', 'Only one of `--ip6` or `--ip6_discovery_command` should be specified'),
  exclusive('modules', 'modules_dir', 'Only one of --modules or --modules_dir should be specified'),
  atMost(
    'registration_backoff_factor',
    60 * SECOND,
    (text) => `Invalid value '${text}' for --registration_backoff_factor: Must be less than 1mins`,
  ),
  value('gc_disk_headroom', (text) =>
    Number(text) < 0 || Number(text) > 1
      ? `Invalid value '${text}' for --gc_disk_headroom. Must be between 0.0 and 1.0`
      : undefined,
  ),
  oneOf('reconfiguration_policy', ['equal', 'additive'], '.'),
  oneOf('recover', ['reconnect', 'cleanup'], ''),
  value('master', masterProblem),
];

/**
 * Why an agent with these flags does not start, beyond what each value says by itself. Unless it `isComplete`,
 * flags may be set that are not known, so that none is missing for sure.
 */
export const validateFlags = (
  flags: ReadonlyMap<string, AgentFlag>,
  { version, read, isComplete }: { readonly version: Version; readonly read: ReadText; readonly isComplete: boolean },
): readonly Refusal[] => {
  const definitions = definitionsOf(version);
  const look: FlagLook = {
    isSet: (name) => flags.has(name),
    value: (name) => {
      const flag = flags.get(name);
      const definition = definitions.get(name);
      if (flag === undefined || definition === undefined || flag.problem !== undefined || flag.unknown !== undefined) {
        return undefined;
      }
      const fetched = fetchValue(definition.kind, flag.value, read);
      return fetched.ok ? fetched.value : undefined;
    },
    read,
  };
  return RULES.flatMap(({ versions, flag, refusal }): readonly Refusal[] => {
    const isChecked = (versions === undefined || isWithin(version, versions)) && (isComplete || flags.has(flag));
    const message = isChecked ? refusal(look) : undefined;
    return message === undefined ? [] : [{ message, origin: flags.get(flag)?.origin }];
  });
};
