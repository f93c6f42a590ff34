import * as fs from 'node:fs';
import type { Folder } from './folder.ts';
import { parseRecord } from './read-record.ts';
import { type JournalRecord, type LogEntry, renderEntry } from './record.ts';
import { codeOf, Refusal } from './refusal.ts';
import { writeAll } from './stage.ts';

/** The file of a journal: what is to be done, then what was done. It appears whole, and then it only grows. */
export const JOURNAL_FILE = 'journal.jsonl';
/** The same while it is written. */
export const UNFINISHED_FILE = 'journal.jsonl.new';

const { O_RDONLY, O_WRONLY, O_RDWR, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW, O_NONBLOCK } = fs.constants;

/** Writes a new journal's file. When it is there, its folder is a journal. */
export const writeJournal = (journal: Folder, text: string): void => {
  writeNew(journal, UNFINISHED_FILE, Buffer.from(text));
  fs.renameSync(journal.place(UNFINISHED_FILE), journal.place(JOURNAL_FILE));
  journal.sync();
};

/** Writes a file where none is, and waits until it is on the disk. */
export const writeNew = (folder: Folder, name: string, content: Uint8Array): void => {
  const descriptor = fs.openSync(folder.place(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeAll(descriptor, content, null);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
};

/** Half a million steps are as many bytes; a text could not hold twice of them. */
const MOST_BYTES = 256 * 1024 * 1024;

/** A file's bytes; undefined where there is none. Of what is no regular file, nothing is read. */
export const readBytes = (folder: Folder, name: string): Buffer | undefined => {
  let descriptor: number;
  try {
    descriptor = fs.openSync(folder.place(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const stats = fs.fstatSync(descriptor);
    if (!stats.isFile()) throw new Refusal(`${folder.name}/${name} is not a regular file`);
    if (stats.size > MOST_BYTES)
      throw new Refusal(`${folder.name}/${name} has ${stats.size} bytes: no journal is that large`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
};

/** The same as text. */
export const readText = (folder: Folder, name: string): string | undefined => readBytes(folder, name)?.toString('utf8');

/** Reads the journal in a folder; undefined where there is none, because it was never begun. */
export const readJournal = (journal: Folder): JournalRecord | undefined => {
  const text = readText(journal, JOURNAL_FILE);
  return text === undefined ? undefined : parseRecord(text, `${journal.name}/${JOURNAL_FILE}`);
};

/** The log of a journal, open to be added to. */
export class Log {
  readonly #descriptor: number;
  constructor(journal: Folder) {
    this.#descriptor = fs.openSync(journal.place(JOURNAL_FILE), O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
    this.#endTornLine();
  }

  /** Adds a line, and waits until it is on the disk. */
  add(entry: LogEntry): void {
    writeAll(this.#descriptor, Buffer.from(renderEntry(entry)), null);
    fs.fdatasyncSync(this.#descriptor);
  }

  close(): void {
    fs.closeSync(this.#descriptor);
  }

  /** A line that a kill has cut short must not be one with the next. */
  #endTornLine(): void {
    const { size } = fs.fstatSync(this.#descriptor);
    const last = Buffer.alloc(1);
    const count = size === 0 ? 0 : fs.readSync(this.#descriptor, last, 0, 1, size - 1);
    if (count === 1 && last[0] !== 0x0a) writeAll(this.#descriptor, Buffer.from('\n'), null);
  }
}
