import { describe, expect, it } from 'vitest';
import { SEVERITIES } from '../../src/findings/severity.ts';
import { type Gathered, Gatherer } from '../../src/fleet/gather.ts';
import { BADNESS } from '../../src/fleet/report.ts';
import { sumUp } from '../../src/fleet/sum.ts';
import { WORST_FIRST } from '../../src/preflight/checks/check.ts';

const verify = (more: object): object => ({
  schemaVersion: 1,
  command: 'verify',
  host: 'n1',
  hostFrom: 'host',
  path: '/var/lib/mesos',
  workDir: '/var/lib/mesos',
  mesosVersion: '1.11.0',
  strict: true,
  time: '2026-01-02T00:00:00.000Z',
  exitCode: 0,
  findings: [],
  impact: { counts: { executors: { reconnected: 4 }, tasks: { live: 3 } } },
  ...more,
});

const bad = (more: object): object =>
  verify({
    exitCode: 2,
    findings: [{ code: 'slave-info-damaged', severity: { strict: 'fatal', nonStrict: 'fatal' } }],
    impact: { counts: { executors: { atStake: 4 }, tasks: { atStake: 3 } } },
    ...more,
  });

const gather = (...values: readonly unknown[]): Gathered => {
  const gatherer = new Gatherer();
  const splitter = gatherer.file('reports.json');
  for (const value of values) splitter.line(typeof value === 'string' ? value : JSON.stringify(value));
  splitter.end();
  return gatherer.end();
};

describe('what hostile lines say', () => {
  const long = 'x'.repeat(5000);

  it.each(['host', 'judgedOn', 'path', 'workDir', 'agentId'])('is no report where its %s is longer than any', (key) => {
    const { read, badLines } = gather(verify({ [key]: long }));
    expect(read).toBe(0);
    expect(badLines).toEqual([{ file: 'reports.json', line: 1, why: 'its host, agent or path is longer than any' }]);
  });

  it('is cut elsewhere', () => {
    const found = { code: long, severity: { strict: 'fatal', nonStrict: 'fatal' } };
    const modes = { strict: { starts: [{ verdict: long }] } };
    const { reports, badLines } = gather(
      bad({ findings: [found], mesosVersion: long, hostFrom: long, modes }),
      verify({ command: long }),
    );
    expect(JSON.stringify(reports).length).toBeLessThan(3000);
    expect(badLines[0]?.why).toHaveLength(300);
  });
});

describe('reports', () => {
  it('are the newest of a host and command, whatever their order', () => {
    const [old, now] = [verify({}), bad({ time: '2026-01-03T00:00:00.000Z' })];
    for (const order of [
      [old, now],
      [now, old],
    ]) {
      const { reports, read, older } = gather(...order);
      expect([reports.map(({ exitCode }) => exitCode), read, older]).toEqual([[2], 2, 1]);
    }
  });

  it('of an archive are as old as that, however late it was judged', () => {
    const archive = verify({
      takenAt: '2026-01-01T00:00:00.000Z',
      time: '2026-01-09T00:00:00.000Z',
      hostFrom: 'manifest',
    });
    expect(gather(archive, bad({})).reports.map(({ exitCode }) => exitCode)).toEqual([2]);
  });

  it.each([
    ['two agents on a host', [verify({}), bad({ workDir: '/srv/mesos' })]],
    [
      'agents that call themselves alike',
      [verify({ hostFrom: 'slave.info', agentId: 'S1' }), bad({ hostFrom: 'slave.info', agentId: 'S2' })],
    ],
    [
      'hosts that nobody named',
      [verify({ host: 'localhost.localdomain', agentId: 'S1' }), bad({ host: 'localhost.localdomain', agentId: 'S2' })],
    ],
    ['hosts that do not say their names', [verify({ host: undefined }), bad({ host: undefined })]],
    [
      'paths on two machines',
      [
        { command: 'verify', path: '/var/lib/mesos', error: 'no', host: 'mesos', hostFrom: 'path', judgedOn: 'n1' },
        { command: 'verify', path: '/var/lib/mesos', error: 'no', host: 'mesos', hostFrom: 'path', judgedOn: 'n2' },
      ],
    ],
    [
      'lines of 0.1 that failed',
      [
        { path: '/var/lib/mesos', error: 'no' },
        { path: '/var/lib/mesos', error: 'no' },
      ],
    ],
  ])('are never taken for one another: %s', (_, values) => {
    const { reports, older } = gather(...values);
    expect([reports.length, older]).toEqual([2, 0]);
    expect(sumUp(reports).hosts.length).toBe(2);
  });

  it('that failed count as long as nothing newer was judged', () => {
    const failed = (time: string): object => ({
      command: 'verify',
      path: '/x',
      error: 'no permission',
      host: 'n1',
      hostFrom: 'manifest',
      time,
    });
    expect(gather(failed('2026-01-01T00:00:00Z'), verify({})).reports.length).toBe(1);
    const later = gather(failed('2026-01-05T00:00:00Z'), verify({})).reports;
    expect(later.length).toBe(2);
    expect(sumUp(later).hosts).toMatchObject([
      { host: 'n1', exitCode: 3, error: 'no permission', commands: ['verify', 'verify'] },
    ]);
  });

  it('are told from what is none, with file and line', () => {
    const {
      bad: count,
      badLines,
      read,
    } = gather(
      verify({}),
      'no JSON at all',
      { command: 'inspect', schemaVersion: 1 },
      { command: 'preflight', flags: [] },
      [verify({ host: 'n2' }), 5],
      { command: 'verify', exitCode: 9 },
      verify({ host: 'n3', schemaVersion: 7, more: {} }),
    );
    expect(read).toBe(3);
    expect(count).toBe(5);
    expect(badLines).toEqual([
      { file: 'reports.json', line: 2, why: 'it is not JSON' },
      { file: 'reports.json', line: 3, why: 'inspect judges no host' },
      { file: 'reports.json', line: 4, why: 'it lists flags, and judges no host' },
      { file: 'reports.json', line: 5, why: 'it is not a JSON object' },
      { file: 'reports.json', line: 6, why: 'it has no exitCode' },
    ]);
  });
});

describe('what was found', () => {
  it('is ordered as in the catalogue and in the table of preflight', () => {
    const verdicts = WORST_FIRST.filter((verdict) => verdict !== 'ok');
    expect(BADNESS.filter((each) => (SEVERITIES as readonly string[]).includes(each))).toEqual(SEVERITIES);
    expect(BADNESS.filter((each) => (verdicts as readonly string[]).includes(each))).toEqual(verdicts);
    expect(BADNESS.length).toBe(SEVERITIES.length + verdicts.length);
  });
});

describe('a fleet', () => {
  const preflight = {
    command: 'preflight',
    host: 'n1',
    hostFrom: 'host',
    root: '/',
    workDir: { path: '/var/lib/mesos' },
    exitCode: 2,
    time: '2026-01-02T00:00:00Z',
    scenario: 'upgrade',
    from: { version: '1.8.0' },
    to: { version: '1.11.0' },
    checks: [
      { code: 'lives', verdict: 'fail', exitCode: 2, rows: [] },
      { code: 'kill-mode', verdict: 'fail', exitCode: 2, rows: [{ verdict: 'fail', todo: 'Set KillMode=process.' }] },
    ],
    lives: {
      executors: [
        { fate: 'killed', tasks: [{ fate: 'killed' }, { fate: 'killed' }] },
        { fate: 'unknown', tasks: [] },
        { fate: 'ended', tasks: [] },
        { fate: 'reconnects', tasks: [{ fate: 'reconnects' }] },
      ],
    },
    verify: null,
  };

  it('has one row for what several commands said of an agent, and counts its tasks once', () => {
    const { hosts, upgrade, versions, causes } = sumUp(
      gather(preflight, verify({}), bad({ host: 'n2' }), verify({ host: 'n3' })).reports,
    );
    expect(hosts.map(({ host, exitCode, commands }) => [host, exitCode, commands])).toEqual([
      ['n2', 2, ['verify']],
      ['n1', 2, ['preflight', 'verify']],
      ['n3', 0, ['verify']],
    ]);
    expect(hosts[1]).toMatchObject({
      cause: 'kill-mode',
      executors: { atStake: 1, unknown: 1, of: 3 },
      tasks: { atStake: 2, unknown: 0, of: 3 },
      saves: 'Set KillMode=process.',
    });
    expect(upgrade).toEqual({
      agents: 3,
      byPreflight: 1,
      fail: 2,
      unknown: 0,
      executors: { atStake: 5, unknown: 1, of: 11 },
      tasks: { atStake: 5, unknown: 0, of: 9 },
      finished: 0,
    });
    expect(versions.map(({ name, agents }) => [name, agents])).toEqual([
      ['1.11.0', 2],
      ['1.8.0 to 1.11.0', 1],
    ]);
    expect(causes.map(({ name, agents }) => [name, agents])).toEqual([
      ['slave-info-damaged', 1],
      ['kill-mode', 1],
    ]);
  });
});
