import type { FindingCode } from '../../findings/catalogue.ts';
import { entryOf } from '../../findings/entry-of.ts';
import type { Finding, Mode, Severity } from '../../findings/finding.ts';
import { shown } from '../../text/escape.ts';
import { excerpt } from '../../text/excerpt.ts';
import { grouped } from '../../text/grouped.ts';
import { type Styles, styles } from '../../text/style.ts';
import { count } from '../../text/words.ts';
import { wrap } from '../../text/wrap.ts';
import { worstFirst } from '../../verify/worst-first.ts';
import { severityStyle } from './verdict.ts';

/** How many places of one code are shown before the rest is only counted. */
const MOST_PLACES = 8;

/** In UTF-16 units: --json has more of what is longer. */
const MOST_OF_A_MESSAGE = 1000;

/** How findings are laid out: the mode that they are sorted by, the width in columns, and whether all are shown. */
export interface Layout {
  readonly mode: Mode;
  readonly width: number;
  readonly all?: boolean | undefined;
}

const WORDS: Readonly<Record<Severity, string>> = { fatal: 'FATAL', counted: 'COUNTED', loss: 'LOSS', note: 'note' };

/** The findings, worst first, those of one code together. */
export const findingsText = (findings: readonly Finding[], options: Layout, style: Styles): string => {
  const groups = grouped(
    worstFirst(findings, options.mode),
    ({ code, severity }) => `${code} ${severity.strict} ${severity.nonStrict}`,
  );
  return [...groups.values()].map((group) => groupText(group, options, style)).join('\n\n');
};

const groupText = (group: readonly Finding[], { width, all }: Layout, style: Styles): string => {
  const most = all === true ? group.length : MOST_PLACES;
  const [first] = group;
  if (first === undefined) return '';
  const entry = entryOf(first.code);
  const isNote = first.severity.strict === 'note' && first.severity.nonStrict === 'note';
  const lines = [headline(first, width, style)];
  for (const finding of group.slice(0, most)) {
    lines.push(
      `  ${shown(finding.path)}${placeText(finding)}`,
      wrap(shown(excerpt(finding.message, MOST_OF_A_MESSAGE)), width, '    '),
    );
  }
  if (group.length > most) lines.push(`  and ${group.length - most} more like it; --all shows all`);
  if (isNote) lines.push(...labelled('to do', entry.remedy, width, style));
  else lines.push(...consequenceLines(first.code, width, style), ...labelled('remedy', entry.remedy, width, style));
  return lines.join('\n');
};

/** The severities, the code and its title; the title on a line of its own where they do not fit. */
const headline = (finding: Finding, width: number, style: Styles): string => {
  const { title } = entryOf(finding.code);
  const plain = `${label(finding, styles(false))}  ${finding.code}: ${title}`;
  const fits = plain.length <= width;
  return `${label(finding, style)}  ${style.bold(finding.code)}:${fits ? ' ' : '\n  '}${title}`;
};

const label = (finding: Finding, style: Styles): string => {
  const { strict, nonStrict } = finding.severity;
  const words = strict === nonStrict ? WORDS[strict] : `${WORDS[strict]} (non-strict: ${WORDS[nonStrict]})`;
  return style[severityStyle(strict)](words);
};

const placeText = ({ offset, length, record }: Finding): string => {
  const parts: string[] = [];
  if (offset !== undefined) parts.push(`byte ${offset}`);
  if (length !== undefined) parts.push(count(length, 'byte'));
  if (record !== undefined) parts.push(`record ${record}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
};

const consequenceLines = (code: FindingCode, width: number, style: Styles): readonly string[] => {
  const { strict, nonStrict } = entryOf(code).consequence;
  return strict === nonStrict
    ? labelled('either mode', strict, width, style)
    : [...labelled('strict', strict, width, style), ...labelled('non-strict', nonStrict, width, style)];
};

const LABEL_WIDTH = 13;

const labelled = (name: string, text: string, width: number, style: Styles): readonly string[] => {
  const margin = ' '.repeat(2 + LABEL_WIDTH);
  const wrapped = wrap(text, width, margin).slice(margin.length);
  return [`  ${style.dim(name.padEnd(LABEL_WIDTH))}${wrapped}`];
};
