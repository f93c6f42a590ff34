import { LENGTH_SIZE } from './frames.ts';
import { WireFailure } from './parse.ts';
import type { Window } from './window.ts';

/** Where bytes are no message. Offsets and lengths are in bytes from the start of the file. */
export interface Damage {
  /** Offset of the record's length. */
  readonly record: number;
  /** Number of the record in its file, from 1. */
  readonly number: number;
  /** Bytes of the record, its length included. */
  readonly length: number;
  /** Offset of the byte that it is about. */
  readonly offset: number;
  /** What is wrong, and in which field. */
  readonly reason: string;
  readonly field: string;
}

/** How a file of several records ends. */
export type Ending =
  | { readonly kind: 'clean' }
  /** Bytes that are too few for the length (`announced` undefined), or for what it says. */
  | {
      readonly kind: 'torn';
      readonly offset: number;
      readonly announced: number | undefined;
      readonly available: number;
    }
  | { readonly kind: 'bad'; readonly offset: number; readonly damage: Damage }
  | { readonly kind: 'oversized'; readonly offset: number; readonly announced: number }
  | { readonly kind: 'unreadable'; readonly offset: number; readonly code: string };

const CLEAN: Ending = Object.freeze({ kind: 'clean' });

/**
 * Reads the records of a window's file from its start, and gives each whole one to `visit`: what `take` made of the
 * message in sight, the offset of its length, its length in bytes with that, and its number, from 1. `visit` says whether
 * to go on. Returns where the last record that was visited ends, and what is behind it.
 */
export const readRecords = <T>(
  window: Window,
  take: () => T | WireFailure,
  visit: (read: T, offset: number, length: number, number: number) => boolean,
): { readonly end: number; readonly ending: Ending } => {
  let offset = 0;
  for (let number = 1; ; number++) {
    if (window.frameAt(offset) !== 'record') return { end: offset, ending: endingAt(window, offset) };
    const read = take();
    if (read instanceof WireFailure) {
      return { end: offset, ending: { kind: 'bad', offset, damage: damageOf(window, read, offset, number) } };
    }
    const length = LENGTH_SIZE + window.announced;
    const goesOn = visit(read, offset, length, number);
    offset += length;
    if (!goesOn) return { end: offset, ending: CLEAN };
  }
};

/** What is at an offset where no whole record is, which is what the window framed last. */
const endingAt = (window: Window, offset: number): Ending => {
  const { state, announced, available } = window;
  switch (state) {
    case 'torn-length':
      return { kind: 'torn', offset, announced: undefined, available };
    case 'torn-message':
      return { kind: 'torn', offset, announced, available };
    case 'oversized':
      return { kind: 'oversized', offset, announced };
    case 'unreadable':
      return { kind: 'unreadable', offset, code: window.errno };
    default:
      return CLEAN;
  }
};

/** Why the record that the window framed last is no message, with its place in the file. */
export const damageOf = (window: Window, failure: WireFailure, offset: number, number: number): Damage => ({
  record: offset,
  number,
  length: LENGTH_SIZE + window.announced,
  offset: offset + LENGTH_SIZE + (failure.offset - window.start),
  reason: failure.reason,
  field: failure.field,
});
