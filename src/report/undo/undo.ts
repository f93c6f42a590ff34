import type { JournalState } from '../../apply/standing.ts';
import { shown } from '../../text/escape.ts';
import type { ScreenOptions } from '../../text/style.ts';
import { isoText } from '../../text/time.ts';
import { wrap } from '../../text/wrap.ts';
import { noteLines, stepCount, stepsIn, undoCommand } from './words.ts';

/** The version of the JSON's form: it is raised where a reader of the old form would be misled. */
const SCHEMA_VERSION = 1;

/** What came of an undo, or would. */
export interface Undone {
  readonly journal: JournalState;
  readonly outcome: 'undone' | 'already-undone' | 'can-be-undone' | 'cannot-be-undone' | 'stopped';
  /** Steps that are still done, or would be taken back. */
  readonly done: number;
  /** Why it cannot be undone. */
  readonly problem: string | undefined;
  readonly notes: readonly string[];
  readonly exitCode: number;
}

/** What came of an undo, as the object that `undo --json` prints on a line. */
export const undoJson = (path: string, { journal, outcome, done, problem, notes, exitCode }: Undone): object => ({
  schemaVersion: SCHEMA_VERSION,
  command: 'undo',
  action: outcome === 'can-be-undone' || outcome === 'cannot-be-undone' ? 'dry-run' : 'undo',
  path,
  journal: journal.place.path,
  workDir: journal.place.target.workDir,
  outcome,
  done,
  of: journal.record?.steps.length ?? 0,
  problem: problem ?? null,
  notes,
  exitCode,
});

/** When a journal was made: ` of 2024-05-01T12:34:56.789Z (14:34:56+02:00)`. */
const madeText = ({ record }: JournalState, zone: string | undefined): string =>
  record === undefined ? '' : ` of ${isoText(record.header.made, zone)}`;

/** The same for a terminal. */
export const undoScreen = (
  { journal, outcome, done, problem, notes }: Undone,
  { width, zone }: ScreenOptions,
): string => {
  const changes = journal.record?.steps ?? [];
  const { path, listed, id, target } = journal.place;
  const text = ((): string => {
    switch (outcome) {
      case 'undone':
        return `Taken back: in ${target.workDir} all that ${id} changed is as it was before.`;
      case 'already-undone':
        return journal.standing.kind === 'put-back'
          ? `Nothing to take back: ${target.workDir} holds again what was there before ${id}, because a copy was put back.`
          : `Nothing to take back: no step of ${path} is done.`;
      case 'can-be-undone':
        return `This journal${madeText(journal, zone)} can be undone: ${stepCount(changes.slice(0, done))}. Nothing was changed.`;
      case 'cannot-be-undone':
        return `Cannot be undone: ${problem ?? ''}`;
      case 'stopped':
        return `Stopped: ${stepsIn(changes.slice(0, done))} of ${stepCount(changes)} are still done. To go on:`;
    }
  })();
  const command = outcome === 'stopped' ? `  ${undoCommand(path, listed)}\n` : '';
  return `${wrap(shown(text), width)}\n${command}${noteLines(notes)}`;
};
