import { useState } from 'preact/hooks';
import type { TimeLine as Line, TimeLineRecord } from '../report/page/document.ts';
import { shown } from '../text/escape.ts';
import { count, Mark, Time } from './common.tsx';
import { timeScale } from './time-scale.ts';
import { Axis, Legend, UpdateMark } from './track.tsx';

/** In units of the drawing. */
const WIDTH = 640;
const MARGIN = 24;
const UPDATES_AT = 44;
const ACKNOWLEDGEMENTS_AT = 78;
const HEIGHT = 96;
const APART = 14;

/** The log of one task: its updates by their times, the acknowledgements below them, and each record in a table. */
export const TimeLine = ({ line }: { readonly line: Line }) => {
  const { records, omitted, path } = line;
  if (records.length === 0) return <p class="note">The task has no log of updates.</p>;
  const pending = records.filter((record) => record.pending).length;
  return (
    <div class="time-line">
      <Drawing records={records} />
      <Legend />
      <p class="note">
        Acknowledgements have no time of their own: each stands below the last update before it in the log.
        {pending > 0 && (
          <>
            {' '}
            <Mark tone="warn">{count(pending, 'update')} pending</Mark>
          </>
        )}
      </p>
      <Records records={records} />
      {omitted > 0 && <p class="note">{count(omitted, 'record')} in the middle left out.</p>}
      <p class="path">
        <code>{shown(path)}</code>
      </p>
    </div>
  );
};

const secondsOf = ({ time }: TimeLineRecord): number | undefined =>
  time === null ? undefined : Date.parse(time) / 1000;

const Drawing = ({ records }: { readonly records: readonly TimeLineRecord[] }) => {
  const times = records.flatMap((record) => secondsOf(record) ?? []);
  const scale = timeScale(times.length === 0 ? null : [Math.min(...times), Math.max(...times)], WIDTH, MARGIN);
  let x = MARGIN;
  let behind = 0;
  const places = records.map((record) => {
    const seconds = secondsOf(record);
    if (seconds !== undefined) x = scale(new Date(seconds * 1000));
    behind = record.kind === 'update' ? 0 : behind + 1;
    // Several behind one update stand side by side.
    return { record, x: x + Math.max(0, behind - 1) * APART };
  });
  const updateAt = new Map(
    places.flatMap((place) => (place.record.kind === 'update' ? [[place.record.record, place.x]] : [])),
  );
  return (
    <svg class="drawing" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={summaryOf(records)}>
      <Axis scale={scale} width={WIDTH} ticks={4} room={150} />
      <line class="life" x1={MARGIN} x2={WIDTH - MARGIN} y1={UPDATES_AT} y2={UPDATES_AT} />
      {places.map(({ record, x: at }) =>
        record.kind === 'update' ? (
          <g key={record.record}>
            <title>{titleOf(record)}</title>
            <UpdateMark x={at} y={UPDATES_AT} state={record.state ?? ''} isPending={record.pending} size={90} />
          </g>
        ) : (
          <g key={record.record} class={record.kind}>
            <title>{titleOf(record)}</title>
            <line x1={updateAt.get(record.of ?? -1) ?? at} x2={at} y1={UPDATES_AT + 8} y2={ACKNOWLEDGEMENTS_AT - 6} />
            {record.kind === 'damaged' ? (
              <path d={`M${at - 5},${ACKNOWLEDGEMENTS_AT - 5}l10,10m0,-10l-10,10`} />
            ) : (
              <circle cx={at} cy={ACKNOWLEDGEMENTS_AT} r={4} />
            )}
          </g>
        ),
      )}
    </svg>
  );
};

const titleOf = ({ record, kind, state, time, of, ...rest }: TimeLineRecord): string => {
  if (kind === 'damaged') return `record ${record} does not decode`;
  if (kind === 'acknowledgement') return `record ${record}: acknowledgement${of === null ? '' : ` of record ${of}`}`;
  return `record ${record}: ${state ?? ''} at ${time ?? 'no time'}, ${fateOf(rest)}`;
};

const fateOf = ({ pending, acknowledgedBy }: Pick<TimeLineRecord, 'pending' | 'acknowledgedBy'>): string => {
  const by = acknowledgedBy === null ? '' : `acknowledged by record ${acknowledgedBy}`;
  if (pending) return by === '' ? 'pending' : `pending, though ${by}`;
  return by === '' ? 'not acknowledged' : by;
};

/** The drawing in words. */
const summaryOf = (records: readonly TimeLineRecord[]): string => {
  const updates = records.filter(({ kind }) => kind === 'update');
  const pending = updates.filter((record) => record.pending).length;
  const acknowledged = updates.filter((record) => record.acknowledgedBy !== null).length;
  const last = updates.at(-1);
  return `Time line: ${count(updates.length, 'update')}, ${acknowledged} acknowledged, ${pending} pending; the last is ${last?.state ?? 'none'}`;
};

const AT_FIRST = 100;

const Records = ({ records }: { readonly records: readonly TimeLineRecord[] }) => {
  const [most, setMost] = useState(AT_FIRST);
  return (
    <div class="scrolls">
      <table class="records">
        <caption>Records of the log</caption>
        <thead>
          <tr>
            <th scope="col">Record</th>
            <th scope="col">Byte</th>
            <th scope="col">What</th>
            <th scope="col">When</th>
            <th scope="col">Acknowledged</th>
          </tr>
        </thead>
        <tbody>
          {records.slice(0, most).map((record) => (
            <RecordRow key={record.record} record={record} />
          ))}
        </tbody>
      </table>
      {records.length > most && (
        <button type="button" onClick={() => setMost(most + 500)}>
          Show more of {records.length} records
        </button>
      )}
    </div>
  );
};

const RecordRow = ({ record }: { readonly record: TimeLineRecord }) => {
  const { kind, of, state, time, uuid, source, reason, message, acknowledgedBy } = record;
  const said = [source, reason].filter((text) => text !== null).join(', ');
  return (
    <tr class={record.pending ? 'pending' : kind}>
      <td>{record.record}</td>
      <td>
        {record.offset}
        <div class="said length">{count(record.length, 'byte')}</div>
      </td>
      <td>
        {kind === 'damaged' ? (
          <Mark tone="bad">does not decode</Mark>
        ) : kind === 'update' ? (
          <>
            <strong>{state}</strong>
            {said !== '' && <span class="said"> {shown(said)}</span>}
            {message !== null && message !== '' && <div class="said">{shown(message)}</div>}
            {uuid !== null && <div class="said">{uuid}</div>}
          </>
        ) : of === null ? (
          'acknowledges an update that is not here'
        ) : (
          `acknowledges record ${of}`
        )}
      </td>
      <td>{time === null ? '–' : <Time iso={time} />}</td>
      <td>
        {kind !== 'update' ? (
          ''
        ) : record.pending ? (
          <Mark tone="warn">pending</Mark>
        ) : acknowledgedBy === null ? (
          'no'
        ) : (
          `by record ${acknowledgedBy}`
        )}
      </td>
    </tr>
  );
};
