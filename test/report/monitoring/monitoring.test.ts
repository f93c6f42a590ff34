import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type HostReport, isNoReport, reportOf } from '../../../src/fleet/report.ts';
import { JUNIT_BEGIN, JUNIT_END, junitSuite } from '../../../src/report/monitoring/junit.ts';
import { nagiosLine } from '../../../src/report/monitoring/nagios.ts';
import { prometheusText } from '../../../src/report/monitoring/prometheus.ts';
import { readPrometheus } from '../../support/prometheus.ts';
import { anyText, check, randomly } from '../../support/random.ts';
import { type Element, readXml } from '../../support/xml.ts';

/** What a host or a framework may call itself: with all that means something in one of the formats. */
const hostile = fc.oneof(
  anyText({ maxLength: 30 }),
  fc
    .array(
      fc.constantFrom(
        '|',
        '\n',
        '"',
        '\\',
        '<',
        '&',
        ']]>',
        "'",
        '`',
        '$(id)',
        ';',
        '\u0000',
        '\u001b[2J',
        '\ud800',
        '\udcff',
        '\ufffe',
        '\u2028',
        ',',
        '=',
        '\r',
        'x',
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join('')),
);

const counts = fc.record({ reconnected: fc.nat(9), killed: fc.nat(9), atStake: fc.nat(9), live: fc.nat(9) });
const severity = fc.constantFrom('fatal', 'counted', 'loss', 'note');
const finding = fc.record({
  code: hostile,
  path: hostile,
  message: hostile,
  consequence: fc.record({ strict: hostile, nonStrict: hostile }),
  remedy: hostile,
  severity: fc.record({ strict: severity, nonStrict: severity }),
  offset: fc.option(fc.nat()),
});
const mode = fc.record({
  exitCode: fc.nat(3),
  starts: fc.array(fc.record({ verdict: fc.constantFrom('recovers', 'refuses', 'new-agent', 'aborts') }), {
    minLength: 1,
    maxLength: 3,
  }),
});

const verifyLine = fc.record({
  command: fc.constant('verify'),
  host: hostile,
  path: hostile,
  agentId: hostile,
  time: fc.constant('2026-01-02T03:04:05.678Z'),
  exitCode: fc.nat(3),
  strict: fc.boolean(),
  modes: fc.record({ strict: mode, nonStrict: mode }),
  findings: fc.array(finding, { maxLength: 4 }),
  impact: fc.record({ counts: fc.record({ executors: counts, tasks: counts }) }),
  starts: fc.array(fc.record({ messages: fc.array(hostile, { maxLength: 2 }) }), { maxLength: 1 }),
});
const row = fc.record({
  verdict: fc.constantFrom('ok', 'warn', 'fail', 'unknown'),
  found: hostile,
  place: fc.option(hostile),
  todo: fc.option(hostile),
});
const preflightLine = fc.record({
  command: fc.constant('preflight'),
  host: hostile,
  root: hostile,
  exitCode: fc.nat(3),
  time: fc.constant('2026-01-02T03:04:05.678Z'),
  checks: fc.array(
    fc.record({
      code: hostile,
      verdict: fc.constantFrom('ok', 'warn', 'fail', 'unknown'),
      exitCode: fc.nat(2),
      rows: fc.array(row, { maxLength: 3 }),
    }),
    { maxLength: 4 },
  ),
  lives: fc.record({
    executors: fc.array(
      fc.record({ fate: fc.constantFrom('reconnects', 'killed', 'ended', 'unknown'), tasks: fc.constant([]) }),
      { maxLength: 3 },
    ),
  }),
});
const failedLine = fc.record({
  command: fc.constantFrom('verify', 'preflight'),
  host: hostile,
  path: hostile,
  error: hostile.filter((text) => text !== ''),
});
const anyLine = fc.oneof(verifyLine, preflightLine, failedLine);

const reportsOf = (lines: readonly unknown[]): readonly HostReport[] =>
  lines.map(reportOf).flatMap((report) => (isNoReport(report) ? [] : [report]));

describe('--format nagios', () => {
  it(randomly('is one line with one | and data by the guidelines of plugins, whatever hosts are called', 400), () => {
    check(
      400,
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 8 }), (lines) => {
        const reports = reportsOf(lines);
        expect(reports.length).toBe(lines.length);
        const text = nagiosLine('verify', reports);
        const [, state, , data] =
          /^MESOS VERIFY (OK|WARNING|CRITICAL|UNKNOWN) - ([^|\p{Cc}]+) \| ([ -~]+)\n$/u.exec(text) ?? [];
        expect(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'].indexOf(state ?? '')).toBe(
          Math.max(...reports.map(({ exitCode }) => exitCode)),
        );
        for (const each of (data ?? '').split(' ')) expect(each).toMatch(/^[a-z_]+=\d+;;;0;\d+$/);
        expect(text).not.toMatch(/[`$<>"]/);
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThan(4096);
      }),
    );
  });
});

describe('--format prometheus', () => {
  it(randomly('is what its grammar says, and has the values, whatever hosts are called', 400), () => {
    check(
      400,
      fc.property(
        fc.array(anyLine, { maxLength: 8 }),
        fc.constantFrom('verify' as const, 'preflight' as const),
        (lines, command) => {
          const reports = reportsOf(lines);
          const samples = readPrometheus(prometheusText(command, reports));
          const codes = samples.filter(({ name }) => name === `mesos_ckpt_${command}_exit_code`);
          expect(new Set(codes.map(({ labels }) => JSON.stringify(labels))).size).toBe(codes.length);
          if (reports.length > 0) expect(codes.at(-1)?.value).toBeTypeOf('number');
          expect(new Set(codes.map(({ value }) => value))).toEqual(
            new Set([
              ...new Map(
                reports.map((each) => [JSON.stringify([each.host ?? '', each.agent ?? '', each.path]), each.exitCode]),
              ).values(),
            ]),
          );
        },
      ),
    );
  });

  it('is what promtool takes, where it is here', () => {
    const lines = [
      {
        command: 'verify',
        host: 'a"b\\c\nd',
        path: '/x',
        exitCode: 2,
        time: '2026-01-02T03:04:05Z',
        strict: true,
        findings: [{ code: 'x', severity: { strict: 'fatal' } }],
      },
      {
        command: 'preflight',
        host: 'ü',
        root: '/y',
        exitCode: 0,
        checks: [{ code: 'lives', verdict: 'warn', exitCode: 1, rows: [] }],
      },
    ];
    for (const command of ['verify', 'preflight'] as const) {
      const text = prometheusText(command, reportsOf(lines));
      expect(readPrometheus(text).length).toBeGreaterThan(6);
      const { error, status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
        input: text,
        encoding: 'utf8',
      });
      if (error === undefined) expect([status, stdout, stderr]).toEqual([0, '', '']);
    }
  });
});

/** What the schemas of Jenkins and of Ant's JUnit have in common. */
const expectJunit = (root: Element): void => {
  expect(root.name).toBe('testsuites');
  for (const suite of root.children) {
    expect(suite.name).toBe('testsuite');
    expect(Object.keys(suite.attributes).sort()).toEqual([
      'errors',
      'failures',
      'hostname',
      'name',
      'skipped',
      'tests',
      'time',
      'timestamp',
    ]);
    expect(suite.attributes['timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
    const names = suite.children.map(({ name }) => name);
    expect(names).toEqual(['properties', ...names.slice(1, -2).map(() => 'testcase'), 'system-out', 'system-err']);
    const cases = suite.children.slice(1, -2);
    const tags = cases.flatMap(({ children }) => children.map(({ name }) => name));
    const by = (tag: string): string => String(tags.filter((each) => each === tag).length);
    expect(suite.attributes).toMatchObject({
      tests: String(cases.length),
      failures: by('failure'),
      errors: by('error'),
      skipped: by('skipped'),
    });
    for (const { attributes, children, text } of cases) {
      expect(Object.keys(attributes).sort()).toEqual(['classname', 'name', 'time']);
      expect(children.length).toBeLessThan(2);
      expect(text.trim()).toBe('');
      for (const each of children) {
        expect(['failure', 'error', 'skipped']).toContain(each.name);
        expect(Object.keys(each.attributes).sort()).toEqual(
          each.name === 'skipped' ? ['message'] : ['message', 'type'],
        );
      }
    }
  }
};

describe('--format junit', () => {
  it(randomly('is well-formed, and what CI servers take, whatever hosts are called', 400), () => {
    check(
      400,
      fc.property(fc.array(anyLine, { maxLength: 5 }), (lines) => {
        const root = readXml(`${JUNIT_BEGIN}${lines.map(junitSuite).join('')}${JUNIT_END}`);
        expect(root.children.length).toBe(lines.length);
        expectJunit(root);
      }),
    );
  });

  it('has a case for each check, and fails where the exit code does', () => {
    const line = {
      command: 'preflight',
      host: 'n1',
      exitCode: 2,
      time: '2026-01-02T03:04:05.000Z',
      checks: [
        {
          code: 'lives',
          verdict: 'fail',
          exitCode: 2,
          rows: [{ verdict: 'fail', found: 'a <b>', place: '/p', todo: 'do it' }],
        },
        { code: 'unit', verdict: 'warn', exitCode: 1, rows: [{ verdict: 'warn', found: 'w' }] },
        { code: 'boot', verdict: 'unknown', exitCode: 1, rows: [{ verdict: 'unknown', found: 'u' }] },
        { code: 'disks', verdict: 'ok', exitCode: 0, rows: [] },
      ],
    };
    const [suite] = readXml(`${JUNIT_BEGIN}${junitSuite(line)}${JUNIT_END}`).children;
    expect(suite?.attributes).toMatchObject({
      tests: '4',
      failures: '1',
      skipped: '1',
      errors: '0',
      hostname: 'n1',
      timestamp: '2026-01-02T03:04:05',
    });
    const [, lives] = suite?.children ?? [];
    expect(lives?.children[0]).toMatchObject({
      name: 'failure',
      attributes: { type: 'fail', message: 'a <b>' },
      text: 'a <b>\n/p\ndo it',
    });
    expect(suite?.children.at(-2)?.text).toBe('unit: w');
  });
});
