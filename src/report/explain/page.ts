import { NEWEST_VERSION, OLDEST_VERSION } from '../../agent/version.ts';
import { type Judged, judgedText } from '../../findings/example.ts';
import { SEVERITIES } from '../../findings/severity.ts';
import { cell } from '../../text/cells.ts';
import { shown } from '../../text/escape.ts';
import { type ScreenOptions, type Styles, styles } from '../../text/style.ts';
import { renderTable } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import { severityStyle } from '../verify/verdict.ts';
import { type CheckTopic, type FindingTopic, type Topic, worstSeverity } from './topics.ts';

const INDENT = '  ';

/** The whole page of a finding or a check. */
export const explainPage = (topic: Topic, options: ScreenOptions): string => {
  const paint = styles(options.colour);
  const sections = topic.kind === 'finding' ? findingSections(topic, options) : checkSections(topic, options);
  const more = [
    ...section('Related', topic.related.map((code) => `${INDENT}mesos-ckpt explain ${code}`).join('\n'), paint),
  ];
  return `${[...sections, ...more].join('\n\n')}\n`;
};

const findingSections = (topic: FindingTopic, options: ScreenOptions): readonly string[] => {
  const { code, entry, source, example } = topic;
  const { severity, title, explanation, consequence, remedy } = entry;
  const paint = styles(options.colour);
  const text = (content: string): string => wrap(content, options.width, INDENT);
  const consequences =
    consequence.strict === consequence.nonStrict
      ? text(consequence.strict)
      : [
          wrap(`Strict: ${consequence.strict}`, options.width, INDENT, `${INDENT}  `),
          wrap(`Non-strict: ${consequence.nonStrict}`, options.width, INDENT, `${INDENT}  `),
        ].join('\n');
  return [
    [
      `${paint.bold(code)}, a finding of verify`,
      wrap(title, options.width),
      severity.strict === severity.nonStrict
        ? `Severity: ${severity.strict}`
        : `Severity: strict ${severity.strict}, non-strict ${severity.nonStrict}`,
    ].join('\n'),
    ...section('What it means, and how it happens', text(explanation), paint),
    ...section('What the agent does', consequences, paint),
    ...section('By version', versionsText(example?.versions ?? [], options), paint),
    ...section('Where in the agent', source.map((each) => `${INDENT}${each}`).join('\n'), paint),
    ...section('What to do', text(remedy), paint),
    ...section('Example', exampleText(topic, options), paint),
  ];
};

const exampleText = ({ example }: FindingTopic, { width }: ScreenOptions): string =>
  example === undefined
    ? ''
    : [
        wrap(example.about, width, INDENT),
        // A path is copied: it is not broken.
        ...(example.path === '' ? [] : [`${INDENT}${shown(example.path)}`]),
        ...(example.bytes === null ? [] : ['', ...example.bytes.split('\n').map((row) => `${INDENT}${row}`)]),
      ].join('\n');

/** What each version makes of it, where they differ; else one sentence. */
const versionsText = (versions: readonly Judged[], options: ScreenOptions): string => {
  if (versions.length === 0) return '';
  if (versions.length === 1) return `${INDENT}${OLDEST_VERSION} to ${NEWEST_VERSION}: the same`;
  return renderTable(
    [{ title: 'FROM' }, { title: 'STRICT' }, { title: 'NON-STRICT' }],
    versions.map(({ since, strict, nonStrict }) => [
      cell(since),
      cell(judgedText(strict)),
      cell(judgedText(nonStrict)),
    ]),
    { ...options, indent: INDENT.length },
  ).trimEnd();
};

const checkSections = ({ code, check, exits }: CheckTopic, options: ScreenOptions): readonly string[] => {
  const paint = styles(options.colour);
  const text = (content: string): string => wrap(content, options.width, INDENT);
  const rows = exits.map(({ where, versions, unseen }) => {
    const when = versions === undefined ? '' : ` (${versions})`;
    const hidden = unseen === undefined ? '' : `. Not seen: ${unseen}`;
    return wrap(`- ${where}${when}${hidden}`, options.width, INDENT, `${INDENT}  `);
  });
  return [
    [`${paint.bold(code)}, a check of preflight`, wrap(check.title, options.width)].join('\n'),
    ...section('What it looks at, and why that decides', text(check.explanation), paint),
    ...section('What to do', text(check.remedy), paint),
    ...section('Where it is unknown', text(check.visibility), paint),
    ...section('The agent ends where', rows.join('\n'), paint),
  ];
};

const section = (title: string, content: string, paint: Styles): readonly string[] =>
  content === '' ? [] : [`${paint.bold(title)}\n${content}`];

/** All codes: findings by their worst severity, then checks, each with its title. */
export const explainList = (all: readonly Topic[], options: ScreenOptions): string => {
  const paint = styles(options.colour);
  const findings = all.filter((topic) => topic.kind === 'finding');
  const checks = all.filter((topic) => topic.kind === 'check');
  const bySeverity = SEVERITIES.map((severity) => ({
    title: `Findings: ${severity}`,
    rows: findings
      .filter(({ entry }) => worstSeverity(entry) === severity)
      .map(({ code, entry }) => ({ code, title: entry.title })),
    paint: paint[severityStyle(severity)],
  }));
  const groups = [
    ...bySeverity,
    {
      title: 'Checks of preflight',
      rows: checks.map(({ code, check }) => ({ code, title: check.title })),
      paint: paint.bold,
    },
  ];
  const width = Math.max(...all.map(({ code }) => code.length)) + 2;
  return groups
    .map(
      ({ title, rows, paint: head }) =>
        `${head(title)}\n${rows.map((row) => wrap(row.title, options.width, `${INDENT}${row.code.padEnd(width)}`, ' '.repeat(width + INDENT.length))).join('\n')}\n`,
    )
    .join('\n');
};
