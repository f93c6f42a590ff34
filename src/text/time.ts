/** What a Date can be, in seconds from 1970. */
const LIMIT = 8.64e12;

/**
 * A time in seconds since 1970 (as the checkpoint has it, parts of a second too) in ISO 8601, in UTC and to the
 * millisecond: `2024-05-01T12:34:56.789Z`. Undefined where it is no time: not a number, infinite, out of range.
 */
export const isoTime = (seconds: number): string | undefined =>
  Math.abs(seconds) <= LIMIT ? new Date(Math.round(seconds * 1000)).toISOString() : undefined;

/** The same for a screen, to the second: `2024-05-01T12:34:56Z`; what is no time is shown as the number that it is. */
export const timeText = (seconds: number): string =>
  isoTime(Math.floor(seconds))?.replace(/\.\d+Z$/, 'Z') ?? String(seconds);
