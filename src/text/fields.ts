import type { Cell } from './cells.ts';
import { shorten } from './shorten.ts';
import { type StyleName, type Styles, styles } from './style.ts';
import type { TableOptions } from './table.ts';
import { displayWidth, pad } from './width.ts';

/** A label, and what is said under it. */
export interface Field {
  readonly label: string;
  readonly style?: StyleName | undefined;
  /** Lines, each of which starts anew; the parts of a line are broken at where they do not fit. */
  readonly lines: readonly FieldLine[];
}

/** Parts that follow each other, with what stands between them. */
export interface FieldLine {
  readonly parts: readonly Cell[];
  /** `; ` where it is not said; a break comes behind it. */
  readonly separator?: string | undefined;
}

const GAP = 2;

/** A field with one text. */
export const field = (label: string, ...cells: readonly Cell[]): Field => ({
  label,
  lines: cells.map((each) => ({ parts: [each] })),
});

/** Labels and what belongs to them, in two columns, each line ending in a newline; fields without lines are left out. */
export const renderFields = (fields: readonly Field[], options: TableOptions): string => {
  const paint = styles(options.colour);
  const there = fields.filter(({ lines }) => lines.length > 0);
  const indent = options.indent ?? 0;
  const labels = there.reduce((most, { label }) => Math.max(most, displayWidth(label)), 0);
  const width = options.wide === true ? Number.POSITIVE_INFINITY : options.width - indent - labels - GAP;
  return there
    .flatMap(({ label, style, lines }) => {
      const painted = paint[style ?? 'dim'](label) + ' '.repeat(labels - displayWidth(label) + GAP);
      return lines
        .flatMap((line) => flow(line, width, paint))
        .map((text, i) => `${' '.repeat(indent)}${i === 0 ? painted : pad('', labels + GAP)}${text}\n`);
    })
    .join('');
};

/** Lays parts out in lines of at most a width; one that is wider than a line is shortened. */
export const flow = ({ parts, separator = '; ' }: FieldLine, width: number, paint: Styles): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const [i, { text, style }] of parts.entries()) {
    const behind = i === parts.length - 1 ? '' : separator;
    const short = shorten(text, width - behind.trimEnd().length);
    const piece = displayWidth(short.trimEnd()) + behind.trimEnd().length;
    if (used > 0 && used + piece > width) {
      lines.push(line.trimEnd());
      line = '';
      used = 0;
    }
    line += (style === undefined ? short : paint[style](short)) + behind;
    used += displayWidth(short) + behind.length;
  }
  return [...lines, line.trimEnd()];
};
