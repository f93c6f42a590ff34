import type { RecordedChange } from '../../apply/record.ts';
import type { Standing } from '../../apply/standing.ts';
import type { Change } from '../../repair/plan/change.ts';
import { shown } from '../../text/escape.ts';
import { count } from '../../text/words.ts';
import { typed } from '../ways/command.ts';

/** How a journal stands, in a few words. */
export const standingText = (standing: Standing, of: number): string => {
  switch (standing.kind) {
    case 'applied':
      return 'applied';
    case 'undone':
      return 'undone';
    case 'rolled-back':
      return 'rolled back';
    case 'put-back':
      return 'not in the tree';
    case 'unused':
      return 'not begun';
    case 'unreadable':
      return 'unreadable';
    case 'unfinished':
      return standing.direction === 'apply'
        ? `stopped at ${standing.done} of ${of}`
        : `undo stopped, ${standing.done} of ${of} left`;
  }
};

const KINDS: readonly (readonly [kinds: readonly Change['kind'][], done: string])[] = [
  [['set-aside'], 'set aside'],
  [['cut'], 'cut'],
  [['create-file', 'create-link', 'create-folder'], 'made'],
];

/** What steps do, counted: `3 set aside, 1 cut`. */
export const stepsText = (steps: readonly Pick<RecordedChange, 'change'>[]): string =>
  KINDS.flatMap(([kinds, done]) => {
    const number = steps.filter(({ change }) => kinds.includes(change.kind)).length;
    return number === 0 ? [] : [`${number} ${done}`];
  }).join(', ');

/** The command that takes a journal back. A path that no line can show is not typed: the tree knows another. */
export const undoCommand = (path: string, listed: string): string =>
  typed(['mesos-ckpt', 'undo', shown(path) === path ? path : listed]);

/** What is not as it should be, a line each; texts come from the tree, and are made safe here. */
export const noteLines = (notes: readonly string[]): string => notes.map((note) => `Note: ${shown(note)}\n`).join('');

/** `9 changes`: a step of a plan may be several, each of which is made whole or not at all. */
export const changeCount = (number: number): string => count(number, 'change');
