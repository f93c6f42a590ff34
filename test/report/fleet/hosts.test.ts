import { describe, expect, it } from 'vitest';
import { isNoReport, reportOf } from '../../../src/fleet/report.ts';
import { hostsTable } from '../../../src/report/fleet/hosts.ts';

/** The first column of the table of copies of one agent's checkpoint that were read at these paths. */
const namesOf = (paths: readonly string[]): readonly string[] => {
  const reports = paths.map((path) => {
    const report = reportOf({ command: 'verify', path, host: 'n1', agentId: 'A-S7', exitCode: 0 });
    if (isNoReport(report)) throw new Error(report.why);
    return report;
  });
  const lines = hostsTable(reports, { width: 400, colour: false }).trimEnd().split('\n').slice(1);
  return lines.map((line) => (line.startsWith('A-S7') ? '' : (line.split(' ')[0] ?? '')));
};

describe('copies of one agent', () => {
  it.each([
    [
      ['/backup/mon/n1', '/backup/tue/n1'],
      ['mon/n1', 'tue/n1'],
    ],
    [
      ['/backup/n1/', '/backup/n1/meta'],
      ['n1/', 'n1/meta'],
    ],
    [
      ['/backup/n1/meta', '/backup/n1/'],
      ['n1/', 'n1/meta'],
    ],
    [
      ['/backup/n1', 'tue/n1'],
      ['/backup/n1', 'tue/n1'],
    ],
    [
      ['/', '/backup/n1'],
      ['/', '/backup/n1'],
    ],
    [
      ['/n1', '/n2'],
      ['n1', 'n2'],
    ],
    [
      ['n1', 'n2'],
      ['n1', 'n2'],
    ],
    [
      ['n1.tar', '-'],
      ['-', 'n1.tar'],
    ],
  ])('read at %j are told apart', (paths, names) => {
    expect(namesOf(paths).toSorted()).toEqual(names.toSorted());
  });
});
