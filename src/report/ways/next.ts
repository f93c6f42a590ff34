import type { Planning } from '../../repair/plan-repair.ts';
import type { Way } from '../../repair/ways/way.ts';
import { shown } from '../../text/escape.ts';
import { wrap } from '../../text/wrap.ts';
import { wayJson } from '../json/ways.ts';
import { lacksInfo, noWayText } from '../prune/no-way.ts';
import { commandOf, typed } from './command.ts';
import { keepsText } from './table.ts';

/** What a verdict leads to. */
export interface Next {
  /** The way out that keeps most; undefined where the ways were not compared. */
  readonly way: Way | undefined;
  readonly isRecommended: boolean;
  /** A best guess that keeps more than it. */
  readonly guess?: Way | undefined;
  /** The planning that found no way, where the start fails and none helps: it has the reasons. */
  readonly noWay?: Planning | undefined;
  /** The PATH of the command: that of the host's own tree where an archive was read. */
  readonly target: string;
  /** The archive that was read in the place of the host's tree. */
  readonly archive?: { readonly host: string | undefined } | undefined;
  /** The options that make it assume what was assumed. */
  readonly behind: readonly string[];
}

/** The command that keeps most, on a line of its own, and what it keeps; '' where there is none. */
export const nextText = (next: Next | undefined, width: number): string => {
  if (next === undefined) return '';
  const host = next.archive?.host === undefined ? 'its host' : shown(next.archive.host);
  const where =
    next.archive === undefined ? '' : `${wrap(`On ${host}, if its checkpoint is still as in this archive:`, width)}\n`;
  return `${where}${nextLines(next, width)}`;
};

const nextLines = (next: Next, width: number): string => {
  const { way, guess, target, behind, noWay } = next;
  if (noWay !== undefined) {
    return `NEXT    ${noWayText(noWay, { path: target, behind, width, isForPrune: isForPrune(noWay) })}\n`;
  }
  if (way === undefined) {
    return `NEXT    the ways out, compared\n  ${typed(['mesos-ckpt', 'prune', target, ...behind])}\n`;
  }
  const sure = way.sure === 'exact' ? '' : ', as a best guess: look at its plan first';
  const first = `${wrap(`${keepsText(way)}${sure}`, width, 'NEXT    ', '        ')}\n  ${typed(looking(way, target, behind))}\n`;
  if (guess === undefined) return first;
  const second = wrap(`A best guess ${keepsText(guess)}. Look at its plan before you decide:`, width);
  return `${first}${second}\n  ${typed(looking(guess, target, behind))}\n`;
};

/** Where the tree is in place, `prune` finds the flags of the agent, of which a lost `slave.info` is made again. */
const isForPrune = (noWay: Planning): boolean => noWay.opened.inPlace && lacksInfo(noWay.before);

/** The same command without `--apply`: a plan is looked at before it is carried out. */
const looking = (way: Way, target: string, behind: readonly string[]): readonly string[] =>
  (commandOf(way, target, behind) ?? []).filter((word) => word !== '--apply');

/** The same for `verify --json`: null where nothing is to be done, or nothing helps. */
export const nextJson = (next: Next | undefined): object | null => {
  if (next === undefined) return null;
  const { way, isRecommended, target, behind, noWay } = next;
  if (noWay !== undefined && !isForPrune(noWay)) return null;
  return way === undefined
    ? { way: null, command: ['mesos-ckpt', 'prune', target, ...behind] }
    : wayJson(way, isRecommended, target, behind);
};
