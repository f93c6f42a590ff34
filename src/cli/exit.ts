/** The exit codes of every command, as monitoring systems take them: OK, WARNING, CRITICAL, UNKNOWN. */
export const EXIT = {
  recovers: 0,
  losses: 1,
  fails: 2,
  unknown: 3,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An exit code, or several, and what it means. */
type ExitRow = readonly [code: ExitCode | string, meaning: string];

/** What 3 means, whatever the command does. */
export const UNKNOWN: ExitRow = [
  EXIT.unknown,
  'the command could not do its work (usage, unreadable, no checkpoint there)',
];

/** The table of exit codes, for `--help` and the README. */
export const EXIT_CODE_TABLE: readonly ExitRow[] = [
  [EXIT.recovers, 'the agent recovers everything'],
  [EXIT.losses, 'it starts, and something is lost or counted'],
  [EXIT.fails, 'it refuses, aborts, or comes up as a new agent that forgets its tasks'],
  UNKNOWN,
];

/** The end of a command's help. */
export const exitCodesHelp = (...rows: readonly ExitRow[]): string => titledExitCodes('Exit codes', rows);

/** The same of one use of a command, or of one command of several. */
export const titledExitCodes = (title: string, rows: readonly ExitRow[]): string => `
${title}:
${rows.map(([code, meaning]) => `  ${code}  ${meaning}`).join('\n')}
`;
