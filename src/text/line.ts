import type { Cell } from './cells.ts';
import { levelled } from './columns.ts';
import { shortenAmong } from './shorten.ts';
import type { Styles } from './style.ts';
import { displayWidth } from './width.ts';

/** A part of a line. */
export interface Part extends Cell {
  /** The width that it can be shortened to; without it, it is not. */
  readonly min?: number | undefined;
  /** The texts, this one too, that it must not look like when it is shortened. */
  readonly among?: readonly string[] | undefined;
  /** Left out of a line into which not everything fits. */
  readonly spare?: boolean | undefined;
}

/** Joins the parts of a line by blanks; where they do not fit, those that have a `min` are shortened, the widest first. */
export const fitLine = (parts: readonly Part[], width: number, paint: Styles): string => {
  const all = parts.filter(({ text }) => text !== '');
  const needed = all.reduce((sum, { text }) => sum + displayWidth(text) + 1, -1);
  const there = needed > width ? all.filter(({ spare }) => spare !== true) : all;
  // What cannot have a column for itself is left out from the end.
  const fitting = there.slice(0, Math.max(0, Math.ceil(width / 2)));
  const room = width - Math.max(0, fitting.length - 1);
  const natural = fitting.map(({ text }) => displayWidth(text));
  const shortened = levelled(
    natural,
    fitting.map(({ min }, i) => Math.min(min ?? Number.POSITIVE_INFINITY, natural[i] ?? 0)),
    room,
  );
  const widths = levelled(
    shortened,
    shortened.map((each) => Math.min(1, each)),
    room,
  );
  return fitting
    .map(({ text, style, among = [] }, i) => {
      const short = shortenAmong(text, among, widths[i] ?? 0);
      return style === undefined ? short : paint[style](short);
    })
    .join(' ');
};
