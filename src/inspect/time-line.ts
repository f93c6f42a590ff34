import { FileReader } from '../checkpoint/read.ts';
import { type Message, parse } from '../format/parse.ts';
import { type Ending, readRecords } from '../format/records.ts';
import { shapeOf } from '../format/shape.ts';
import { uuidText } from '../format/uuid.ts';
import { fileIn } from '../layout/kinds.ts';
import { messageType, type StatusUpdateRecord } from '../schema/index.ts';
import type { Tree } from '../source/links.ts';
import type { OpenFile } from '../source/source.ts';
import type { InspectedTask } from './inspected.ts';

/** The log of one task, record by record, in the order of its bytes. */
export interface TimeLine {
  readonly path: string;
  readonly size: number;
  /** Bytes of `task.info`; undefined where it is not there. */
  readonly infoSize: number | undefined;
  readonly records: readonly TimeLineRecord[];
  /** How it ends: cleanly, or by what the agent does not read. */
  readonly ending: Ending;
}

/** A record; its offset is that of its length, which its own length counts. */
export type TimeLineRecord = LoggedUpdate | LoggedAcknowledgement;

interface Logged {
  /** From 1. */
  readonly number: number;
  readonly offset: number;
  readonly length: number;
  /** In hexadecimal, with dashes where it is 16 bytes long; undefined where there is none. */
  readonly uuid: string | undefined;
}

export interface LoggedUpdate extends Logged {
  readonly kind: 'update';
  readonly state: string;
  /** In seconds since 1970. */
  readonly timestamp: number;
  /** Who made it, and why. */
  readonly source: string | undefined;
  readonly reason: string | undefined;
  /** In whose words it was made. */
  readonly message: string | undefined;
  /** The number of the record that acknowledges it. */
  readonly acknowledgedBy: number | undefined;
  /** The agent sends it again at its next start. */
  readonly isPending: boolean;
}

export interface LoggedAcknowledgement extends Logged {
  readonly kind: 'acknowledgement';
  /** The number of the record that it acknowledges, if that is there. */
  readonly of: number | undefined;
}

const KEPT = {
  type: true,
  uuid: true,
  update: { uuid: true, timestamp: true, status: { state: true, source: true, reason: true, message: true } },
} as const;

/** Reads the log of one task again, for what a list of many tasks does not tell: where its records are, and when. */
export const timeLineOf = (tree: Tree, task: InspectedTask): TimeLine | undefined =>
  timeLineBy(new FileReader(tree), task);

/** The same by a reader that reads the logs of many tasks, one after the other. */
export const timeLineBy = (reader: FileReader, task: InspectedTask): TimeLine | undefined => {
  const path = fileIn(task.path, 'task.updates');
  const file = open(reader, path, 'log');
  if (file === undefined) return undefined;
  const shape = shapeOf(messageType('mesos.internal.StatusUpdateRecord'), KEPT);
  const read: Read[] = [];
  try {
    const { window } = reader;
    window.over(file);
    const { ending } = readRecords<Message>(
      window,
      () => parse(shape, window.buffer, window.start, window.end),
      (message, offset, length, number) => {
        read.push(readOf(message as unknown as StatusUpdateRecord, { offset, length, number }));
        return true;
      },
    );
    return { path, size: file.size(), infoSize: sizeOf(reader, task), records: linked(read, task), ending };
  } finally {
    file.close();
  }
};

/** A record before it is known which others belong to it. */
type Read = Omit<LoggedUpdate, 'acknowledgedBy' | 'isPending'> | Omit<LoggedAcknowledgement, 'of'>;

const readOf = (record: StatusUpdateRecord, place: Pick<Logged, 'offset' | 'length' | 'number'>): Read => {
  const { type, update } = record;
  const uuid = type === 'ACK' ? record.uuid : update?.uuid;
  const base = { ...place, uuid: uuid === undefined ? undefined : uuidText(uuid) };
  if (type === 'ACK' || update === undefined) return { ...base, kind: 'acknowledgement' };
  const { status, timestamp } = update;
  const { state, source, reason, message } = status;
  return { ...base, kind: 'update', state, timestamp, source, reason, message };
};

/** Updates with their acknowledgements: of one uuid the first of each. */
const linked = (read: readonly Read[], task: InspectedTask): readonly TimeLineRecord[] => {
  const first = (kind: Read['kind']): ReadonlyMap<string | undefined, number> =>
    new Map(read.flatMap((each) => (each.kind === kind ? [[each.uuid, each.number] as const] : [])).reverse());
  const [updates, acknowledgements] = [first('update'), first('acknowledgement')];
  // The agent sends the last ones of the log again, as many as were not acknowledged.
  let left = task.pending;
  return read
    .toReversed()
    .map((each): TimeLineRecord => {
      if (each.kind === 'acknowledgement') return { ...each, of: updates.get(each.uuid) };
      return { ...each, acknowledgedBy: acknowledgements.get(each.uuid), isPending: left-- > 0 };
    })
    .reverse();
};

const sizeOf = (reader: FileReader, task: InspectedTask): number | undefined => {
  const file = open(reader, fileIn(task.path, 'task.info'), 'record');
  if (file === undefined) return undefined;
  try {
    return file.size();
  } finally {
    file.close();
  }
};

/** Opens a file where the links of its path lead, unless they leave the tree. */
const open = (reader: FileReader, path: string, opening: 'log' | 'record'): OpenFile | undefined => {
  const resolved = reader.follow(path);
  if (resolved.kind !== 'found') return undefined;
  const file = reader.open(resolved.path, resolved.entry, opening);
  return 'kind' in file ? undefined : file;
};
