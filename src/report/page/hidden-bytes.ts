import type { RecordOfFile } from '../../decode/damaged-record.ts';
import { type Span, scan } from '../../snapshot/redact/scan.ts';

/** So many bytes in a row that can be read are a text, as in `snapshot --redact`. */
const MIN_TEXT = 6;

/**
 * Which bytes of a record's message must not be shown on a page that is handed on: the values of secret fields; and, because
 * damage can make a secret stand where something else is expected, of a record that does not decode also texts that are not
 * known from its path, fields that the schema does not have, and what reads like a text behind the byte at which it ends.
 */
export const hiddenIn = ({ record, type }: RecordOfFile, path: string): ((at: number) => boolean) => {
  const { message, ending } = record;
  const hidden = new Uint8Array(message.length);
  const known = new Set(path.split('/'));
  // What is before the end of a record that was cut short is as it was written.
  const isDoubtful = ending?.kind === 'bad';
  for (const span of scan(type, message, 0, message.length, 'secrets').spans)
    hide(span, message, hidden, isDoubtful, known);
  return (at) => hidden[at] === 1;
};

const hide = (
  { what, start, end }: Span,
  bytes: Buffer,
  hidden: Uint8Array,
  isDoubtful: boolean,
  known: ReadonlySet<string>,
): void => {
  switch (what) {
    case 'secret':
    case 'compared':
    case 'invalid':
    case 'unknown':
    case 'doubtful text':
      hidden.fill(1, start, end);
      break;
    case 'rest':
      hideTexts(bytes, start, end, hidden);
      break;
    case 'text':
      if (isDoubtful && !known.has(bytes.toString('latin1', start, end))) hidden.fill(1, start, end);
  }
};

const hideTexts = (bytes: Buffer, start: number, end: number, hidden: Uint8Array): void => {
  for (let at = start; at < end; ) {
    let stop = at;
    while (stop < end && isReadable(bytes[stop] as number)) stop++;
    if (stop - at >= MIN_TEXT) hidden.fill(1, at, stop);
    at = stop + 1;
  }
};

const isReadable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;
