import type { RecordFile, TextFile, Unreadable } from '../checkpoint/files.ts';
import type { Ending } from '../format/records.ts';
import { errnoText } from '../source/errno.ts';
import type { Rules } from './versions.ts';

/** What the agent gets of a file with one record: `protobuf::read` in its `stout`. */
export type Reading<T> =
  | { readonly kind: 'missing' }
  | { readonly kind: 'none' }
  | { readonly kind: 'some'; readonly value: T }
  | { readonly kind: 'error'; readonly message: string }
  | NoReturn;

/** A read that the agent does not come back from: a check fails, or it waits for ever. */
export type NoReturn = { readonly kind: 'abort'; readonly message: string } | { readonly kind: 'hang' };

/** What the agent says of bytes that are no message. */
const NOT_A_MESSAGE = 'Failed to deserialize message';

/** Reads a file with one record; `path` is the one that the agent uses. */
export const readRecord = <T>(file: RecordFile<T>, path: string): Reading<T> => {
  switch (file.kind) {
    case 'absent':
      return { kind: 'missing' };
    case 'empty':
      return { kind: 'none' };
    case 'whole':
      return { kind: 'some', value: file.value };
    case 'unreadable':
      return isFifo(file) ? { kind: 'hang' } : { kind: 'error', message: unreadableText(file, path) };
    case 'torn':
      return { kind: 'error', message: tornText(file.announced) };
    case 'bad':
      return { kind: 'error', message: NOT_A_MESSAGE };
    case 'oversized':
      return { kind: 'abort', message: oversizedText(file.announced) };
  }
};

/** Whether something is a FIFO, or a link to one: whoever opens it to read, as the agent does, waits for one who writes. */
export const isFifo = (file: { readonly kind: string; readonly instead?: Unreadable['instead'] }): boolean =>
  file.instead === 'fifo';

/** Whether a folder, not a link to one, is where the agent renames a file to. */
export const isFolderItself = (
  file: { readonly kind: string } & Partial<Pick<Unreadable, 'instead' | 'linked'>>,
): boolean => (file.instead === 'folder' || file.instead === 'empty folder') && file.linked === false;

/** What the agent says of a file that it cannot read. */
export const unreadableText = (file: Unreadable, path: string): string =>
  file.step === 'open'
    ? `Failed to open file '${path}': ${errnoText(file.code)}`
    : `Failed to read size: ${errnoText(file.code)}`;

/** What the agent says of a record that is cut short. */
const tornText = (announced: number | undefined): string =>
  announced === undefined
    ? 'Failed to read size: hit EOF unexpectedly, possible corruption'
    : `Failed to read message of size ${announced} bytes: hit EOF unexpectedly, possible corruption`;

/** The check that a record of 2 GiB and more fails. */
const oversizedText = (announced: number): string =>
  `Check failed: data.size() <= static_cast<size_t>(std::numeric_limits<int>::max()) (${announced} vs. 2147483647)`;

/** What the agent says of the end of a file of records; undefined where it is a proper one. */
export const endingText = (ending: Ending): string | undefined => {
  switch (ending.kind) {
    case 'clean':
      return undefined;
    case 'torn':
      return tornText(ending.announced);
    case 'bad':
      return NOT_A_MESSAGE;
    case 'unreadable':
      return `Failed to read size: ${errnoText(ending.code)}`;
    case 'oversized':
      return oversizedText(ending.announced);
  }
};

/** What the agent gets of a file of text: `os::read`. */
export type TextReading =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'hang' };

/** Reads a file of text, with the words that a version has for one that does not open. */
export const readText = (file: TextFile, { openingIsNamed }: Pick<Rules, 'openingIsNamed'>): TextReading => {
  switch (file.kind) {
    case 'absent':
      return { kind: 'missing' };
    case 'text':
      return { kind: 'text', text: file.text };
    case 'unreadable':
      if (isFifo(file)) return { kind: 'hang' };
      return {
        kind: 'error',
        message: `${openingIsNamed && file.step === 'open' ? 'Failed to open file: ' : ''}${errnoText(file.code)}`,
      };
  }
};
