import CliTable from 'cli-table3';
import type { Cell } from './cells.ts';
import { type Need, widthsOf } from './columns.ts';
import { leastDistinct, shorten, shortenDistinct } from './shorten.ts';
import { type ScreenOptions, type Styles, styles } from './style.ts';
import { displayWidth, pad } from './width.ts';

/** A column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right' | undefined;
  /** The width that it is still worth showing with; without it, the column is never shortened. */
  readonly min?: number | undefined;
  /** 0 (the default): always there. The higher, the earlier it is left out where shortening does not help. */
  readonly priority?: number | undefined;
  /** Shortened before the others are: what tells the reader least. */
  readonly yields?: boolean | undefined;
  /** Left out before anything is shortened. */
  readonly spare?: boolean | undefined;
  /** Ids: different ones are shortened to different texts, for which others give way. */
  readonly ids?: boolean | undefined;
}

/** How a table is laid out. */
export interface TableOptions extends ScreenOptions {
  /** Blanks before each line. */
  readonly indent?: number | undefined;
}

const GAP = 2;

/**
 * Stands for a column's width of text while the table is laid out. The table's own measure is an older one, which takes
 * some characters for wider or narrower than they are; of this private one, which no text is shown with, it is sure.
 */
const STAND_IN = '\u{e000}';
const STAND_INS = /\u{e000}+/gu;

/**
 * A table without borders: titles, then a line a row, each ending in a newline; '' without rows. Cells are safe texts
 * without line breaks (see `cell`), shortened in the middle where they do not fit.
 */
export const renderTable = (
  columns: readonly Column[],
  rows: readonly (readonly (string | Cell)[])[],
  options: TableOptions,
): string => {
  if (rows.length === 0) return '';
  const indent = options.indent ?? 0;
  const cells = rows.map((row) => columns.map((_, i) => cellOf(row[i])));
  const widths = decideWidths(columns, cells, options, indent);
  const shownColumns = columns.flatMap((column, i) => {
    const width = widths[i];
    return width === undefined ? [] : [{ column, width, cells: cells.map((row) => row[i] as Cell) }];
  });
  const paint = styles(options.colour);
  const laidOut = shownColumns.map(({ column, width, cells: inColumn }) =>
    layOut(column, [{ text: column.title, style: 'dim' }, ...inColumn], width, paint),
  );
  const lines = Array.from({ length: rows.length + 1 }, (_, row) => laidOut.map((texts) => texts[row] ?? ''));
  return draw(
    shownColumns.map(({ width }) => width),
    lines,
    ' '.repeat(indent),
  );
};

const cellOf = (value: string | Cell | undefined): Cell => (typeof value === 'object' ? value : { text: value ?? '' });

const decideWidths = (
  columns: readonly Column[],
  cells: readonly (readonly Cell[])[],
  options: TableOptions,
  indent: number,
): readonly (number | undefined)[] => {
  let needs: readonly Need[] = columns.map(({ title, min, priority = 0, yields, spare }, i) => {
    const natural = cells.reduce((most, row) => Math.max(most, displayWidth(row[i]?.text ?? '')), displayWidth(title));
    return { natural, least: min ?? natural, priority, yields, spare };
  });
  if (options.wide === true) return needs.map(({ natural }) => natural);
  for (;;) {
    const widths = widthsOf(needs, options.width - indent, GAP);
    const wider = needs.map((need, i) => {
      const width = widths[i];
      if (columns[i]?.ids !== true || width === undefined || width >= need.natural) return need;
      const least = leastDistinct(
        cells.map((row) => row[i]?.text ?? ''),
        width,
        need.natural,
      );
      return least > need.least ? { ...need, least } : need;
    });
    if (wider.every((need, i) => need === needs[i])) return widths;
    needs = wider;
  }
};

/** The texts of a column, title first, each exactly as wide as the column. */
const layOut = (column: Column, cells: readonly Cell[], width: number, paint: Styles): readonly string[] => {
  const texts = cells.map(({ text }) => text);
  const short = column.ids === true ? shortenDistinct(texts, width) : texts.map((text) => shorten(text, width));
  return cells.map(({ style }, i) => {
    const text = short[i] ?? '';
    // Colours go round the text alone: a line must not be coloured where nothing is.
    const padded = pad(text, width, column.align);
    return style === undefined ? padded : padded.replace(text, () => paint[style](text));
  });
};

/** With stand-ins in their place, all rows are the same: one is laid out, and stands for all. */
const draw = (widths: readonly number[], lines: readonly (readonly string[])[], indent: string): string => {
  const table = new CliTable({
    chars: { ...NO_BORDERS, left: indent, middle: ' '.repeat(GAP) },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: [...widths],
  });
  table.push(widths.map((width) => STAND_IN.repeat(width)));
  const row = table.toString();
  return lines
    .map((line) => {
      const texts = line.filter((_, i) => widths[i] !== 0).values();
      return `${row.replace(STAND_INS, () => texts.next().value ?? '').trimEnd()}\n`;
    })
    .join('');
};

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  mid: '',
  'mid-mid': '',
  'left-mid': '',
  'right-mid': '',
  right: '',
};
