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

/** Field by field, because there may be hundreds of thousands: what is spread takes several times as long. */
const recordJson = (each: Logged): TimeLineRecord => {
  const { number, offset, length } = each;
  if (each.kind === 'acknowledgement') {
    return {
      time: null,
      state: null,
      // The uuid of what it acknowledges is beside that.
      uuid: each.of === undefined ? (each.uuid ?? null) : null,
      acknowledgedBy: null,
      of: each.of ?? null,
      pending: false,
      source: null,
      reason: null,
      message: null,
      record: number,
      offset,
      length,
      kind: each.kind,
    };
  }
  return {
    time: isoTime(each.timestamp) ?? null,
    state: each.state,
    uuid: each.uuid ?? null,
    acknowledgedBy: each.acknowledgedBy ?? null,
    of: null,
    pending: each.isPending,
    source: each.source ?? null,
    reason: each.reason ?? null,
    message: each.message === undefined ? null : excerpt(each.message, MOST_OF_A_MESSAGE),
    record: number,
    offset,
    length,
    kind: each.kind,
  };
};
