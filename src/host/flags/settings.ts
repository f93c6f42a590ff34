import type { FlagDefinition } from './definitions.ts';
import { compareText } from './order.ts';
import type { Environment, Given } from './process.ts';

/** One setting of a flag, as it is spelled. */
export interface Setting {
  /** In small letters, `no-strict` for a switch that is turned off. */
  readonly name: string;
  /** Undefined where no value is given: `--strict`. */
  readonly value: string | undefined;
  readonly given: Given;
  /** What it overrode at its own place: an environment variable that was set before. */
  readonly before: readonly Given[];
}

const BLANKS = /^[ \t\n\r]+|[ \t\n\r]+$/g;
const PREFIX = 'MESOS_';
const NEGATION = 'no-';

/** Small letters of ASCII alone: the agent's `tolower` leaves others as they are. */
const lower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

/** A flag's name without the `no-` before it. */
export const bareName = (name: string): string => (name.startsWith(NEGATION) ? name.slice(NEGATION.length) : name);

/** Whether a name turns a switch off. */
export const isNegated = (name: string): boolean => name.startsWith(NEGATION);

/** What a command line sets, in order, and what of it the agent does not look at. */
export interface CommandLine {
  readonly settings: readonly Setting[];
  /** Arguments that look like no flag: the agent passes over them without a word. */
  readonly ignored: readonly Given[];
}

/** Reads a command line behind the program. Mirrors `FlagsBase::load` of stout: `--` ends it. */
export const readArguments = (args: readonly Given[]): CommandLine => {
  const settings: Setting[] = [];
  const ignored: Given[] = [];
  for (const [i, given] of args.entries()) {
    const text = given.value.replace(BLANKS, '');
    if (text === '--') return { settings, ignored: [...ignored, ...args.slice(i + 1)] };
    if (!text.startsWith('--')) {
      ignored.push(given);
      continue;
    }
    const at = text.indexOf('=');
    const name = lower(at < 0 ? text.slice(2) : text.slice(2, at));
    settings.push({ name, value: at < 0 ? undefined : text.slice(at + 1), given, before: [] });
  }
  return { settings, ignored };
};

/** What an environment sets, and variables that look as if they did. */
export interface EnvironmentSettings {
  readonly settings: readonly Setting[];
  /** `MESOS_*` that is no flag of this version: the agent passes over it without a word. */
  readonly ignored: readonly { readonly name: string; readonly given: Given }[];
}

/**
 * Reads an environment. Mirrors `FlagsBase::extract` of stout: the prefix in capitals, the rest in any case; of names that
 * differ in case alone the one that sorts last counts.
 */
export const readEnvironment = (
  environment: Environment,
  known: ReadonlyMap<string, FlagDefinition>,
): EnvironmentSettings => {
  const settings = new Map<string, Setting>();
  const ignored: { name: string; given: Given }[] = [];
  const variables = [...environment].sort((a, b) => compareText(a.name, b.name));
  for (const variable of variables) {
    if (!variable.name.startsWith(PREFIX)) continue;
    const name = lower(variable.name.slice(PREFIX.length));
    if (!known.has(bareName(name))) {
      ignored.push({ name: variable.name, given: variable });
      continue;
    }
    const other = settings.get(name);
    const before = other === undefined ? variable.overridden : [...other.before, other.given, ...variable.overridden];
    settings.set(name, { name, value: variable.value, given: variable, before });
  }
  return { settings: [...settings.values()], ignored };
};
