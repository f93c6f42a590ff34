/** Why something of a collected host is not known: the words of `contrib/collect.sh`, and what this program finds out. */
export type Reason = 'denied' | 'slow' | 'large' | 'failed' | 'redacted' | 'changed' | 'not collected';

/** A reason as the code of an answer: that of the system call where there is one. */
export const codeOf = (reason: Reason): string => CODES[reason];

const CODES: Readonly<Record<Reason, string>> = {
  denied: 'EACCES',
  failed: 'EIO',
  large: 'EFBIG',
  slow: 'TOO_SLOW',
  redacted: 'REDACTED',
  changed: 'CHANGED',
  'not collected': 'NOT_COLLECTED',
};

const TEXTS: ReadonlyMap<string, string> = new Map([
  ['TOO_SLOW', 'reading it took too long when the host was collected'],
  ['REDACTED', 'it was left out by collect --redact'],
  ['CHANGED', 'it changed while it was collected'],
  ['NOT_COLLECTED', 'it was not collected'],
]);

/** What a code of a collected host says, a clause; undefined where it is that of a system call. */
export const reasonText = (code: string): string | undefined => TEXTS.get(code);

/** The reason that a word of the script stands for. */
export const reasonNamed = (word: string): Reason | undefined =>
  Object.hasOwn(CODES, word) ? (word as Reason) : undefined;
