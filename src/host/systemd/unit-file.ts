/** Unit files as systemd reads them (systemd.syntax(7)): sections, assignments, comments and continued lines. */

/** One `KEY=VALUE` of a unit. */
export interface Directive {
  /** Without its brackets: `Service`. */
  readonly section: string;
  readonly key: string;
  /** Trimmed; empty where the assignment resets what was set before. */
  readonly value: string;
  /** The file that it is in, and the line that it starts on, from 1. */
  readonly place: string;
  readonly line: number;
}

/**
 * The assignments in a unit file, in its order. A line that ends in an unescaped backslash goes on with the next, comment
 * lines between are left out, and a line that is neither section, assignment nor comment is skipped, as systemd does.
 * @param place what the file is called in `place` of each directive
 */
export const parseUnitFile = (text: string, place: string): readonly Directive[] => {
  const directives: Directive[] = [];
  let section = '';
  for (const { text: line, number } of logicalLines(text)) {
    const header = /^\[(.*)\]$/.exec(line);
    if (header !== null) {
      section = header[1] ?? '';
      continue;
    }
    const at = line.indexOf('=');
    if (at <= 0) continue;
    const key = line.slice(0, at).trim();
    directives.push({ section, key, value: line.slice(at + 1).trim(), place, line: number });
  }
  return directives;
};

interface LogicalLine {
  readonly text: string;
  readonly number: number;
}

function* logicalLines(text: string): Generator<LogicalLine> {
  let before = '';
  let start = 0;
  for (const [i, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '');
    if (/^[ \t]*[#;]/.test(line)) continue;
    if (before === '' && line.trim() === '') continue;
    if (before === '') start = i + 1;
    if (isContinued(line)) {
      before += `${line.slice(0, -1)} `;
      continue;
    }
    yield { text: (before + line).trim(), number: start };
    before = '';
  }
  if (before !== '') yield { text: before.trim(), number: start };
}

/** The last backslash is not one that is escaped by another. */
const isContinued = (line: string): boolean => (/\\*$/.exec(line)?.[0].length ?? 0) % 2 === 1;

/** What holds of a key that has one value: the last assignment; undefined where there is none, or it was reset. */
export const lastDirective = (
  directives: readonly Directive[],
  section: string,
  key: string,
): Directive | undefined => {
  const last = directives.findLast((directive) => directive.section === section && directive.key === key);
  return last === undefined || last.value === '' ? undefined : last;
};

/** What holds of a key that is a list: every assignment since the last empty one. */
export const directivesOf = (directives: readonly Directive[], section: string, key: string): readonly Directive[] => {
  const own = directives.filter((directive) => directive.section === section && directive.key === key);
  return own.slice(own.findLastIndex(({ value }) => value === '') + 1);
};
