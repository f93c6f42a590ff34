import type { AgentFlag, Refusal } from './agent-flags.ts';
import type { FlagDefinition } from './definitions.ts';
import { parseDuration } from './notation/duration.ts';
import { parseJsonObject } from './notation/json.ts';
import { fetchValue, jsonText, type ReadText } from './notation/value.ts';

/** The value of a flag that is set and can be read; undefined where it is not, or is not known. */
export type Look = (name: string) => string | undefined;

type Rule = (look: Look, isSet: (name: string) => boolean) => readonly [name: string, message: string] | undefined;

const SECOND = 1e9;
/** Linux's own limit on the path of a socket. */
const MAX_SOCKET_PATH = 108;

const duration = (text: string | undefined): number | undefined => {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed?.ok === true ? parsed.value : undefined;
};

/** What is checked once all flags are loaded, in the agent's order: validators by the name of the flag, then `main`. */
const rulesWith = (read: ReadText): readonly Rule[] => [
  (look) =>
    (look('domain_socket_location')?.length ?? 0) >= MAX_SOCKET_PATH
      ? ['domain_socket_location', 'Domain socket location cannot be longer than 108 characters.']
      : undefined,
  (look) => {
    const value = look('executor_environment_variables');
    const text = value === undefined ? undefined : jsonText(value, read);
    const parsed = text?.ok === true ? parseJsonObject(text.value) : undefined;
    return parsed?.ok === true && Object.values(parsed.value).some((each) => typeof each !== 'string')
      ? ['executor_environment_variables', '`executor_environment_variables` must only contain string values']
      : undefined;
  },
  (look) =>
    (duration(look('executor_reregistration_timeout')) ?? 0) > 15 * SECOND
      ? ['executor_reregistration_timeout', 'Expected `--executor_reregistration_timeout` to be not more than 15secs']
      : undefined,
  (_look, isSet) =>
    isSet('work_dir') ? undefined : ['work_dir', "Flag 'work_dir' is required, but it was not provided"],
  (look) => (look('help') === 'true' ? ['help', 'it prints its help, and exits'] : undefined),
  (look) => (look('version') === 'true' ? ['version', 'it prints its version, and exits'] : undefined),
  (_look, isSet) =>
    isSet('master') || isSet('master_detector')
      ? undefined
      : ['master', 'Missing required option `--master` or `--master_detector`'],
  both('master', 'master_detector', 'Only one of `--master` or `--master_detector` should be specified'),
  both('ip', 'ip_discovery_command', 'Only one of `--ip` or `--ip_discovery_command` should be specified'),
  both('ip6', 'ip6_discovery_command', 'Only one of `--ip6` or `--ip6_discovery_command` should be specified'),
  both('modules', 'modules_dir', 'Only one of --modules or --modules_dir should be specified'),
  (look) => {
    const text = look('registration_backoff_factor');
    return (duration(text) ?? 0) > 60 * SECOND
      ? [
          'registration_backoff_factor',
          `Invalid value '${text ?? ''}' for --registration_backoff_factor: Must be less than 1mins`,
        ]
      : undefined;
  },
  (look) => {
    const text = look('gc_disk_headroom');
    const value = Number(text ?? 0);
    return value < 0 || value > 1
      ? ['gc_disk_headroom', `Invalid value '${text ?? ''}' for --gc_disk_headroom. Must be between 0.0 and 1.0`]
      : undefined;
  },
  oneOf('reconfiguration_policy', ['equal', 'additive'], '.'),
  oneOf('recover', ['reconnect', 'cleanup'], ''),
];

function both(one: string, other: string, message: string): Rule {
  return (_look, isSet) => (isSet(one) && isSet(other) ? [other, message] : undefined);
}

function oneOf(name: string, allowed: readonly string[], end: string): Rule {
  return (look) => {
    const value = look(name);
    return value === undefined || allowed.includes(value)
      ? undefined
      : [
          name,
          `Unknown option for '${name}' flag ${value}. Please run the agent with '--help' to see the valid options${end}`,
        ];
  };
}

/**
 * Why an agent with these flags does not start, beyond what each value says by itself. Unless it `isComplete`,
 * flags may be set that are not known, so that none is missing for sure.
 */
export const validateFlags = (
  flags: ReadonlyMap<string, AgentFlag>,
  known: ReadonlyMap<string, FlagDefinition>,
  read: ReadText,
  isComplete: boolean,
): readonly Refusal[] => {
  const isSet = (name: string): boolean => flags.has(name);
  const look: Look = (name) => {
    const flag = flags.get(name);
    const definition = known.get(name);
    if (flag === undefined || definition === undefined || flag.problem !== undefined || flag.unknown !== undefined) {
      return undefined;
    }
    const fetched = fetchValue(definition.kind, flag.value, read);
    return fetched.ok ? fetched.value : undefined;
  };
  return rulesWith(read).flatMap((rule): readonly Refusal[] => {
    const found = rule(look, isSet);
    if (found === undefined || (!isComplete && !isSet(found[0]))) return [];
    return [{ message: found[1], origin: flags.get(found[0])?.origin }];
  });
};
