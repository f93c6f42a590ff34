import type { Severities } from '../findings/finding.ts';

const NOTE: Severities = { strict: 'note', nonStrict: 'note' };

/** The severity of what costs nothing where nothing runs that it is about; undefined where it is the usual one. */
export const noteUnless = (runs: boolean): Severities | undefined => (runs ? undefined : NOTE);
