import type { Planning } from '../../repair/plan-repair.ts';
import type { Way } from '../../repair/ways/way.ts';
import { wrap } from '../../text/wrap.ts';
import { wayJson } from '../json/ways.ts';
import { noWayText } from '../prune/no-way.ts';
import { commandOf, typed } from './command.ts';
import { keepsText } from './table.ts';

/** What a verdict leads to. */
export interface Next {
  /** The way out that keeps most; undefined where the ways were not compared. */
  readonly way: Way | undefined;
  readonly isRecommended: boolean;
  /** The planning that found no way, where the start fails and none helps: it has the reasons. */
  readonly noWay?: Planning | undefined;
  /** The PATH of the command: that of the host's own tree where an archive was read. */
  readonly target: string;
  /** The options that make it assume what was assumed. */
  readonly behind: readonly string[];
}

/** The command that keeps most, on a line of its own, and what it keeps; '' where there is none. */
export const nextText = (next: Next | undefined, width: number): string => {
  if (next === undefined) return '';
  const { way, isRecommended, target, behind, noWay } = next;
  if (noWay !== undefined) return `NEXT: ${noWayText(noWay, { path: target, behind, width })}\n`;
  if (way === undefined) {
    return `NEXT: the ways out, compared\n  ${typed(['mesos-ckpt', 'prune', target, ...behind])}\n`;
  }
  const guess = isRecommended ? '' : ', as a best guess that somebody has to look at';
  return `${wrap(`NEXT: ${keepsText(way)}${guess}`, width)}\n  ${typed(looking(way, target, behind))}\n`;
};

/** The same command without `--apply`: a plan is looked at before it is carried out. */
const looking = (way: Way, target: string, behind: readonly string[]): readonly string[] =>
  (commandOf(way, target, behind) ?? []).filter((word) => word !== '--apply');

/** The same for `verify --json`: null where nothing is to be done, or nothing helps. */
export const nextJson = (next: Next | undefined): object | null => {
  if (next === undefined || next.noWay !== undefined) return null;
  const { way, isRecommended, target, behind } = next;
  return way === undefined
    ? { way: null, command: ['mesos-ckpt', 'prune', target, ...behind] }
    : wayJson(way, isRecommended, target, behind);
};
