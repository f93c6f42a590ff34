import * as names from '../../layout/names.ts';
import type { Blanker } from './blank.ts';

/** What the agent writes into its files of text, and how much of one is looked at. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  [names.BOOT_ID]: /^\s*[0-9a-fA-F-]{1,40}\s*$/,
  [names.FORKED_PID]: /^\s*[-+]?(0[xX])?[0-9a-fA-F]{0,20}\s*$/,
  [names.EXECUTOR_GENERATED]: /^\s*[-+]?(0[xX])?[0-9a-fA-F]{0,20}\s*$/,
  [names.EXECUTOR_SENTINEL]: /^$/,
  [names.HTTP_MARKER]: /^$/,
};

/** `id@ip:port`; what is behind a blank is not looked at. */
const PID = /^[!-?A-~]{0,300}@[!-~]{1,80}:[0-9]{1,6}(?=\s|$)/;
const PIDS = new Set([names.FRAMEWORK_PID, names.LIBPROCESS_PID]);

/** Blanks what a file of text should not hold; a file that the agent does not read is blanked whole. */
export const redactText = (name: string, bytes: Buffer, blanker: Blanker): boolean => {
  const text = bytes.toString('latin1');
  if (Object.hasOwn(PATTERNS, name) && PATTERNS[name]?.test(text) === true) return true;
  const pid = PIDS.has(name) ? PID.exec(text)?.[0] : undefined;
  if (pid?.length === bytes.length || bytes.length === 0) return true;
  blanker.raw(bytes, pid?.length ?? 0, bytes.length);
  return false;
};
