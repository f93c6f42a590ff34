import { describe, expect, it } from 'vitest';
import { parseUnitFile } from '../../../src/host/systemd/unit-file.ts';
import { withheldBy } from '../../../src/host/systemd/withheld.ts';

/** What a unit makes of a path. */
const seen = (lines: string, path = '/var/lib/mesos'): string => {
  const directives = parseUnitFile(`[Service]\n${lines}\n`, 'a.service');
  const withheld = withheldBy({ directives }, path);
  return withheld === undefined ? 'as it is' : withheld.isHidden ? 'hidden' : 'read-only';
};

describe('a path that a unit keeps from what it starts', () => {
  it.each([
    ['ProtectSystem=strict', 'read-only'],
    ['ReadOnlyPaths=-/var/lib /srv', 'read-only'],
    ['ReadOnlyDirectories=/var', 'read-only'],
    ['BindReadOnlyPaths=/data:/var/lib/mesos', 'read-only'],
    ['InaccessiblePaths=/var/lib/mesos/', 'hidden'],
    ['TemporaryFileSystem=/var/lib:ro', 'hidden'],
    ['ReadWritePaths=/var\nReadOnlyPaths=/var/lib/mesos', 'read-only'],
    ['ProtectSystem=strict\nExecStart=/usr/sbin/mesos-agent', 'read-only'],
  ])('is so by %s', (lines, expected) => {
    expect(seen(lines)).toBe(expected);
  });

  it.each([
    '',
    'ProtectSystem=full',
    'ProtectSystem=strict\nReadWritePaths=/var/lib/mesos',
    'ProtectSystem=strict\nStateDirectory=mesos',
    'ProtectSystem=strict\nExecStart=+/usr/sbin/mesos-agent',
    'ReadOnlyPaths=/var/lib/mesosphere /var/lib/mesos/slaves',
    'InaccessiblePaths=/var/lib/mesos\nInaccessiblePaths=',
    'TemporaryFileSystem=/var/lib\nBindPaths=/var/lib/mesos',
    'ProtectHome=yes',
  ])('is not so by %s', (lines) => {
    expect(seen(lines)).toBe('as it is');
  });

  it('may be a home, or of the system', () => {
    expect(seen('ProtectHome=yes', '/root/mesos')).toBe('hidden');
    expect(seen('ProtectHome=read-only', '/home/mesos/work')).toBe('read-only');
    expect(seen('ProtectSystem=true', '/usr/local/mesos')).toBe('read-only');
    expect(seen('ProtectSystem=true', '/etc/mesos')).toBe('as it is');
    expect(seen('PrivateTmp=yes', '/tmp/mesos')).toBe('hidden');
    expect(seen('PrivateTmp=true', '/var/tmp')).toBe('hidden');
    expect(seen('PrivateTmp=no', '/tmp/mesos')).toBe('as it is');
    expect(seen('PrivateTmp=yes\nBindPaths=/tmp/mesos', '/tmp/mesos')).toBe('as it is');
  });
});
