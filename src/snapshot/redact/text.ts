import type { Blanker } from './blank.ts';

/** What the agent writes into its files of text, and how much of one is looked at. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  boot_id: /^\s*[0-9a-fA-F-]{1,40}\s*$/,
  'forked.pid': /^\s*[-+]?(0[xX])?[0-9a-fA-F]{0,20}\s*$/,
  executor_generated_for_command_task: /^\s*[-+]?(0[xX])?[0-9a-fA-F]{0,20}\s*$/,
  'executor.sentinel': /^$/,
  'http.marker': /^$/,
};

/** `id@ip:port`; what is behind a blank is not looked at. */
const PID = /^[!-?A-~]{0,300}@[!-~]{1,80}:[0-9]{1,6}(?=\s|$)/;
const PIDS = new Set(['framework.pid', 'libprocess.pid']);

/** Blanks what a file of text should not hold; a file that the agent does not read is blanked whole. */
export const redactText = (name: string, bytes: Buffer, blanker: Blanker): boolean => {
  const text = bytes.toString('latin1');
  if (Object.hasOwn(PATTERNS, name) && PATTERNS[name]?.test(text) === true) return true;
  const pid = PIDS.has(name) ? PID.exec(text)?.[0] : undefined;
  if (pid?.length === bytes.length || bytes.length === 0) return true;
  blanker.raw(bytes, pid?.length ?? 0, bytes.length);
  return false;
};
