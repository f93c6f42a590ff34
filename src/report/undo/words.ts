import type { RecordedChange } from '../../apply/record.ts';
import type { Standing } from '../../apply/standing.ts';
import type { Change } from '../../repair/plan/change.ts';
import type { PlannedChange } from '../../repair/plan/plan.ts';
import { shown } from '../../text/escape.ts';
import { count } from '../../text/words.ts';
import { typed } from '../ways/command.ts';

/** How a journal stands, in a few words. */
export const standingText = (standing: Standing, changes: readonly Pick<PlannedChange, 'part'>[]): string => {
  const of = stepsIn(changes);
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
        ? `stopped at ${stepsIn(changes.slice(0, standing.done))} of ${of}`
        : `undo stopped, ${stepsIn(changes.slice(0, standing.done))} of ${of} left`;
  }
};

const KINDS: readonly (readonly [kinds: readonly Change['kind'][], done: string])[] = [
  [['set-aside'], 'set aside'],
  [['cut'], 'cut'],
  [['create-file', 'create-link', 'create-folder'], 'made'],
];

/** What changes do, counted: `3 set aside, 1 cut`. */
export const changesText = (steps: readonly Pick<RecordedChange, 'change'>[]): string =>
  KINDS.flatMap(([kinds, done]) => {
    const number = steps.filter(({ change }) => kinds.includes(change.kind)).length;
    return number === 0 ? [] : [`${number} ${done}`];
  }).join(', ');

/** The command that takes a journal back. A path that no line can show is not typed: the tree knows another. */
export const undoCommand = (path: string, listed: string): string =>
  typed(['mesos-ckpt', 'undo', shown(path) === path ? path : listed]);

/** The same on a line of its own, so that it can be copied whole. */
export const takeBackText = (path: string, listed: string): string =>
  `To take it back:\n  ${undoCommand(path, listed)}`;

/** What is not as it should be, a line each; texts come from the tree, and are made safe here. */
export const noteLines = (notes: readonly string[]): string => notes.map((note) => `Note: ${shown(note)}\n`).join('');

/** How many steps of a plan some of its changes are: a step may be several of them. */
export const stepsIn = (changes: readonly Pick<PlannedChange, 'part'>[]): number =>
  changes.filter(({ part }, i) => part === undefined || part !== changes[i - 1]?.part).length;

/** The same in words: `5 steps`. */
export const stepCount = (changes: readonly Pick<PlannedChange, 'part'>[]): string => count(stepsIn(changes), 'step');
