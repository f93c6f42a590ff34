/** Bytes of a page of memory: a page of a file is read whole or not at all. */
const PAGE_SIZE = 4096;

/**
 * Whether a read that gave `count` bytes where `room` were asked for, `length` with those before, came to the end of the file: none are it,
 * and so are fewer than were asked for, but that they may lie before a page that cannot be read.
 */
export const isEnd = (count: number, room: number, length: number): boolean =>
  count === 0 || (count < room && length < PAGE_SIZE);
