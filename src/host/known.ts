/** What was found out, or why it could not be: a check must never take one for the other. */

import { reasonText } from '../source/collected/reasons.ts';
import { errnoText } from '../source/errno.ts';
import { isUnseen, type Unseen } from './host.ts';

/**
 * Something that was to be found out. `why` is a clause that names the place: `/proc/812/environ: Permission denied`. `todo` is
 * what would make it known, where that is neither root nor what a check says of itself.
 */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string; readonly needsRoot: boolean; readonly todo?: string | undefined };

/** What was found out. */
export const known = <T>(value: T): Known<T> => ({ known: true, value });

/** What was not, and why. */
export const unknown = (why: string, needsRoot = false, todo?: string): Known<never> => ({
  known: false,
  why,
  needsRoot,
  ...(todo === undefined ? {} : { todo }),
});

/** What a host did not let us see. */
export const unseen = (path: string, { code }: Unseen): Known<never> =>
  unknown(`${path}: ${textOf(code)}`, code === 'EACCES' || code === 'EPERM');

/** A host opens no FIFO, socket or device, and says so with `EINVAL`. */
const textOf = (code: string): string =>
  code === 'EINVAL' ? 'it is not a regular file' : (reasonText(code) ?? errnoText(code));

/** An answer of a host, where "not there" is an answer too. */
export const knownOf = <T>(path: string, answer: T | Unseen | undefined): Known<T | undefined> =>
  isUnseen(answer) ? unseen(path, answer) : known(answer);

/** The value, where it is known. */
export const ifKnown = <T>(fact: Known<T>): T | undefined => (fact.known ? fact.value : undefined);

/** What follows from something, as far as that is known. */
export const mapKnown = <T, U>(fact: Known<T>, map: (value: T) => U): Known<U> =>
  fact.known ? known(map(fact.value)) : fact;
