import { isWithin, type Version } from '../../version.ts';
import { definitionsOf } from '../definitions.ts';
import type { Environment } from '../environment.ts';
import type { AgentFlag } from '../flag-set.ts';
import { fetchValue, jsonMessage, type ReadText } from '../notation/value.ts';
import type { BuildRefusal, Refusal } from '../origin.ts';
import { shapeOfFlag } from '../shapes/shapes.ts';
import { AUTHENTICATORS, AUTHORIZER } from './authorization.ts';
import { CONTAINERIZERS } from './containerizers.ts';
import { BACKOFF, INITIALIZE, VOLUME_GIDS } from './initialize.ts';
import { LIBPROCESS } from './libprocess.ts';
import { MAIN, MASTER, MODULES } from './main.ts';
import { ends, type FlagLook, type FlagRule, required } from './rule.ts';
import { VALIDATORS } from './validators.ts';

/** In the agent's order. */
const RULES: readonly FlagRule[] = [
  ends('help', 'it prints its help, and exits'),
  ends('version', 'it prints its version, and exits'),
  required(['work_dir'], "Flag 'work_dir' is required, but it was not provided"),
  ...VALIDATORS,
  ...MAIN,
  ...LIBPROCESS,
  MODULES,
  VOLUME_GIDS,
  ...CONTAINERIZERS,
  MASTER,
  AUTHORIZER,
  BACKOFF,
  ...AUTHENTICATORS,
  ...INITIALIZE,
];

/** What is known of an agent's start besides its flags. */
export interface RulesInput {
  readonly version: Version;
  readonly read: ReadText;
  readonly environment: Environment;
  /** Whether nothing else can set a flag. */
  readonly isComplete: boolean;
}

/** Why an agent with these flags does not start, beyond what each value says by itself. */
export const validateFlags = (
  flags: ReadonlyMap<string, AgentFlag>,
  input: RulesInput,
): { readonly refusals: readonly Refusal[]; readonly buildRefusals: readonly BuildRefusal[] } => {
  const look = lookAt(flags, input);
  const definitions = definitionsOf(input.version);
  const refusals: Refusal[] = [];
  const buildRefusals: BuildRefusal[] = [];
  for (const { versions, flag, variable = '', refusal } of RULES) {
    const message = versions === undefined || isWithin(input.version, versions) ? refusal(look) : undefined;
    if (message === undefined) continue;
    const own = flags.get(flag);
    const origin = own?.origin ?? input.environment.get(variable)?.origin;
    const option = definitions.get(flag)?.build;
    // Where the environment sets what only some builds know, the others pass over it.
    if (option !== undefined && own?.isVariable) buildRefusals.push({ message, origin, flag, option, isWith: true });
    else refusals.push({ message, origin });
  }
  return { refusals, buildRefusals };
};

const lookAt = (
  flags: ReadonlyMap<string, AgentFlag>,
  { version, read, environment, isComplete }: RulesInput,
): FlagLook => {
  const definitions = definitionsOf(version);
  const isMissing = (name: string): boolean => isComplete && !flags.has(name);
  const value = (name: string): string | undefined => {
    const flag = flags.get(name);
    const definition = definitions.get(name);
    if (flag === undefined || definition === undefined || flag.problem !== undefined || flag.unknown !== undefined) {
      return undefined;
    }
    const fetched = fetchValue(definition.kind, flag.value, read);
    return fetched.ok ? fetched.value : undefined;
  };
  return {
    version,
    read,
    isMissing,
    isSet: (name) => flags.has(name),
    value,
    valueOrDefault: (name) => (isMissing(name) ? definitions.get(name)?.defaultValue : value(name)),
    message: (name) => {
      const text = value(name);
      const shape = shapeOfFlag(name, version);
      const message = text === undefined || shape === undefined ? undefined : jsonMessage(shape, text, read);
      return message?.ok === true ? message.value : undefined;
    },
    variable: (name) => {
      const found = environment.get(name);
      return found?.unknown === undefined ? found?.value : undefined;
    },
  };
};
