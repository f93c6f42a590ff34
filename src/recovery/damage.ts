import type { Absent, RecordFile, Unreadable } from '../checkpoint/files.ts';
import type { Location } from '../findings/finding.ts';
import type { Damage, Ending } from '../format/records.ts';
import { errnoText } from '../source/errno.ts';
import { count } from '../text/words.ts';

const bytes = (number: number): string => count(number, 'byte');

/** Why a file cannot be read, or not opened: its errno, or that it is a link that was not followed. */
const unreadable = (file: Absent | Unreadable | { readonly kind: string }, attempt = 'read'): string => {
  if (!('code' in file)) return 'it is not there';
  if (file.instead === 'fifo' || file.instead === 'socket' || file.instead === 'device') {
    return `it is ${file.linked ? 'a link to ' : ''}a ${file.instead === 'fifo' ? 'FIFO' : file.instead}, and no file`;
  }
  return file.outside === undefined
    ? `it cannot be ${attempt}: ${errnoText(file.code)}`
    : `it is a link that leaves the tree, to ${file.outside}; it was not followed`;
};

const of = (file: RecordFile<unknown>): string => {
  switch (file.kind) {
    case 'unreadable':
      return unreadable(file);
    case 'torn':
      if (file.zeros) return `it is full of zeros, and cut short`;
      return torn('the', file);
    case 'bad':
      return file.zeros ? `it is full of zeros (${bytes(file.size)})` : unparsable(file.damage);
    case 'oversized':
      return oversized('the', file.announced);
    default:
      return 'it is whole';
  }
};

/** A file of one record has `the` record, one of several has `a` record. */
type Article = 'the' | 'a';

const torn = (
  article: Article,
  { announced, available }: { readonly announced?: number | undefined; readonly available: number },
): string =>
  announced === undefined
    ? `${bytes(available)} of ${article} record's length are there, not 4`
    : `${article} record is truncated: its header says ${bytes(announced)}, ${available} are present`;

const oversized = (article: Article, announced: number): string =>
  `${article} record is invalid: its header says ${bytes(announced)}, more than protobuf takes`;

const unparsable = ({ reason, field, offset }: Damage): string =>
  `the record does not parse: ${reason} (${field === '' ? '' : `in ${field}, `}at byte ${offset})`;

/** How a file of records ends, and what the agent cuts off of it. */
const ofEnding = (ending: Ending, lost: number): string => `${atEnd(ending)}; the agent cuts off ${bytes(lost)}`;

/** How a file of records ends. */
const atEnd = (ending: Ending): string => {
  switch (ending.kind) {
    case 'clean':
      return 'it is whole';
    case 'torn':
      return torn('a', ending);
    case 'bad':
      return unparsable(ending.damage);
    case 'unreadable':
      return `it cannot be read on from here: ${errnoText(ending.code)}`;
    case 'oversized':
      return oversized('a', ending.announced);
  }
};

const location = (file: RecordFile<unknown>): Omit<Location, 'path'> =>
  file.kind === 'bad'
    ? { offset: file.damage.record, length: file.zeros ? file.size : file.damage.length, record: file.damage.number }
    : file.kind === 'torn'
      ? { offset: 0, length: file.size, record: 1 }
      : {};

/** What is wrong with a file, for the reader of a finding. */
export const damageText = { of, ofEnding, atEnd, unreadable, location };
