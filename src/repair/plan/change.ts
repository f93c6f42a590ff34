import type { Span } from '../../format/frames.ts';

/**
 * A change to a tree, as plain data: what a plan is made of, what a rehearsal lays over the tree in memory, and what is
 * carried out in the end. Paths are relative to the work_dir, as everywhere (see `src/source/source.ts`).
 */

/** One change. Each leaves the tree in a state that is meaningful by itself, so that a plan may stop between two. */
export type Change =
  /** Moves what is at `path`, whatever it is, into the journal. */
  | { readonly kind: 'set-aside'; readonly path: string }
  /** Takes spans of bytes out of a file, in ascending order and apart; they are kept in the journal. */
  | { readonly kind: 'cut'; readonly path: string; readonly spans: readonly Span[] }
  /** Makes a file where nothing is, with the owner, group and mode of the file or folder at `like`. */
  | { readonly kind: 'create-file'; readonly path: string; readonly bytes: Uint8Array; readonly like: string }
  /** Makes a symbolic link where nothing is. */
  | { readonly kind: 'create-link'; readonly path: string; readonly target: string; readonly like: string }
  /** Makes an empty folder where nothing is, in a folder that is there. */
  | { readonly kind: 'create-folder'; readonly path: string; readonly like: string };
