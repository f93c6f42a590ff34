import { describe, expect, it } from 'vitest';
import { directivesOf, lastDirective, parseUnitFile } from '../../../src/host/systemd/unit-file.ts';

const parsed = (text: string) =>
  parseUnitFile(text, 'a.service').map(({ section, key, value, line }) => [section, key, value, line]);

describe('a unit file', () => {
  it('has assignments in sections', () => {
    expect(parsed('[Unit]\nDescription = Mesos Agent \n\n[Service]\nKillMode=process\r\n')).toEqual([
      ['Unit', 'Description', 'Mesos Agent', 2],
      ['Service', 'KillMode', 'process', 5],
    ]);
  });

  it('has comments, and lines that are nothing', () => {
    expect(parsed('[Service]\n# KillMode=none\n ; KillMode=none\nKillMode\n=process\nKillMode=mixed')).toEqual([
      ['Service', 'KillMode', 'mixed', 6],
    ]);
  });

  it('has lines that go on, with comments between', () => {
    expect(parsed('[Service]\nExecStart=/bin/a \\\n  --b=1 \\\n# c\n  --d\nRestart=no')).toEqual([
      ['Service', 'ExecStart', '/bin/a    --b=1    --d', 2],
      ['Service', 'Restart', 'no', 6],
    ]);
  });

  it('ends a line at an escaped backslash', () => {
    expect(parsed('[Service]\nExecStart=a\\\\\nRestart=no')).toEqual([
      ['Service', 'ExecStart', 'a\\\\', 2],
      ['Service', 'Restart', 'no', 3],
    ]);
  });

  it('ends inside a line that goes on', () => {
    expect(parsed('[Service]\nExecStart=a \\')).toEqual([['Service', 'ExecStart', 'a', 2]]);
  });
});

describe('what holds', () => {
  const settings = parseUnitFile(
    '[Service]\nKillMode=process\nEnvironment=A=1\nEnvironment=\nEnvironment=B=2\nKillMode=mixed\nRestart=always\nRestart=',
    'a.service',
  );

  it('is the last of a key with one value', () => {
    expect(lastDirective(settings, 'Service', 'KillMode')).toMatchObject({ value: 'mixed', line: 6 });
  });

  it('is nothing where the last one is empty, or of another section', () => {
    expect(lastDirective(settings, 'Service', 'Restart')).toBeUndefined();
    expect(lastDirective(settings, 'Unit', 'KillMode')).toBeUndefined();
  });

  it('is all of a list since it was emptied', () => {
    expect(directivesOf(settings, 'Service', 'Environment').map(({ value }) => value)).toEqual(['B=2']);
  });
});
