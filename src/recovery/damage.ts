import type { Damage, Ending, RecordFile } from '../checkpoint/files.ts';
import type { Place } from '../findings/finding.ts';
import { errnoText } from '../source/errno.ts';

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`);

const of = (file: RecordFile<unknown>): string => {
  switch (file.kind) {
    case 'unreadable':
      return file.outside === undefined
        ? `it cannot be read: ${errnoText(file.code)}`
        : `it is a link that leaves the tree, to ${file.outside}; it was not followed`;
    case 'torn':
      if (file.zeros) return `it is full of zeros, and cut short`;
      return file.announced === undefined
        ? `${bytes(file.available)} of the record's length are there, not 4`
        : `the record is announced with ${bytes(file.announced)}, of which ${file.available} are there`;
    case 'bad':
      return file.zeros
        ? `it is full of zeros (${bytes(file.size)})`
        : `the record does not parse: ${reason(file.damage)}`;
    case 'oversized':
      return `the record is announced with ${bytes(file.announced)}, more than protobuf takes`;
    default:
      return 'it is whole';
  }
};

const reason = (damage: Damage): string =>
  `${damage.reason} (${damage.field === '' ? '' : `in ${damage.field}, `}at byte ${damage.offset})`;

const ofEnding = (ending: Ending, lost: number): string => {
  const behind = `; the agent cuts off ${bytes(lost)}`;
  switch (ending.kind) {
    case 'clean':
      return 'it is whole';
    case 'torn':
      return ending.announced === undefined
        ? `${bytes(ending.available)} of a record's length are there, not 4${behind}`
        : `a record is announced with ${bytes(ending.announced)}, of which ${ending.available} are there${behind}`;
    case 'bad':
      return `the record does not parse: ${reason(ending.damage)}${behind}`;
    case 'unreadable':
      return `it cannot be read on from here: ${errnoText(ending.code)}${behind}`;
    case 'oversized':
      return `a record is announced with ${bytes(ending.announced)}, more than protobuf takes`;
  }
};

const place = (file: RecordFile<unknown>): Omit<Place, 'path'> =>
  file.kind === 'bad'
    ? { offset: file.damage.offset, length: file.damage.length, record: 1 }
    : file.kind === 'torn'
      ? { offset: 0, length: file.size, record: 1 }
      : {};

/** What is wrong with a file, for the reader of a finding. */
export const damageText = { of, ofEnding, place };
