import { defaults } from './generated/messages.ts';

/** The fields with a default of their own, and that default, by the message's full name. */
export type FieldDefaults = typeof defaults;

/** What a field that is absent from a decoded message reads as, where the definition gives it a default of its own. */
export function defaultOf<M extends keyof FieldDefaults, F extends keyof FieldDefaults[M]>(
  message: M,
  field: F,
): FieldDefaults[M][F] {
  return defaults[message][field];
}
