/**
 * The framing of checkpoint files: a 4-byte little-endian length, then that many bytes of one message, again and again.
 * Here of bytes that are all in memory; `Window` frames a file, `readRecords` reads its records.
 */

/** Bytes of the length before a message. */
export const LENGTH_SIZE = 4;
/** protobuf counts in signed 32-bit integers, and the agent checks that a record fits. */
const MAX_MESSAGE = 0x7fffffff;

/** A span of bytes in a file, from its start. */
export interface Span {
  readonly offset: number;
  readonly length: number;
}

/** What is at an offset of a file of records. */
export type FrameState =
  /** A whole record. */
  | 'record'
  /** Nothing: the end of the file. */
  | 'end'
  /** One to three bytes of a length. */
  | 'torn-length'
  /** A length, and fewer bytes than it says. */
  | 'torn-message'
  /** A record of 2 GiB and more, which the agent's parser aborts on. */
  | 'oversized';

/** What a length is of, with so many bytes behind it. */
export const stateOf = (announced: number, available: number): FrameState => {
  if (available < announced) return 'torn-message';
  return announced > MAX_MESSAGE ? 'oversized' : 'record';
};

/** What is at an offset, and where. All offsets are in bytes from the start of the file. */
export interface Frame {
  readonly state: FrameState;
  /** Offset of the record's length. */
  readonly offset: number;
  /** Where its message starts, and where it would end by its length; of no message, both are the end of the file. */
  readonly start: number;
  readonly end: number;
}

/** Looks at the record that starts at an offset. */
export const frameAt = (bytes: Buffer, offset: number): Frame => {
  const have = bytes.length - offset;
  if (have < LENGTH_SIZE) {
    return { state: have > 0 ? 'torn-length' : 'end', offset, start: bytes.length, end: bytes.length };
  }
  const announced = bytes.readUInt32LE(offset);
  const start = offset + LENGTH_SIZE;
  return { state: stateOf(announced, bytes.length - start), offset, start, end: start + announced };
};

/** The whole records of a file from its start on, and what is behind them: its end, or what is no whole record. */
export const framesOf = (bytes: Buffer): { readonly records: readonly Frame[]; readonly last: Frame } => {
  const records: Frame[] = [];
  let frame = frameAt(bytes, 0);
  for (; frame.state === 'record'; frame = frameAt(bytes, frame.end)) records.push(frame);
  return { records, last: frame };
};
