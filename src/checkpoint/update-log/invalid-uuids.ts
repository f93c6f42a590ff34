import type { Span } from '../../format/frames.ts';
import { type Ending, readRecords } from '../../format/records.ts';
import type { EntryKind } from '../../source/source.ts';
import type { FileReader } from '../read.ts';
import { ACK_UUID, LogRecord, UUID } from './record.ts';

/** The records of a log that have no valid uuid, whole, and how far it can be read. */
export interface InvalidUuids {
  readonly size: number;
  /** Offset behind the last record that can be read, and what is there. */
  readonly end: number;
  readonly ending: Ending;
  readonly acknowledgements: readonly Span[];
  readonly updates: readonly Span[];
}

/**
 * Looks through a task's log for records without a valid uuid. Unlike the agent, and `readUpdateLog` with it, this reads on
 * behind the first such acknowledgement. Undefined where the log cannot be opened.
 */
export const readInvalidUuids = (
  reader: FileReader,
  path: string,
  kind: EntryKind | undefined,
): InvalidUuids | undefined => {
  const file = reader.open(path, kind, 'log');
  if ('kind' in file) return undefined;
  try {
    const { window } = reader;
    window.over(file);
    const acknowledgements: Span[] = [];
    const updates: Span[] = [];
    const record = new LogRecord();
    const { end, ending } = readRecords(
      window,
      () => record.read(window.buffer, window.start, window.end) ?? record,
      ({ isAcknowledgement }, offset, length) => {
        if (!record.isUuid(isAcknowledgement ? ACK_UUID : UUID)) {
          (isAcknowledgement ? acknowledgements : updates).push({ offset, length });
        }
        return true;
      },
    );
    return { size: file.size(), end, ending, acknowledgements, updates };
  } finally {
    file.close();
  }
};
