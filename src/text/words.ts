/** Counts and lists in words. */

/** A count and its noun: `1 task`, `3 tasks`. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

/** The verb that fits a count. */
export const verb = (number: number, one: string, many: string): string => (number === 1 ? one : many);

/** A list in words: `a`, `a and b`, `a, b and c`. */
export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** Bytes as an operator reads them: `741 bytes`, `1.2 MiB`. */
export const size = (bytes: number): string => {
  if (bytes < 10_000) return count(bytes, 'byte');
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes / 1024;
  let unit = 0;
  for (; value >= 1024 && unit < units.length - 1; unit++) value /= 1024;
  return `${value.toFixed(1)} ${units[unit]}`;
};
