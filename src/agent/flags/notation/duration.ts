import type { Parsed } from './parsed.ts';
import { fail, succeed } from './parsed.ts';

const NANOSECONDS_PER: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  ms: 1e6,
  secs: 1e9,
  mins: 60e9,
  hrs: 3600e9,
  days: 86_400e9,
  weeks: 604_800e9,
};

const LIMIT = 2 ** 63;

/**
 * A duration in nanoseconds, as `Duration::parse` reads it: digits with at most one point, and a unit right behind them,
 * in small letters. `15 mins`, `15m` and `-1secs` are none.
 */
export const parseDuration = (text: string): Parsed<number> => {
  const [, digits = '', unit = ''] = /^([0-9.]*)(.*)$/s.exec(text) ?? [];
  if (unit === '') return fail(`Invalid duration '${text}'`);
  if (!/^(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(digits)) return fail(`Failed to convert '${digits}' to number`);
  const factor = Object.hasOwn(NANOSECONDS_PER, unit) ? NANOSECONDS_PER[unit] : undefined;
  if (factor === undefined) {
    return fail(
      `Unknown duration unit '${unit}'; supported units are 'ns', 'us', 'ms', 'secs', 'mins', 'hrs', 'days', and 'weeks'`,
    );
  }
  const nanoseconds = Number(digits) * factor;
  return nanoseconds > LIMIT
    ? fail("Argument out of the range that a Duration can represent due to int64_t's size limit")
    : succeed(Math.trunc(nanoseconds));
};
