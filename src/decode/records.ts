import { LENGTH_SIZE } from '../format/frames.ts';
import { Search } from '../format/in-vain.ts';
import type { MessageType } from '../format/message-type.ts';
import { parse, WireFailure } from '../format/parse.ts';
import { damageOf, type Ending } from '../format/records.ts';
import { type Shape, shapeOf } from '../format/shape.ts';
import type { Window } from '../format/window.ts';

/** A record of a file, whole or not. Offsets and lengths are in bytes, from the start of the file. */
export interface FileRecord {
  readonly kind: 'record';
  /** From 1; behind bytes that were passed over, the count goes on. */
  readonly number: number;
  /** Where its length is, or, of a bare message, the message. */
  readonly offset: number;
  /** Bytes of it that are present, those of its length included. */
  readonly length: number;
  /** What its length says, of one that has a length. */
  readonly announced: number | undefined;
  /** The bytes of its length, as far as they are present. */
  readonly header: Buffer;
  /** The bytes of the message that are present; valid until the next record is asked for. */
  readonly message: Buffer;
  /** Why it does not decode. */
  readonly ending: Exclude<Ending, { readonly kind: 'clean' }> | undefined;
}

/** Bytes that are no record, or that were not looked at. */
export interface Passed {
  readonly kind: 'passed';
  /**
   * Whether they were looked through; not where they are behind a record that does not decode, or behind the only one. Where too much in
   * them looked like a record that is none, it was given up.
   */
  readonly isLookedAt: boolean | 'given up';
  readonly offset: number;
  readonly length: number;
}

export interface RecordOptions {
  /** The bytes are one message, without a length before it. */
  readonly bare: boolean;
  /** Whether records behind one that does not decode are looked for. */
  readonly resync: boolean;
  /** Whether the agent reads no more than the first record. */
  readonly one: boolean;
}

const NOTHING = Buffer.alloc(0);

/**
 * The records of a window's file, one after the other. It ends behind the first that does not decode; with `resync` it goes on
 * at the next offset from which on records decode.
 */
export function* recordsOf(
  window: Window,
  type: MessageType,
  { bare, resync, one }: RecordOptions,
): Generator<FileRecord | Passed> {
  const shape = shapeOf(type, {});
  if (bare) {
    yield bareMessage(window, shape);
    return;
  }
  let offset = 0;
  const search = new Search(window.lengthBehind(0));
  for (let number = 1; ; number++) {
    const record = recordAt(window, shape, offset, number);
    if (record === undefined) return;
    yield record;
    if (record.ending === undefined) {
      offset += record.length;
      if (one) break;
      continue;
    }
    const end = offset + record.length;
    if (!resync || record.ending.kind === 'unreadable') {
      yield* behind(window, end, false);
      return;
    }
    // Where its length is true, the next record is right behind it.
    const next = wholeAt(window, shape, end, search) === undefined ? nextFrom(window, shape, offset + 1, search) : end;
    if (next === undefined) {
      yield* behind(window, end, search.isOver ? 'given up' : true);
      return;
    }
    if (next > end) yield { kind: 'passed', isLookedAt: true, offset: end, length: next - end };
    offset = next;
  }
  yield* behind(window, offset, false);
}

/** What is left of the file from an offset on. */
function* behind(window: Window, offset: number, isLookedAt: Passed['isLookedAt']): Generator<Passed> {
  const length = window.lengthBehind(offset);
  if (length > 0) yield { kind: 'passed', isLookedAt, offset, length };
}

const bareMessage = (window: Window, shape: Shape): FileRecord => {
  const have = window.reach(0, window.lengthBehind(0));
  const at = window.at(0);
  const message = window.buffer.subarray(at, at + have);
  const base = { kind: 'record', number: 1, offset: 0, length: have, announced: undefined, header: NOTHING } as const;
  if (window.errno !== '') return { ...base, message, ending: { kind: 'unreadable', offset: 0, code: window.errno } };
  const read = parse(shape, window.buffer, at, at + have);
  if (!(read instanceof WireFailure)) return { ...base, message, ending: undefined };
  const damage = {
    record: 0,
    number: 1,
    length: have,
    offset: read.offset - at,
    reason: read.reason,
    field: read.field,
  };
  return { ...base, message, ending: { kind: 'bad', offset: 0, damage } };
};

/** The record at an offset; undefined at the end of the file. */
const recordAt = (window: Window, shape: Shape, offset: number, number: number): FileRecord | undefined => {
  const state = window.frameAt(offset);
  if (state === 'end') return undefined;
  const { announced, available } = window;
  const base = { kind: 'record', number, offset } as const;
  switch (state) {
    case 'record': {
      const header = headerOf(announced);
      const message = window.buffer.subarray(window.start, window.end);
      const read = parse(shape, window.buffer, window.start, window.end);
      const ending =
        read instanceof WireFailure
          ? ({ kind: 'bad', offset, damage: damageOf(window, read, offset, number) } as const)
          : undefined;
      return { ...base, length: LENGTH_SIZE + announced, announced, header, message, ending };
    }
    case 'torn-length': {
      const at = window.at(offset);
      const header = window.buffer.subarray(at, at + available);
      const ending = { kind: 'torn', offset, announced: undefined, available } as const;
      return { ...base, length: available, announced: undefined, header, message: NOTHING, ending };
    }
    default:
      return { ...base, ...partial(window, offset, state), announced };
  }
};

/** The bytes of a record's length: those of a large record are no more in sight with it. */
const headerOf = (announced: number): Buffer => {
  const header = Buffer.alloc(LENGTH_SIZE);
  header.writeUInt32LE(announced);
  return header;
};

/** As much of a record that is not whole as is to be shown. */
const MOST_SHOWN = 64 * 1024;

const partial = (
  window: Window,
  offset: number,
  state: 'torn-message' | 'oversized' | 'unreadable',
): Pick<FileRecord, 'length' | 'header' | 'message' | 'ending'> => {
  const { announced, available, errno } = window;
  const have = window.reach(offset, LENGTH_SIZE + Math.min(available, MOST_SHOWN));
  const at = window.at(offset);
  const header = window.buffer.subarray(at, at + Math.min(LENGTH_SIZE, have));
  const message = window.buffer.subarray(at + header.length, at + have);
  const ending =
    state === 'unreadable'
      ? ({ kind: 'unreadable', offset, code: errno } as const)
      : state === 'oversized'
        ? ({ kind: 'oversized', offset, announced } as const)
        : ({ kind: 'torn', offset, announced, available } as const);
  return { length: header.length + available, header, message, ending };
};

/** Shorter than any message that says something: a length of zero is found in every run of zeros. */
const LEAST = 2;
/** A larger record is not looked for: any four bytes may be a length, and what it spans would be read at each of them. */
const MOST_FOUND = 4 * 1024 * 1024;

/**
 * The first offset from `from` on at which a record decodes that is not empty, and behind which the file ends, or one begins
 * that decodes too: by chance, bytes are one record, but hardly two.
 */
const nextFrom = (window: Window, shape: Shape, from: number, search: Search): number | undefined => {
  for (let at = from; !search.isOver && window.reach(at, LENGTH_SIZE + LEAST) === LENGTH_SIZE + LEAST; at++) {
    const zeros = window.buffer[window.at(at)] === 0 ? window.zerosFrom(at) : 0;
    // No length begins with four zeros, so that the last three of a run are all that may belong to one.
    if (zeros > LENGTH_SIZE) at += zeros - LENGTH_SIZE + 1;
    const length = wholeAt(window, shape, at, search);
    if (length === undefined) continue;
    const behind = at + LENGTH_SIZE + length;
    if (window.lengthBehind(behind) === 0 || wholeAt(window, shape, behind, search) !== undefined) return at;
    search.inVain(length);
  }
  return undefined;
};

/** The length of the message that decodes at an offset; undefined where none does. */
const wholeAt = (window: Window, shape: Shape, offset: number, search: Search): number | undefined => {
  if (window.reach(offset, LENGTH_SIZE) < LENGTH_SIZE) return undefined;
  if (window.buffer.readUInt32LE(window.at(offset)) > MOST_FOUND) return undefined;
  if (window.frameAt(offset) !== 'record' || window.announced < LEAST) return undefined;
  const { announced } = window;
  return search.at(shape, window.buffer, window.start, window.end) && announced;
};
