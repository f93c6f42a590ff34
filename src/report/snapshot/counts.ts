import type { ManifestEntry } from '../../checkpoint/manifest.ts';

/** What a snapshot holds, in numbers. */
export interface Counts {
  readonly files: number;
  readonly folders: number;
  readonly links: number;
  /** FIFOs, sockets and devices. */
  readonly others: number;
  /** Bytes of the files. */
  readonly bytes: number;
}

/** Counts the entries of a manifest. */
export const countsOf = (entries: readonly ManifestEntry[]): Counts => {
  const of = (...kinds: readonly ManifestEntry['kind'][]): number =>
    entries.filter(({ kind }) => kinds.includes(kind)).length;
  return {
    files: of('file'),
    folders: of('folder'),
    links: of('link'),
    others: of('fifo', 'socket', 'device'),
    bytes: entries.reduce((sum, { size = 0 }) => sum + size, 0),
  };
};
