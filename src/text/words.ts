/** Counts, lists, sizes and spans of time in words. */

/** A count and its noun: `1 task`, `3 tasks`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** The verb that fits a count. */
export const verb = (number: number, one: string, many: string): string => (number === 1 ? one : many);

/** A list in words: `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Some of a list, and how many more there are. */
export const some = (words: readonly string[], most = 5): string =>
  words.length <= most ? words.join(', ') : `${words.slice(0, most).join(', ')} and ${words.length - most} more`;

/** Bytes as an operator reads them: `741 bytes`, `1.2 MiB`. */
export const sizeText = (bytes: number): string => {
  if (bytes < 10_000) return count(bytes, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]}`;
};

/** A span of time in words, in its largest unit: `3 hours`; down to seconds where it is short. */
export const durationText = (milliseconds: number): string => {
  const units: readonly (readonly [string, number])[] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  for (const [name, size] of units) {
    if (milliseconds >= 2 * size) return `${Math.floor(milliseconds / size)} ${name}s`;
  }
  return count(Math.max(0, Math.round(milliseconds / 1000)), 'second');
};
