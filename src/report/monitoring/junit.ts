import { at, countAt, listAt, textAt } from '../../fleet/fields.ts';
import { isNoReport, reportOf } from '../../fleet/report.ts';
import { shown } from '../../text/escape.ts';

/** What a case came to; one that is well has none. */
interface Outcome {
  readonly tag: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
  readonly text: string;
}

interface Case {
  readonly name: string;
  readonly outcome?: Outcome | undefined;
  /** What is told of it although it is well. */
  readonly note?: string | undefined;
}

/** What stands before all suites, and behind them. */
export const JUNIT_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n';
export const JUNIT_END = '</testsuites>\n';

/**
 * A line of `--json` as a test suite, in what the schemas of Jenkins and of Ant's JUnit have in common: a check of `preflight`, or
 * a finding of `verify`, is a test case.
 */
export const junitSuite = (value: object): string => {
  const command = textAt(value, 'command') ?? '';
  const host = textAt(value, 'host') ?? textAt(value, 'path') ?? '';
  const cases = textAt(value, 'error') !== undefined ? unreadable(value) : (CASES[command]?.(value) ?? []);
  const by = (tag: Outcome['tag']): number => cases.filter(({ outcome }) => outcome?.tag === tag).length;
  const attributes = {
    name: `mesos-ckpt ${command} ${host}`,
    timestamp: (textAt(value, 'time') ?? '1970-01-01T00:00:00').slice(0, 19),
    hostname: host,
    tests: String(cases.length),
    failures: String(by('failure')),
    errors: String(by('error')),
    skipped: String(by('skipped')),
    time: '0',
  };
  const notes = cases.flatMap(({ name, note }) => (note === undefined ? [] : [`${name}: ${note}`]));
  return [
    `  <testsuite${attributesText(attributes)}>\n    <properties/>\n`,
    ...cases.map((each) => caseText(each, `mesos-ckpt.${command}`)),
    `    <system-out>${escaped(notes.join('\n'))}</system-out>\n    <system-err/>\n  </testsuite>\n`,
  ].join('');
};

const attributesText = (attributes: Readonly<Record<string, string>>): string =>
  Object.entries(attributes)
    .map(([name, text]) => ` ${name}="${escaped(text)}"`)
    .join('');

const caseText = ({ name, outcome }: Case, classname: string): string => {
  const head = `    <testcase${attributesText({ name, classname, time: '0' })}`;
  if (outcome === undefined) return `${head}/>\n`;
  const { tag, type, message, text } = outcome;
  const attributes = tag === 'skipped' ? { message } : { type, message };
  return `${head}>\n      <${tag}${attributesText(attributes)}>${tag === 'skipped' ? '' : escaped(text)}</${tag}>\n    </testcase>\n`;
};

const unreadable = (value: object): readonly Case[] => {
  const message = textAt(value, 'error') ?? '';
  return [{ name: 'can be judged', outcome: { tag: 'error', type: 'unreadable', message, text: message } }];
};

const verifyCases = (value: object): readonly Case[] => {
  const report = reportOf(value);
  if (isNoReport(report)) return [];
  const isStrict = at(value, 'strict') !== false;
  const mode = isStrict ? 'strict' : 'non-strict';
  const verdict = (isStrict ? report.strict : report.nonStrict) ?? 'unknown';
  const messages = listAt(listAt(value, 'starts')[0], 'messages').filter((message) => typeof message === 'string');
  const start: Case =
    report.exitCode < 2
      ? { name: `starts (${mode})` }
      : {
          name: `starts (${mode})`,
          outcome: { tag: 'failure', type: verdict, message: `a ${mode} start: ${verdict}`, text: messages.join('\n') },
        };
  return [
    start,
    ...listAt(value, 'findings').map((finding) => findingCase(finding, isStrict ? 'strict' : 'nonStrict')),
  ];
};

const findingCase = (finding: unknown, mode: string): Case => {
  const severity = textAt(finding, 'severity', mode) ?? 'note';
  const offset = countAt(finding, 'offset');
  const path = textAt(finding, 'path') ?? '';
  const name = `${textAt(finding, 'code') ?? 'finding'}: ${path}${offset === undefined ? '' : ` (byte ${offset})`}`;
  const message = textAt(finding, 'message') ?? '';
  if (severity === 'note') return { name, note: message };
  const text = [message, textAt(finding, 'consequence', mode), textAt(finding, 'remedy')].filter(
    (part) => part !== undefined,
  );
  return { name, outcome: { tag: 'failure', type: severity, message, text: text.join('\n') } };
};

const preflightCases = (value: object): readonly Case[] => listAt(value, 'checks').map(checkCase);

/** By what a check does to the exit code: `--fail-on` counts here, too. */
const checkCase = (check: unknown): Case => {
  const [name, verdict] = [textAt(check, 'code') ?? 'check', textAt(check, 'verdict') ?? 'unknown'];
  const rows = listAt(check, 'rows').filter((row) => textAt(row, 'verdict') !== 'ok');
  const message = rows.map((row) => textAt(row, 'found') ?? '').join('; ');
  const text = rows
    .map((row) => ['found', 'place', 'todo'].flatMap((key) => textAt(row, key) ?? []).join('\n'))
    .join('\n\n');
  if (countAt(check, 'exitCode') === 2) return { name, outcome: { tag: 'failure', type: verdict, message, text } };
  if (verdict === 'unknown') return { name, outcome: { tag: 'skipped', type: verdict, message, text } };
  return verdict === 'ok' ? { name } : { name, note: message };
};

const CASES: Readonly<Record<string, (value: object) => readonly Case[]>> = {
  verify: verifyCases,
  preflight: preflightCases,
};

/** What XML cannot hold at all, even as a reference: lone surrogates are escaped before. */
const FORBIDDEN = /[\u{fffe}\u{ffff}]/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** A text for an attribute or an element, with what is hostile escaped as on a screen; lines stay lines. */
const escaped = (text: string): string =>
  text
    .split('\n')
    .map(shown)
    .join('\n')
    .replace(FORBIDDEN, (character) => `\\u${character.charCodeAt(0).toString(16)}`)
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
