import { isDeepStrictEqual } from 'node:util';
import type { UpdateLog } from '../../../src/checkpoint/files.ts';
import { FileReader } from '../../../src/checkpoint/read.ts';
import { TASK_STATES } from '../../../src/checkpoint/update-log/record.ts';
import { type LogPlace, readUpdateLog } from '../../../src/checkpoint/update-log/update-log.ts';
import { framesOf } from '../../../src/format/frames.ts';
import { parse, WireFailure } from '../../../src/format/parse.ts';
import { shapeOf } from '../../../src/format/shape.ts';
import { isUuid } from '../../../src/format/uuid.ts';
import { messageType } from '../../../src/schema/index.ts';
import { logSource } from '../../support/logs.ts';
import { HOME } from '../../support/trees.ts';

interface Id {
  readonly value: string;
}
interface Record {
  readonly type: 'UPDATE' | 'ACK';
  readonly uuid?: Buffer;
  readonly update?: {
    readonly uuid?: Buffer;
    readonly timestamp: number;
    readonly framework_id: Id;
    readonly executor_id?: Id;
    readonly slave_id?: Id;
    readonly status: { readonly task_id: Id; readonly state: string };
  };
}

/** Where the reader of logs, in either of its ways, says something else of one than a plain one: nowhere. */
export const plainDifferences = (bytes: Buffer, place: LogPlace): readonly string[] => {
  const plain = readPlainly(bytes, place);
  return [true, false].flatMap((keepsUuids) => {
    const reader = new FileReader({ source: logSource(bytes), home: HOME });
    const log = readUpdateLog(reader, 'task.updates', 'file', place, keepsUuids);
    if (log.kind !== 'log') return [`the log is ${log.kind}`];
    const acknowledged = Array.from(
      { length: log.updates },
      (_, i) => ((log.acknowledged[i >> 3] ?? 0) & (1 << (i & 7))) !== 0,
    );
    const found = { ...log, states: new Uint8Array(log.states), acknowledged };
    return (Object.keys(plain) as (keyof PlainLog)[])
      .filter((key) => !isDeepStrictEqual(found[key], plain[key]))
      .map((key) => `${key}: ${String(found[key])}, plainly ${String(plain[key])}`);
  });
};

/** What the reader of logs says of one, but for how the file ends. */
type PlainLog = Omit<
  UpdateLog,
  'kind' | 'size' | 'ending' | 'zeros' | 'lost' | 'acknowledged' | 'updateUuids' | 'ackUuids'
> & { readonly acknowledged: readonly boolean[] };

/**
 * Reads a log as one would who need not be fast: every record is parsed whole, every uuid is kept as a text, and nothing is
 * remembered of one record for the next.
 */
const readPlainly = (bytes: Buffer, place: LogPlace): PlainLog => {
  const type = shapeOf(messageType('mesos.internal.StatusUpdateRecord'), true);
  const updates: {
    readonly record: Record;
    readonly offset: number;
    readonly length: number;
    readonly number: number;
  }[] = [];
  const acknowledged = new Set<string>();
  let badAcknowledgement: PlainLog['badAcknowledgement'];
  let [records, end] = [0, 0];
  for (const frame of framesOf(bytes).records) {
    const message = parse(type, bytes, frame.start, frame.end);
    if (message instanceof WireFailure) break;
    const record = message as unknown as Record;
    records++;
    end = frame.end;
    const at = { offset: frame.offset, length: frame.end - frame.offset };
    if (record.type === 'UPDATE') updates.push({ record, ...at, number: records });
    else if (isUuid(record.uuid)) acknowledged.add((record.uuid as Buffer).toString('hex'));
    else {
      badAcknowledgement = { record: records, ...at, update: -1 };
      break;
    }
  }
  const placeOf = (update: number) => {
    const { offset, length, number } = updates[update] as (typeof updates)[number];
    return { record: number, offset, length, update };
  };
  const where = (is: (record: Record, update: number) => boolean): readonly number[] =>
    updates.flatMap(({ record }, update) => (is(record, update) ? [update] : []));
  const first = (found: readonly number[]) => (found[0] === undefined ? undefined : placeOf(found[0]));
  const mapOf = <T>(found: readonly number[], value: (record: Record) => T): ReadonlyMap<number, T> | undefined =>
    found.length === 0
      ? undefined
      : new Map(found.map((update) => [update, value((updates[update] as (typeof updates)[number]).record)]));
  const invalid = where(({ update }) => !isUuid(update?.uuid));
  const foreign = where(({ update }) => update !== undefined && foreignIn(update, place) !== undefined);
  const times = updates.map(({ record }) => record.update?.timestamp ?? Number.NaN);
  const firstForeign = first(foreign);
  return {
    records,
    updates: updates.length,
    end,
    states: new Uint8Array(
      updates.map(({ record }) => TASK_STATES.indexOf(record.update?.status.state ?? 'TASK_STAGING')),
    ),
    acknowledged: updates.map(({ record }) => acknowledged.has(record.update?.uuid?.toString('hex') ?? '')),
    otherTasks: mapOf(
      where(({ update }) => update?.status.task_id.value !== place.task),
      ({ update }) => update?.status.task_id.value ?? '',
    ),
    otherUuids: mapOf(
      where(({ update }) => update?.uuid?.length !== 16),
      ({ update }) => update?.uuid ?? Buffer.alloc(0),
    ),
    invalidUuids: invalid.length === 0 ? undefined : new Set(invalid),
    badUpdate: first(invalid),
    badAcknowledgement,
    outOfOrder: first(
      where((_, update) => times.slice(0, update).some((before) => before > (times[update] as number))),
    ),
    foreignIds:
      firstForeign === undefined
        ? undefined
        : {
            ...firstForeign,
            ...(foreignIn(updates[firstForeign.update]?.record.update as NonNullable<Record['update']>, place) as {
              field: string;
              id: string;
            }),
          },
    lastTimestamp: times.findLast((time) => !Number.isNaN(time)),
  };
};

const foreignIn = (
  update: NonNullable<Record['update']>,
  { agent, framework, executor, task }: LogPlace,
): { readonly field: string; readonly id: string } | undefined =>
  [
    { field: 'framework_id', id: update.framework_id.value, own: framework },
    { field: 'task_id', id: update.status.task_id.value, own: task },
    { field: 'executor_id', id: update.executor_id?.value ?? executor, own: executor },
    { field: 'slave_id', id: update.slave_id?.value ?? agent, own: agent },
  ]
    .filter(({ id, own }) => id !== own)
    .map(({ field, id }) => ({ field, id }))[0];
