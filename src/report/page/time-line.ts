import type { TimeLine as Log, TimeLineRecord as Logged } from '../../inspect/time-line.ts';
import { excerpt } from '../../text/excerpt.ts';
import { isoTime } from '../../text/time.ts';
import type { TimeLine, TimeLineRecord } from './document.ts';

/** Of a longer log, so many records at its beginning and at its end are told. */
const MOST_AT_AN_END = 1000;
/** In UTF-16 units: what a task says may be as long as it likes. */
const MOST_OF_A_MESSAGE = 1000;

/** The records of a task's log, and what is behind the last that decodes. */
export const timeLineJson = ({ path, records, ending, size }: Log): TimeLine => {
  const omitted = Math.max(0, records.length - 2 * MOST_AT_AN_END);
  const told =
    omitted === 0 ? records : [...records.slice(0, MOST_AT_AN_END), ...records.slice(records.length - MOST_AT_AN_END)];
  const rest: readonly TimeLineRecord[] =
    ending.kind === 'clean'
      ? []
      : [
          {
            ...NOTHING,
            record: records.length + 1,
            offset: ending.offset,
            length: size - ending.offset,
            kind: 'damaged',
          },
        ];
  return { path, records: [...told.map(recordJson), ...rest], omitted };
};

const NOTHING = {
  ...{ time: null, state: null, uuid: null, acknowledgedBy: null, of: null, pending: false },
  ...{ source: null, reason: null, message: null },
} as const;

const recordJson = (record: Logged): TimeLineRecord => {
  const { number, offset, length, kind } = record;
  const base = { ...NOTHING, record: number, offset, length, kind, uuid: record.uuid ?? null };
  // The uuid of what it acknowledges is beside that.
  if (record.kind === 'acknowledgement') {
    return { ...base, of: record.of ?? null, uuid: record.of === undefined ? base.uuid : null };
  }
  const { state, timestamp, acknowledgedBy, isPending, source, reason, message } = record;
  return {
    ...base,
    time: isoTime(timestamp) ?? null,
    state,
    acknowledgedBy: acknowledgedBy ?? null,
    pending: isPending,
    source: source ?? null,
    reason: reason ?? null,
    message: message === undefined ? null : excerpt(message, MOST_OF_A_MESSAGE),
  };
};
