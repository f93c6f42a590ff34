import type { RecordFile } from '../../checkpoint/files.ts';
import { FileReader } from '../../checkpoint/read.ts';
import type { Message } from '../../format/parse.ts';
import type { Shape } from '../../format/shape.ts';
import { type Host, isUnseen, type Unseen } from '../../host/host.ts';
import { type Known, known, unknown, unseen } from '../../host/known.ts';
import { FolderSource } from '../../source/folder.ts';
import { AccessDenied, RecordTooLarge, type Source } from '../../source/source.ts';
import { count } from '../../text/words.ts';

/** What is to be said of a file with one record. */
export interface RecordState {
  readonly state: 'readable' | 'empty' | 'damaged';
  /** What is wrong with it; '' where nothing is. */
  readonly problem: string;
}

/** A file with one record, as the agent reads it. */
export const readRecordAt = (host: Host, path: string, shape: Shape): Known<RecordFile<Message>> => {
  const collected = collectedAt(host, path);
  if (collected !== undefined) return readIn(host, path, { ...collected, home: '/' }, shape);
  const local = host.local(path);
  if (local === undefined) {
    const stat = host.stat(path);
    return isUnseen(stat) ? unseen(path, stat) : known({ kind: 'absent', vanished: false });
  }
  const cut = local.lastIndexOf('/');
  const folder = local.slice(0, cut);
  return readIn(host, path, { source: new FolderSource(folder), name: local.slice(cut + 1), home: folder }, shape);
};

/** A file, by the folder that it is in. */
interface InFolder {
  readonly source: Source;
  readonly name: string;
  /** Where the folder is on its host. */
  readonly home: string;
}

/** The folder that a file of a collected host is in without links, and its name there; undefined where there is none. */
const collectedAt = (host: Host, path: string): Omit<InFolder, 'home'> | undefined => {
  const real = host.sourceAt === undefined ? undefined : host.real(path);
  if (real === undefined) return undefined;
  const cut = real.lastIndexOf('/');
  const source = host.sourceAt?.(real.slice(0, cut) || '/');
  return source && { source, name: real.slice(cut + 1) };
};

const readIn = (
  host: Host,
  path: string,
  { source, name, home }: InFolder,
  shape: Shape,
): Known<RecordFile<Message>> => {
  try {
    const reader = new FileReader({ source, home });
    return known(reader.record<Message>(name, source.kindOf(name), shape));
  } catch (error) {
    if (error instanceof AccessDenied) return unseen(path, whyUnseen(host, path));
    if (error instanceof RecordTooLarge) return unknown(error.message);
    throw error;
  }
};

/** Why a file could not be read: of a collected host that need not be a permission, and root sees no more of it then. */
const whyUnseen = (host: Host, path: string): Unseen => {
  const answer = host.read(path);
  return isUnseen(answer) ? answer : { code: 'EACCES' };
};

/** Whether the record of a file reads, and what is wrong with it. */
export const recordState = (file: RecordFile<Message>): RecordState => {
  switch (file.kind) {
    case 'absent':
    case 'empty':
      return { state: 'empty', problem: 'it is empty' };
    case 'whole':
      return file.zeros
        ? { state: 'readable', problem: 'it is full of zeros, which reads as an empty record' }
        : { state: 'readable', problem: '' };
    case 'bad':
      return { state: 'damaged', problem: `byte ${file.damage.offset}: ${file.damage.reason}` };
    case 'torn':
      return { state: 'damaged', problem: `it is torn after ${count(file.size, 'byte')}` };
    case 'oversized':
      return { state: 'damaged', problem: `its record announces ${file.announced} bytes` };
    case 'unreadable':
      return { state: 'damaged', problem: `it cannot be read: ${file.code}` };
  }
};
