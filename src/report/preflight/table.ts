import { type Verdict, WORST_FIRST } from '../../preflight/checks/check.ts';
import type { CheckResult, ResultRow } from '../../preflight/preflight.ts';
import { shown } from '../../text/escape.ts';
import type { StyleName, Styles } from '../../text/style.ts';
import { wrap } from '../../text/wrap.ts';

const STYLES: Readonly<Record<Verdict, StyleName>> = { ok: 'good', unknown: 'warn', warn: 'warn', fail: 'bad' };
const VERDICT_WIDTH = 'unknown'.length;
const GAP = '  ';
/** Details stand under the check, so that long texts and paths have room. */
const MARGIN = ' '.repeat(VERDICT_WIDTH + GAP.length);
const LABEL_WIDTH = 'to see'.length + 2;
/** Below this, what was found stands under its check instead of beside it. */
const LEAST_BESIDE = 40;

/** Of more checks that are ok, the names alone are told. */
const MOST_OK = 12;

/**
 * Checks in a table, the worst first, else in their order: verdict, check, what was found; below it where, and what to do.
 * Checks that are unknown for one cause are one row, and so are those that are ok where they are many, unless `all` is asked
 * for; nothing else is cut.
 */
export const checksTable = (all: readonly CheckResult[], isWhole: boolean, width: number, style: Styles): string => {
  const fine = all.filter(({ verdict }) => verdict === 'ok');
  const isShort = !isWhole && fine.length > MOST_OK;
  const results = isShort ? all.filter(({ verdict }) => verdict !== 'ok') : all;
  const nameWidth = Math.max('10 checks'.length, ...results.map(({ code }) => code.length));
  const title = `${'VERDICT'.padEnd(VERDICT_WIDTH)}${GAP}${'CHECK'.padEnd(nameWidth)}${GAP}FOUND`;
  const lines = [style.dim(title)];
  const sorted = results.toSorted((a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict));
  const shared = sharedCauses(sorted);
  for (const { code, rows } of sorted) {
    const own = rows.filter((row) => !isShared(row, shared));
    for (const [i, row] of own.entries()) {
      lines.push(...headLines(row, i === 0 ? code : '', nameWidth, width, style));
      // What is to be done about several rows alike is told below the last of them.
      const isToldLater = own.slice(i + 1).some(({ todo }) => todo === row.todo);
      lines.push(...detailLines(isToldLater ? { ...row, todo: undefined } : row, width, style));
    }
    // What hides one thing hides others: it is told once, with all that it hides.
    for (const row of rows.filter((each) => isShared(each, shared))) {
      const codes = shared.get(causeOf(row)) ?? [];
      if (codes[0] !== code) continue;
      const found = `${causeOf(row)}: ${codes.join(', ')}`;
      lines.push(...headLines({ ...row, found }, `${codes.length} checks`, nameWidth, width, style));
      lines.push(...detailLines(row, width, style));
    }
  }
  if (isShort) {
    const found = `${fine.map(({ code }) => code).join(', ')}; --all says what was found`;
    const row = { verdict: 'ok', found, place: undefined, todo: undefined } as const;
    lines.push(...headLines(row, `${fine.length} checks`, nameWidth, width, style));
  }
  return lines.join('\n');
};

/** Why something is unknown, with the checks that say so, where several do. */
const sharedCauses = (results: readonly CheckResult[]): ReadonlyMap<string, readonly string[]> => {
  const causes = new Map<string, readonly string[]>();
  for (const { code, rows } of results) {
    for (const found of new Set(rows.filter(({ verdict }) => verdict === 'unknown').map(causeOf))) {
      causes.set(found, [...(causes.get(found) ?? []), code]);
    }
  }
  return new Map([...causes].filter(([, codes]) => codes.length > 1));
};

const isShared = (row: ResultRow, shared: ReadonlyMap<string, readonly string[]>): boolean =>
  row.verdict === 'unknown' && shared.has(causeOf(row));

const causeOf = ({ cause, found }: ResultRow): string => cause ?? found;

const headLines = (
  row: ResultRow,
  code: string,
  nameWidth: number,
  width: number,
  style: Styles,
): readonly string[] => {
  // Where all is well, the place is told beside what was found.
  const found = row.verdict === 'ok' && row.place !== undefined ? `${row.found} (${row.place})` : row.found;
  const verdict = style[STYLES[row.verdict]](row.verdict) + ' '.repeat(VERDICT_WIDTH - row.verdict.length);
  const head = `${verdict}${GAP}${code.padEnd(nameWidth)}`;
  const indent = VERDICT_WIDTH + GAP.length + nameWidth + GAP.length;
  if (width - indent < LEAST_BESIDE) return [head.trimEnd(), wrap(shown(found), width, MARGIN)];
  const margin = ' '.repeat(indent);
  return [`${head}${GAP}${wrap(shown(found), width, margin).slice(indent)}`];
};

/** Where it was found, and what to do, below the row. */
const detailLines = ({ verdict, place, todo }: ResultRow, width: number, style: Styles): readonly string[] => {
  const details: (readonly [label: string, text: string])[] = [];
  if (place !== undefined && verdict !== 'ok') details.push(['where', place]);
  if (todo !== undefined && verdict !== 'ok') details.push([verdict === 'unknown' ? 'to see' : 'to do', todo]);
  return details.map(([label, text]) => {
    const margin = MARGIN + ' '.repeat(LABEL_WIDTH);
    return `${MARGIN}${style.dim(label.padEnd(LABEL_WIDTH))}${wrap(shown(text), width, margin).slice(margin.length)}`;
  });
};
