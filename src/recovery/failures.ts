import type { Start } from './simulate.ts';

/** How often an agent fails before the last of its starts, in words: `once`, `3 times`, `more than 200 times`. */
export const failuresText = (starts: readonly Pick<Start, 'andMore'>[]): string => {
  const times = starts.length - 1;
  return times === 1 ? 'once' : `${isLong(starts) ? 'more than ' : ''}${times} times`;
};

/** Whether so many starts fail that they are not told one by one. */
export const isLong = (starts: readonly Pick<Start, 'andMore'>[]): boolean =>
  starts.some(({ andMore }) => andMore === true);
