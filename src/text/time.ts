/** What a Date can be, in seconds from 1970. */
const LIMIT = 8.64e12;

/**
 * A time in seconds since 1970 (as the checkpoint has it, parts of a second too) in ISO 8601, in UTC and to the
 * millisecond: `2024-05-01T12:34:56.789Z`. Undefined where it is no time: not a number, infinite, out of range.
 */
export const isoTime = (seconds: number): string | undefined =>
  Math.abs(seconds) <= LIMIT ? new Date(Math.round(seconds * 1000)).toISOString() : undefined;

/**
 * The same for a screen, to the second: `2024-05-01T12:34:56Z`, and behind it in the time zone of who reads, if that is
 * asked for: `2024-05-01T12:34:56Z (14:34:56+02:00)`. What is no time is shown as the number that it is.
 */
export const timeText = (seconds: number, zone?: string): string => {
  const utc = isoTime(Math.floor(seconds))?.replace(/\.\d+Z$/, 'Z');
  if (utc === undefined) return String(seconds);
  const there = zoneText(seconds, zone);
  return there === '' ? utc : `${utc} (${there})`;
};

/** A time that is a text already, with the same beside it in the time zone of who reads. */
export const isoText = (text: string, zone?: string): string => {
  const there = zoneText(Date.parse(text) / 1000, zone);
  return there === '' ? text : `${text} (${there})`;
};

/**
 * A time in a time zone, `local` or a name: `14:34:56+02:00`, with the date before it where that is not UTC's; '' where it
 * says nothing new: the zone is UTC at that time, there is none, or this is no time.
 */
export const zoneText = (seconds: number, zone: string | undefined): string => {
  if (zone === undefined || !(Math.abs(seconds) <= LIMIT)) return '';
  const at = new Date(Math.floor(seconds) * 1000);
  const parts = Object.fromEntries(
    formatIn(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const { year = '', month, day, hour, minute, second, era, timeZoneName = '' } = parts;
  const offset = timeZoneName.replace('GMT', '').replace('\u{2212}', '-');
  if (offset === '' || /^[+-]00:00$/.test(offset)) return '';
  const date = `${year.padStart(4, '0')}-${month}-${day}`;
  const isSameDay = at.toISOString().startsWith(`${date}T`);
  // Years before the first are those of a damaged number: UTC says them.
  if (!isSameDay && era === 'BC') return '';
  return `${isSameDay ? '' : `${date} `}${hour}:${minute}:${second}${offset}`;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made when the first time is shown: it takes its time. */
const formatIn = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone === 'local' ? undefined : zone,
    era: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'longOffset',
  });
  formats.set(zone, format);
  return format;
};
