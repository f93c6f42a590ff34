/** Flags as a command line and an environment spell them, before anything is known of what they mean. */

import { compareTexts } from '../../text/lossless.ts';
import type { FlagDefinitions } from './definitions.ts';
import type { Environment, Variable } from './environment.ts';
import type { TracedText } from './origin.ts';

/** A flag, as it is spelled at one place. */
export interface SpelledFlag {
  /** In small letters, `no-strict` for a switch that is turned off. */
  readonly name: string;
  /** Undefined where no value is given: `--strict`. */
  readonly value: string | undefined;
  /** Whether a variable of the environment sets it: what is no flag is passed over there, and refused on a command line. */
  readonly isVariable: boolean;
  /** The whole argument, or the variable's value. */
  readonly text: TracedText;
  /** What it overrode at its own place: an environment variable that was set before. */
  readonly before: readonly TracedText[];
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
  readonly flags: readonly SpelledFlag[];
  /** Arguments that look like no flag: the agent passes over them without a word. */
  readonly ignored: readonly TracedText[];
}

/** Reads a command line behind the program. Mirrors `FlagsBase::load` of stout: `--` ends it. */
export const readArguments = (args: readonly TracedText[]): CommandLine => {
  const flags: SpelledFlag[] = [];
  const ignored: TracedText[] = [];
  for (const [i, argument] of args.entries()) {
    const text = argument.value.replace(BLANKS, '');
    if (text === '--') return { flags, ignored: [...ignored, ...args.slice(i + 1)] };
    if (!text.startsWith('--')) {
      ignored.push(argument);
      continue;
    }
    const at = text.indexOf('=');
    const name = lower(at < 0 ? text.slice(2) : text.slice(2, at));
    flags.push({ name, value: at < 0 ? undefined : text.slice(at + 1), text: argument, isVariable: false, before: [] });
  }
  return { flags, ignored };
};

/** What an environment sets, and variables that look as if they did. */
export interface EnvironmentFlags {
  readonly flags: readonly SpelledFlag[];
  /** `MESOS_*` that is no flag of this version: the agent passes over it without a word. */
  readonly ignored: readonly Variable[];
}

/**
 * Reads an environment. Mirrors `FlagsBase::extract` of stout: the prefix in capitals, the rest in any case; of names that
 * differ in case alone the one that sorts last counts.
 */
export const readEnvironment = (environment: Environment, definitions: FlagDefinitions): EnvironmentFlags => {
  const flags = new Map<string, SpelledFlag>();
  const ignored: Variable[] = [];
  for (const variable of [...environment].sort((a, b) => compareTexts(a.name, b.name))) {
    if (!variable.name.startsWith(PREFIX)) continue;
    const name = lower(variable.name.slice(PREFIX.length));
    if (!definitions.has(bareName(name))) {
      ignored.push(variable);
      continue;
    }
    const other = flags.get(name);
    const before = other === undefined ? variable.overridden : [...other.before, other.text, ...variable.overridden];
    flags.set(name, { name, value: variable.value, text: variable, isVariable: true, before });
  }
  return { flags: [...flags.values()], ignored };
};
