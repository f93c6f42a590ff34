import { type Frame, framesOf } from '../../format/frames.ts';
import type { MessageType } from '../../format/message-type.ts';
import { type FileRow, kindNamed, rowOf } from '../../layout/kinds.ts';
import { messageType } from '../../schema/index.ts';
import { bytesOf } from '../../text/lossless.ts';
import type { Captured } from '../captured.ts';
import { Blanker } from './blank.ts';
import { redactRecord, textsIn } from './record.ts';
import type { Scope } from './scan.ts';
import { redactText } from './text.ts';

/** What a file is by its name, wherever it lies: the agent may have got there by a link. */
const rowOfFile = (path: string): FileRow | undefined => {
  const kind = kindNamed(path);
  return kind && rowOf(kind);
};

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
export const redact = (entries: readonly Captured[], scope: Scope = 'secrets'): Redacted => {
  const known = knownTexts(entries, scope);
  const blanker = new Blanker();
  const unsure: string[] = [];
  const kept = entries.map((entry) => {
    if (entry.kind !== 'file') return entry;
    const bytes = Buffer.from(entry.bytes);
    if (!redactFile(entry.path, bytes, known, blanker, scope)) unsure.push(entry.path);
    return { ...entry, bytes };
  });
  return { entries: kept, ...blanker.count, unsure };
};

/** The ids in the paths, and the texts of all records that are sure to be the agent's. */
const knownTexts = (entries: readonly Captured[], scope: Scope): ReadonlySet<string> => {
  const known = new Set<string>();
  for (const { path, kind, bytes } of entries) {
    for (const part of path.split('/')) known.add(bytesOf(part).toString('latin1'));
    const row = rowOfFile(path);
    if (kind !== 'file' || row?.message === undefined) continue;
    const type = messageType(row.message);
    for (const { start, end } of recordsOf(bytes, row.form).records) {
      for (const text of textsIn(type, bytes, start, end, scope)) known.add(text);
    }
  }
  return known;
};

/** Blanks what is secret in a file; whether all of it was understood. */
const redactFile = (
  path: string,
  bytes: Buffer,
  known: ReadonlySet<string>,
  blanker: Blanker,
  scope: Scope,
): boolean => {
  const row = rowOfFile(path);
  if (row?.message === undefined) return redactText(row, bytes, blanker);
  const type: MessageType = messageType(row.message);
  const found = recordsOf(bytes, row.form);
  let isSure = true;
  for (const { start, end } of found.records) {
    if (!redactRecord(type, bytes, start, end, known, blanker, scope)) isSure = false;
  }
  if (found.end === bytes.length) return isSure;
  blanker.raw(bytes, found.end, bytes.length);
  return false;
};

/**
 * The records that a file should have (one with one has more than that only by mistake), and where what is behind them
 * starts: behind the length of a torn record, which says that it is torn.
 */
const recordsOf = (
  bytes: Buffer,
  form: FileRow['form'],
): { readonly records: readonly Frame[]; readonly end: number } => {
  const { records, last } = framesOf(bytes);
  const [first] = records;
  return form === 'record' && first !== undefined ? { records: [first], end: first.end } : { records, end: last.start };
};
