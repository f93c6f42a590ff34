import type { FileRow, TextContent } from '../../layout/kinds.ts';
import { MAX_TEXT } from '../../source/whole.ts';
import type { Blanker } from './blank.ts';

/** What the agent writes into its files of text, and how much of one is looked at; of a pid, what is behind a blank is not. */
const PATTERNS: Readonly<Record<TextContent, RegExp>> = {
  'boot id': /^\s*[0-9a-fA-F-]{1,40}\s*$/,
  number: /^\s*[-+]?(0[xX])?[0-9a-fA-F]{0,20}\s*$/,
  pid: /^[!-?A-~]{0,300}@[!-~]{1,80}:[0-9]{1,6}(?=\s|$)/,
};

/** Blanks what a file of text should not hold; a file that the agent does not read is blanked whole, and a marker is empty. */
export const redactText = (row: FileRow | undefined, bytes: Buffer, blanker: Blanker): boolean => {
  const pattern = row?.text === undefined ? undefined : PATTERNS[row.text];
  // A file may be longer than a string can be; of one of text, the beginning decides.
  const kept = pattern?.exec(bytes.toString('latin1', 0, MAX_TEXT))?.[0];
  if (kept?.length === bytes.length || bytes.length === 0) return true;
  blanker.raw(bytes, kept?.length ?? 0, bytes.length);
  return false;
};
