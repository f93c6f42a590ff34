import { changeJson } from '../repair/plan/codec.ts';
import type { PlannedChange } from '../repair/plan/plan.ts';

/** The version of the journal's form. */
export const JOURNAL_VERSION = 1;

/** What a journal is about: its first line. */
export interface Header {
  /** The name of the journal, the time at which it was made. */
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly made: string;
  /** The program and its version. */
  readonly by: string;
  readonly host: string;
  /** The real path of the folder that holds `meta`, when the journal was made. */
  readonly workDir: string;
  /** The name of `meta` in it. */
  readonly meta: string;
  /** SHA-256 of the steps' lines, in hex: the same plan has the same. */
  readonly plan: string;
}

/** A step, and what becomes of its file. */
export interface RecordedChange extends PlannedChange {
  /** The content that a cut leaves, or that a created file has. */
  readonly made?: { readonly size: number; readonly sha256: string } | undefined;
}

/** A folder whose names the steps change, as it was before. */
export interface RecordedFolder {
  readonly path: string;
  /** When it was modified, in ns since 1970. */
  readonly modified: bigint;
  /** SHA-256 of its names, in hex. */
  readonly names: string;
}

export type Direction = 'apply' | 'undo';

/** How a run through the steps ended. */
export type Ending = 'applied' | 'rolled-back' | 'undone' | 'stopped';

/** What was done, as it was done. Of these the last may be torn, or not be there: the tree itself tells what is done. */
export type LogEntry =
  | { readonly log: 'begin'; readonly direction: Direction; readonly at: string; readonly pid: number }
  | { readonly log: 'step'; readonly step: number; readonly direction: Direction; readonly at: string }
  | { readonly log: 'end'; readonly ending: Ending; readonly at: string };

/** A journal, read. */
export interface JournalRecord {
  readonly header: Header;
  readonly steps: readonly RecordedChange[];
  readonly folders: readonly RecordedFolder[];
  readonly log: readonly LogEntry[];
}

/** The lines that are written before anything is changed. */
export const renderRecord = (
  header: Header,
  steps: readonly RecordedChange[],
  folders: readonly RecordedFolder[],
): string =>
  [
    JSON.stringify({
      schemaVersion: JOURNAL_VERSION,
      kind: 'mesos-ckpt-journal',
      ...header,
      steps: steps.length,
      folders: folders.length,
    }),
    ...steps.map(stepLine),
    ...folders.map(({ path, modified, names }) => JSON.stringify({ folder: path, modified: `${modified}`, names })),
    '',
  ].join('\n');

/** One line of the log. */
export const renderEntry = (entry: LogEntry): string => `${JSON.stringify(entry)}\n`;

/** A step as a line; lone surrogates, which stand for bytes that are no UTF-8, are written as escapes. */
export const stepLine = ({ change, before, why, part, made }: RecordedChange, step: number): string =>
  JSON.stringify({
    step: step + 1,
    change: changeJson(change),
    before,
    ...(made === undefined ? {} : { made }),
    ...(why === undefined ? {} : { why }),
    ...(part === undefined ? {} : { part }),
  });
