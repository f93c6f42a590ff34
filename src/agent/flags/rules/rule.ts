import type { Message } from '../../../format/parse.ts';
import type { Version, VersionSpan } from '../../version.ts';
import { parseDuration } from '../notation/duration.ts';
import type { ReadText } from '../notation/value.ts';

/** The flags of an agent, as a rule sees them. */
export interface FlagLook {
  readonly version: Version;
  /** The value of a flag that is set and can be read; undefined where it is not, or is not known. */
  readonly value: (name: string) => string | undefined;
  /** The value of a flag, or its default where nothing sets it; undefined where neither is known. */
  readonly valueOrDefault: (name: string) => string | undefined;
  /** The message that a flag's JSON is, where it is set and can be read. */
  readonly message: (name: string) => Message | undefined;
  readonly isSet: (name: string) => boolean;
  /** Whether nothing sets it, for sure: where flags may be set that are not known, none is missing. */
  readonly isMissing: (name: string) => boolean;
  /** A variable of the agent's environment; undefined where it is not set, or is not known. */
  readonly variable: (name: string) => string | undefined;
  /** Reads a file that a value names. */
  readonly read: ReadText;
}

/** What the agent checks once all flags are loaded. */
export interface FlagRule {
  /** The versions that check it, where not all do. */
  readonly versions?: readonly VersionSpan[];
  /** The flag whose place is named, or else the variable. */
  readonly flag: string;
  readonly variable?: string;
  /** Why the agent does not start, in its words; undefined where the rule holds. */
  readonly refusal: (flags: FlagLook) => string | undefined;
}

/** A rule about the value of one flag, where that is set and known. */
export const value = (flag: string, refusal: (value: string, flags: FlagLook) => string | undefined): FlagRule => ({
  flag,
  refusal: (flags) => {
    const text = flags.value(flag);
    return text === undefined ? undefined : refusal(text, flags);
  },
});

/** A rule about what the JSON of one flag says. */
export const json = (flag: string, refusal: (message: Message, flags: FlagLook) => string | undefined): FlagRule => ({
  flag,
  refusal: (flags) => {
    const message = flags.message(flag);
    return message === undefined ? undefined : refusal(message, flags);
  },
});

/** One of some flags has to be set; the first is named. */
export const required = (names: readonly [string, ...string[]], message: string): FlagRule => ({
  flag: names[0],
  refusal: ({ isMissing }) => (names.every(isMissing) ? message : undefined),
});

/** Two flags may not both be set; the second is named. */
export const exclusive = (one: string, other: string, message: string): FlagRule => ({
  flag: other,
  refusal: ({ isSet }) => (isSet(one) && isSet(other) ? message : undefined),
});

/** A switch that ends the agent at once where it is on. */
export const ends = (flag: string, message: string): FlagRule =>
  value(flag, (text) => (text === 'true' ? message : undefined));

/** A flag whose value has to be one of some words. */
export const oneOf = (flag: string, allowed: readonly string[], message: (text: string) => string): FlagRule =>
  value(flag, (text) => (allowed.includes(text) ? undefined : message(text)));

/** A duration, in nanoseconds, that may not be longer. */
export const atMost = (flag: string, most: number, message: (text: string) => string): FlagRule =>
  value(flag, (text) => {
    const parsed = parseDuration(text);
    return parsed.ok && parsed.value > most ? message(text) : undefined;
  });

/** A second, in nanoseconds. */
export const SECOND = 1e9;

/** The entries of a repeated field that holds messages. */
export const entriesOf = (message: Message, field: string): readonly Message[] =>
  (message[field] ?? []) as readonly Message[];
