import type { MessageType } from '../../format/message-type.ts';
import { parse, WireFailure } from '../../format/parse.ts';
import { shapeOf } from '../../format/shape.ts';
import type { Blanker } from './blank.ts';
import { type Scan, type Scope, type Span, scan } from './scan.ts';

/** Texts that are known not to be secret: ids, and what stands in fields of other records. */
export type Known = ReadonlySet<string>;

/** A longer text is none that another record names: no id is, and names of files are shorter by far. */
const MAX_KNOWN_BYTES = 64 * 1024;

/** So many bytes in a row that could be read are a text. */
const MIN_TEXT = 6;

/** The texts in a message that is sure to be one; none of any other. */
export const textsIn = (
  type: MessageType,
  bytes: Buffer,
  start: number,
  end: number,
  scope: Scope,
): readonly string[] => {
  const { spans, isSure } = scan(type, bytes, start, end, scope);
  return isSure
    ? spans.flatMap((span) =>
        (span.what === 'text' || span.what === 'bytes') && span.end - span.start <= MAX_KNOWN_BYTES
          ? [bytes.toString('latin1', span.start, span.end)]
          : [],
      )
    : [];
};

/**
 * Blanks what is secret in the message `bytes[start, end)`, in place. Of one that the agent would not have written so,
 * which was damaged, or is a newer one, also all texts that are not known from elsewhere. Returns whether it was sure.
 */
export const redactRecord = (
  type: MessageType,
  bytes: Buffer,
  start: number,
  end: number,
  known: Known,
  blanker: Blanker,
  scope: Scope,
): boolean => {
  const found = scan(type, bytes, start, end, scope);
  if (found.isSure) {
    blankSpans(found, bytes, known, blanker);
    return true;
  }
  const before = outcomeOf(type, bytes, start, end);
  const original = Buffer.from(bytes.subarray(start, end));
  blankSpans(found, bytes, known, blanker);
  // Tags and numbers that read like a text may be a piece of one, and what parses no more was not understood.
  const isSafe = !hasText(found, bytes, start, end, original) && outcomeOf(type, bytes, start, end) === before;
  if (!isSafe) blanker.raw(bytes, start, end);
  return false;
};

const blankSpans = ({ spans, isSure }: Scan, bytes: Buffer, known: Known, blanker: Blanker): void => {
  for (const span of spans) {
    switch (span.what) {
      case 'secret':
        blanker.value(bytes, span);
        break;
      case 'compared':
        blanker.compared(bytes, span);
        break;
      case 'invalid':
        blanker.invalid(bytes, span);
        break;
      case 'unknown number':
        blanker.varint(bytes, span);
        break;
      case 'unknown':
      case 'rest':
        blanker.raw(bytes, span.start, span.end);
        break;
      case 'double':
        if (!isSure && isText(bytes, span.start, span.end)) blanker.zero(bytes, span.start, span.end);
        break;
      case 'text':
        if (!isSure && !isKnown(bytes, span, known)) blanker.raw(bytes, span.start, span.end);
        break;
      case 'doubtful text':
        if (!isKnown(bytes, span, known)) blanker.raw(bytes, span.start, span.end);
        break;
      case 'bytes':
        if (!isSure && !isKnown(bytes, span, known) && !isUuid(bytes, span)) blanker.raw(bytes, span.start, span.end);
    }
  }
};

const isKnown = (bytes: Buffer, { start, end }: Span, known: Known): boolean =>
  end - start <= MAX_KNOWN_BYTES && known.has(bytes.toString('latin1', start, end));

/** Sixteen bytes that nobody would take for a text. */
const isUuid = (bytes: Buffer, { start, end }: Span): boolean => {
  let run = 0;
  for (let i = start; i < end; i++) {
    run = isReadable(bytes[i] as number) ? run + 1 : 0;
    if (run >= MIN_TEXT) return false;
  }
  return end - start === 16;
};

const isText = (bytes: Buffer, start: number, end: number): boolean => {
  for (let i = start; i < end; i++) if (!isReadable(bytes[i] as number)) return false;
  return true;
};

const isReadable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/** Whether a text may be left outside the texts that were looked at. */
const hasText = ({ spans }: Scan, bytes: Buffer, start: number, end: number, original: Buffer): boolean => {
  let run = 0;
  let next = 0;
  for (let at = start; at < end; at++) {
    const span = spans[next];
    if (span !== undefined && at >= span.start) {
      at = span.end - 1;
      next++;
      run = 0;
      continue;
    }
    run = isReadable(bytes[at] as number) && bytes[at] === original[at - start] ? run + 1 : 0;
    if (run >= MIN_TEXT) return true;
  }
  return false;
};

/** What the agent makes of a message: whether it parses, and where not. */
const outcomeOf = (type: MessageType, bytes: Buffer, start: number, end: number): string => {
  const outcome = parse(shapeOf(type, {}), bytes, start, end);
  return outcome instanceof WireFailure ? `${outcome.offset} ${outcome.reason}` : 'parses';
};
