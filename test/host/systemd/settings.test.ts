import { describe, expect, it } from 'vitest';
import { killModeOf, limitOf } from '../../../src/host/systemd/settings.ts';
import { parseUnitFile } from '../../../src/host/systemd/unit-file.ts';

const killMode = (...lines: readonly string[]) => {
  const directives = parseUnitFile(['[Service]', ...lines].join('\n'), 'a.service');
  const { value, directive, ignored } = killModeOf({ directives });
  return [value, directive?.line, ignored.map((each) => each.value)];
};

describe('the KillMode in force', () => {
  it.each([
    [[], ['control-group', undefined, []]],
    [['KillMode=process'], ['process', 2, []]],
    [
      ['KillMode=process', 'KillMode=mixed'],
      ['mixed', 3, []],
    ],
    [['KillMode=control-cgroup'], ['control-group', undefined, ['control-cgroup']]],
    // systemd ignores a line that it cannot read, and what was before goes on to hold.
    [
      ['KillMode=process', 'KillMode=Mixed'],
      ['process', 2, ['Mixed']],
    ],
    [
      ['KillMode=process', 'KillMode='],
      ['control-group', undefined, []],
    ],
  ])('of %j is %j', (lines, expected) => {
    expect(killMode(...lines)).toEqual(expected);
  });
});

describe('the limit of a time', () => {
  it.each([
    [[], undefined],
    [['WatchdogSec=30'], '30'],
    [['WatchdogSec=30', 'WatchdogSec=2min'], '2min'],
    [['WatchdogSec=30', 'WatchdogSec='], undefined],
    [['WatchdogSec=0'], undefined],
    [['WatchdogSec=0s'], undefined],
    [['WatchdogSec=infinity'], undefined],
    [['RuntimeMaxSec=1d'], undefined],
  ])('of %j is %j', (lines, expected) => {
    const directives = parseUnitFile(['[Service]', ...lines].join('\n'), 'a.service');
    expect(limitOf({ directives }, 'WatchdogSec')?.value).toBe(expected);
  });
});
