import type { LoggedUpdate, TaskTimeLine, TimeLineRecord } from '../../inspect/time-line.ts';
import { damageText } from '../../recovery/damage.ts';
import { type Cell, cell } from '../../text/cells.ts';
import { styles } from '../../text/style.ts';
import { renderTable, type TableOptions } from '../../text/table.ts';
import { timeText } from '../../text/time.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';

/**
 * The log of one task as a time line, a line a record: where it is in the file, when it was made, and what it says. Updates
 * that the agent will send again stand out by their words, and by their colour.
 */
export const timeLineText = (timeLine: TaskTimeLine, options: TableOptions): string => {
  const { records, size, infoSize, ending } = timeLine;
  const info = infoSize === undefined ? '' : `task.info has ${count(infoSize, 'byte')}, `;
  const title = `Time line: ${info}task.updates ${count(size, 'byte')} in ${count(records.length, 'record')}`;
  const hasReasons = records.some((record) => reasonOf(record) !== '');
  const table = renderTable(
    [
      { title: 'RECORD', align: 'right' },
      { title: 'BYTE', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'TIME' },
      { title: 'WHAT' },
      ...(hasReasons ? [{ title: 'REASON', spare: true }] : []),
      { title: 'UUID', spare: true },
    ],
    records.map((record) => [
      String(record.number),
      String(record.offset),
      String(record.length),
      // An acknowledgement has no time of its own.
      record.kind === 'update' ? timeText(record.timestamp, options.zone) : '',
      whatOf(record),
      ...(hasReasons ? [cell(reasonOf(record))] : []),
      cell(record.uuid ?? '', 'dim'),
    ]),
    options,
  );
  const paint = styles(options.colour);
  const width = options.wide === true ? Number.POSITIVE_INFINITY : options.width;
  const bad =
    ending.kind === 'clean'
      ? ''
      : `${wrap(
          `byte ${ending.offset}: ${damageText.atEnd(ending)}; the agent reads nothing from there on`,
          width,
          '',
          '  ',
        )
          .split('\n')
          .map(paint.bad)
          .join('\n')}\n`;
  return `${paint.bold(wrap(title, width))}\n${table}${bad}`;
};

const reasonOf = (record: TimeLineRecord): string =>
  record.kind === 'update' ? (record.reason ?? '').replace(/^REASON_/, '') : '';

const whatOf = (record: TimeLineRecord): Cell => {
  if (record.kind === 'acknowledgement') {
    const { of } = record;
    return of === undefined
      ? cell('acknowledges an update that is not here', 'warn')
      : cell(`acknowledges record ${of}`, 'dim');
  }
  const state = record.state.replace(/^TASK_/, '');
  return record.isPending
    ? cell(`${state}  PENDING${pendingText(record)}`, 'warn')
    : cell(`${state}${fateText(record)}`);
};

/** Out of order, what was acknowledged is sent again all the same. */
const pendingText = ({ acknowledgedBy }: LoggedUpdate): string =>
  acknowledgedBy === undefined ? '' : `, though record ${acknowledgedBy} acknowledges it`;

const fateText = ({ acknowledgedBy }: LoggedUpdate): string =>
  acknowledgedBy === undefined ? '  not acknowledged' : '';
