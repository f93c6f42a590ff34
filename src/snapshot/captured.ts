import type { ManifestChange } from '../checkpoint/manifest.ts';

/** What was read at a path. */
export interface Captured {
  /** From the work_dir. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'fifo' | 'socket' | 'device';
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** In ns since 1970. */
  readonly modifiedNs: bigint;
  /** Of a file: what could be read of it. */
  readonly bytes: Buffer;
  /** Of a file: what it said that it has, where that is more than could be read. */
  readonly size: number;
  readonly failure: { readonly code: string; readonly at: number } | undefined;
  /** Of a link. */
  readonly target: string;
}

/** A tree that was read, and what became of it while that was done. */
export interface Capture {
  /** Sorted by the bytes of their paths, so that parents come first. */
  readonly entries: readonly Captured[];
  readonly changes: readonly ManifestChange[];
}
