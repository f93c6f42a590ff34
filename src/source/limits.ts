/** What is kept of an archive at most. */

/** Limits of what is kept in memory. */
export interface Limits {
  /** Bytes of files. Stretches of zeros are not kept, and do not count. */
  readonly bytes: number;
  /** Members of the checkpoint. */
  readonly members: number;
  /** Bytes of a file that belongs to no place of the checkpoint: of a larger one, nothing is kept. */
  readonly stray: number;
}

/** What an agent with a thousand executors has is some ten thousand files and 20 MiB. */
export const LIMITS: Limits = { bytes: 4 * 1024 ** 3, members: 4_000_000, stray: 1024 * 1024 };

/** Of members that are not unpacked as they are written, so many are told. */
export const MAX_ODD = 10_000;
