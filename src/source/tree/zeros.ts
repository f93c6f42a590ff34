/** Zeros are dropped in pieces of this size. In bytes. */
const PIECE = 64 * 1024;
/** What a piece takes at most besides its bytes. */
const PIECE_SIZE = 128;
/** Of less, the zeros take less than what would be kept of them. */
const MIN_ZEROS = 512;
const ZEROS = Buffer.alloc(PIECE);

/**
 * Hands on where in `bytes[start, end)` there are pieces that are to be kept, in their order: all but long stretches of zeros.
 * `count` is told what a piece takes, before it is taken.
 */
export const eachPiece = (
  bytes: Buffer,
  start: number,
  end: number,
  count: (bytes: number) => void,
  keep: (from: number, to: number) => void,
): void => {
  for (let from = start; from < end; from += PIECE) {
    const to = Math.min(end, from + PIECE);
    if (to - from >= MIN_ZEROS && isZeros(bytes, from, to)) continue;
    count(to - from + PIECE_SIZE);
    keep(from, to);
  }
};

const isZeros = (bytes: Buffer, start: number, end: number): boolean =>
  bytes[start] === 0 && bytes.compare(ZEROS, 0, end - start, start, end) === 0;
