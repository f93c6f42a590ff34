import type { MessageType } from '../../format/message-type.ts';
import { type MessageTypes, messageType } from '../../schema/index.ts';
import { baseName } from '../../source/source.ts';
import { bytesOf } from '../../text/lossless.ts';
import type { Captured } from '../captured.ts';
import { Blanker } from './blank.ts';
import { redactRecord, textsIn } from './record.ts';
import { redactText } from './text.ts';

/** What a file holds by its name: records of a type. A file with one has more than that only by mistake. */
const RECORDS: Readonly<Record<string, readonly [type: keyof MessageTypes, count: 'one' | 'many']>> = {
  'slave.info': ['mesos.SlaveInfo', 'one'],
  'drain.config': ['mesos.DrainConfig', 'one'],
  'framework.info': ['mesos.FrameworkInfo', 'one'],
  'executor.info': ['mesos.ExecutorInfo', 'one'],
  'task.info': ['mesos.Task', 'one'],
  'task.updates': ['mesos.internal.StatusUpdateRecord', 'many'],
  'operation.updates': ['mesos.internal.UpdateOperationStatusRecord', 'many'],
  'resources_and_operations.state': ['mesos.internal.slave.ResourceState', 'one'],
  'resources_and_operations.target': ['mesos.internal.slave.ResourceState', 'one'],
  'resources.info': ['mesos.Resource', 'many'],
  'resources.target': ['mesos.Resource', 'many'],
  volume_gids: ['mesos.internal.slave.VolumeGidInfos', 'one'],
  'device.state': ['mesos.internal.slave.CgroupDeviceAccessStates', 'one'],
};

/** What a file has by its name, which may be any, `__proto__` too. */
const recordsIn = (name: string) => (Object.hasOwn(RECORDS, name) ? RECORDS[name] : undefined);

/** Bytes of the length before a record. */
const LENGTH = 4;

/** What was blanked, and the entries with it. */
export interface Redacted {
  readonly entries: readonly Captured[];
  readonly values: number;
  readonly bytes: number;
  /** Paths of files of which more was blanked than what is known to be secret. */
  readonly unsure: readonly string[];
}

/**
 * Blanks the values of secret fields in all files, in place, so that every length stays. What is not understood (damage,
 * fields of newer versions, what is behind a record's end, files that the agent does not read) is blanked whole, but for
 * texts that stand elsewhere too, such as ids.
 */
export const redact = (entries: readonly Captured[]): Redacted => {
  const known = knownTexts(entries);
  const blanker = new Blanker();
  const unsure: string[] = [];
  const kept = entries.map((entry) => {
    if (entry.kind !== 'file') return entry;
    const bytes = Buffer.from(entry.bytes);
    if (!redactFile(entry.path, bytes, known, blanker)) unsure.push(entry.path);
    return { ...entry, bytes };
  });
  return { entries: kept, ...blanker.count, unsure };
};

/** The ids in the paths, and the texts of all records that are sure to be the agent's. */
const knownTexts = (entries: readonly Captured[]): ReadonlySet<string> => {
  const known = new Set<string>();
  for (const { path, kind, bytes } of entries) {
    for (const part of path.split('/')) known.add(bytesOf(part).toString('latin1'));
    const records = recordsIn(baseName(path));
    if (kind !== 'file' || records === undefined) continue;
    const type = messageType(records[0]);
    for (const { start, end } of framesOf(bytes, records[1]).frames) {
      for (const text of textsIn(type, bytes, start, end)) known.add(text);
    }
  }
  return known;
};

/** Blanks what is secret in a file; whether all of it was understood. */
const redactFile = (path: string, bytes: Buffer, known: ReadonlySet<string>, blanker: Blanker): boolean => {
  const name = baseName(path);
  const records = recordsIn(name);
  if (records === undefined) return redactText(name, bytes, blanker);
  const [typeName, count] = records;
  const type: MessageType = messageType(typeName);
  const { frames, end } = framesOf(bytes, count);
  let isSure = true;
  for (const frame of frames) {
    if (!redactRecord(type, bytes, frame.start, frame.end, known, blanker)) isSure = false;
  }
  if (end === bytes.length) return isSure;
  blanker.raw(bytes, end, bytes.length);
  return false;
};

interface Frames {
  readonly frames: readonly { readonly start: number; readonly end: number }[];
  /** Where what follows is no whole record: behind the length of a torn one, which says that it is torn. */
  readonly end: number;
}

const framesOf = (bytes: Buffer, count: 'one' | 'many'): Frames => {
  const frames: { start: number; end: number }[] = [];
  let at = 0;
  while (at < bytes.length && (count === 'many' || frames.length === 0)) {
    if (bytes.length - at < LENGTH) return { frames, end: bytes.length };
    const start = at + LENGTH;
    const end = start + bytes.readUInt32LE(at);
    if (end > bytes.length) return { frames, end: start };
    frames.push({ start, end });
    at = end;
  }
  return { frames, end: at };
};
