import { DecodedMessage } from '../../decode/message.ts';
import type { FileRecord } from '../../decode/records.ts';
import type { Field } from '../../format/message-type.ts';
import { MOST_FIELDS } from '../../format/walk.ts';
import { count } from '../../text/words.ts';

/**
 * What is shown of a record that is larger than anybody reads. Anything may be in a file, and its text is larger than its bytes:
 * what is left out is left out before a text is made of it, and said.
 */

/** Of more bytes, a value is shown by its beginning. */
const MOST_OF_A_VALUE = 1024 * 1024;
/** Bytes of that beginning. */
export const SHOWN_OF_A_LARGE_ONE = 64;

/**
 * JSON cannot say of a value that it was cut: of a record with more bytes of values none is made. A byte may take six characters,
 * and a text can have no more than 512 Mi of them.
 */
export const MOST_OF_JSON = 32 * 1024 * 1024;

/** What is shown of a value: all of it, or its beginning. */
export const beginningOf = (bytes: Buffer): Buffer =>
  isLarge(bytes) ? bytes.subarray(0, SHOWN_OF_A_LARGE_ONE) : bytes;

/** Whether only the beginning of a value is shown. */
export const isLarge = (bytes: Buffer): boolean => bytes.length > MOST_OF_A_VALUE;

/** Bytes of the values that a message's JSON has: of secrets none, unless they are to be shown. */
export const bytesInJson = (message: DecodedMessage, showSecrets: boolean): number => {
  let sum = 0;
  for (const [number, values] of message.values) {
    const field: Field | undefined = message.type.fields[number];
    if (field?.secret === true && !showSecrets) continue;
    for (const value of values) {
      if (value instanceof DecodedMessage) sum += bytesInJson(value, showSecrets);
      else if (Buffer.isBuffer(value)) sum += value.length;
    }
  }
  return sum;
};

/** What is said behind the fields that are shown, of a record that has more, by where the walk ended. */
export const cutText = ({ offset, header, message }: FileRecord, end: number): string =>
  `… ${count(message.length - end, 'more byte')} from byte ${offset + header.length + end} on: only the first ${MOST_FIELDS} fields are shown`;
