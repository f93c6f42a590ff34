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
  readonly records: readonly TimeLineRecord[];
  /** How it ends: cleanly, or by what the agent does not read. */
  readonly ending: Ending;
}

/** The same, and what is beside the log. */
export interface TaskTimeLine extends TimeLine {
  /** Bytes of `task.info`; undefined where it is not there. */
  readonly infoSize: number | undefined;
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
export const timeLineOf = (tree: Tree, task: InspectedTask): TaskTimeLine | undefined => {
  const reader = new FileReader(tree);
  const open: Open = (path, opening) => openFollowed(reader, path, opening);
  const line = timeLineWith(reader, open, task);
  return line && { ...line, infoSize: sizeOf(open, task) };
};

/** The same by the reader that has read the task's folder, and so knows which of those that lead to it are links. */
export const timeLineBy = (reader: FileReader, task: InspectedTask): TimeLine | undefined =>
  timeLineWith(reader, (path, opening) => openKnown(reader, path, opening), task);

type Open = (path: string, opening: 'log' | 'record') => OpenFile | undefined;

const timeLineWith = (reader: FileReader, open: Open, task: InspectedTask): TimeLine | undefined => {
  const path = fileIn(task.path, 'task.updates');
  const file = open(path, 'log');
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
    return { path, size: file.size(), records: linked(read, task), ending };
  } finally {
    file.close();
  }
};

/** A record before it is known which others belong to it. */
type Read = Omit<LoggedUpdate, 'acknowledgedBy' | 'isPending'> | Omit<LoggedAcknowledgement, 'of'>;

/** Field by field, because there may be hundreds of thousands: what is spread takes several times as long. */
const readOf = (
  record: StatusUpdateRecord,
  { number, offset, length }: Pick<Logged, 'offset' | 'length' | 'number'>,
): Read => {
  const { type, update } = record;
  const bytes = type === 'ACK' ? record.uuid : update?.uuid;
  const uuid = bytes === undefined ? undefined : uuidText(bytes);
  if (type === 'ACK' || update === undefined) return { number, offset, length, uuid, kind: 'acknowledgement' };
  const { status, timestamp } = update;
  const { state, source, reason, message } = status;
  return { number, offset, length, uuid, kind: 'update', state, timestamp, source, reason, message };
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

const sizeOf = (open: Open, task: InspectedTask): number | undefined => {
  const file = open(fileIn(task.path, 'task.info'), 'record');
  if (file === undefined) return undefined;
  try {
    return file.size();
  } finally {
    file.close();
  }
};

/** Opens a file where the links of its path lead, unless they leave the tree. */
const openFollowed = (reader: FileReader, path: string, opening: 'log' | 'record'): OpenFile | undefined => {
  const resolved = reader.follow(path);
  if (resolved.kind !== 'found') return undefined;
  return opened(reader.open(resolved.path, resolved.entry, opening));
};

/** The same where the links among the folders of its path have been followed: each of them is not looked at again. */
const openKnown = (reader: FileReader, path: string, opening: 'log' | 'record'): OpenFile | undefined =>
  opened(reader.open(path, reader.tree.source.kindOf(reader.real(path)), opening));

const opened = (file: ReturnType<FileReader['open']>): OpenFile | undefined => ('kind' in file ? undefined : file);
