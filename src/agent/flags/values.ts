import type { Version } from '../version.ts';
import { definitionsOf } from './definitions.ts';
import type { FlagSet } from './flag-set.ts';
import { fetchValue, type ReadText } from './notation/value.ts';
import { originText } from './origin.ts';

/** What a flag is: a value that it is set to, the default, or something that cannot be told. */
export type FlagValue =
  | { readonly kind: 'set'; readonly value: string; readonly from: string }
  | { readonly kind: 'default'; readonly value: string | undefined }
  | { readonly kind: 'unknown'; readonly why: string; readonly from: string };

/** Flags by name, with what `file://` names in its place. */
export type FlagValues = (name: string) => FlagValue;

/**
 * The values of an agent's flags. A flag that nothing sets has its default only where everything that could set it was
 * read; where something was not, it is unknown.
 */
export const flagValues = ({ flags, isComplete }: FlagSet, version: Version, read: ReadText): FlagValues => {
  const definitions = definitionsOf(version);
  return (name) => {
    const definition = definitions.get(name);
    const flag = flags.get(name);
    if (flag === undefined || definition === undefined) {
      return isComplete || definition === undefined
        ? { kind: 'default', value: definition?.defaultValue }
        : { kind: 'unknown', why: `whether --${name} is set is not known`, from: 'the agent that is to start' };
    }
    const from = originText(flag.origin);
    if (flag.unknown !== undefined) return { kind: 'unknown', why: flag.unknown, from };
    const fetched = fetchValue(definition.kind, flag.value, read);
    return fetched.ok ? { kind: 'set', value: fetched.value, from } : { kind: 'unknown', why: fetched.message, from };
  };
};

/** The same with some flags set otherwise, or, where that is undefined, not set. */
export const withFlags =
  (values: FlagValues, changed: ReadonlyMap<string, string | undefined>): FlagValues =>
  (name) => {
    if (!changed.has(name)) return values(name);
    const value = changed.get(name);
    return value === undefined ? { kind: 'default', value: undefined } : { kind: 'set', value, from: `--${name}` };
  };
