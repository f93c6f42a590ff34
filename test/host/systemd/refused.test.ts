import { describe, expect, it } from 'vitest';
import { startOf } from '../../../src/host/systemd/service.ts';
import { readUnit } from '../../../src/host/systemd/unit.ts';
import { type HostFiles, makeHost, programs } from '../../support/hosts.ts';

const START = 'ExecStart=/usr/sbin/mesos-agent --work_dir=/w';

/** Why systemd does not start a unit on a host that runs, but for what systemd does then. */
const refusedBy = (text: string, files: HostFiles = {}): readonly string[] => {
  const host = makeHost({
    ...programs(),
    '/proc/1/stat': '',
    '/usr/sbin/mesos-agent': '',
    '/usr/bin/test': '',
    '/bin/false': '',
    '/mnt/empty': null,
    '/etc/file': 'x',
    '/etc/nothing': '',
    '/etc/systemd/system/a.service': text,
    ...files,
  });
  const unit = readUnit(host, 'a.service');
  if (unit === undefined) throw new TypeError('no unit');
  return startOf(host, unit).refusals.map(({ message }) => message.replace(/: systemd ends .*$/, ''));
};

const service = (line: string, files?: HostFiles) => refusedBy(`[Service]\n${line}\n${START}\n`, files);
const unit = (lines: string, files?: HostFiles) => refusedBy(`[Unit]\n${lines}\n[Service]\n${START}\n`, files);

describe('a unit that systemd does not start', () => {
  it.each([
    ['ExecStartPre=/bin/false', 'ExecStartPre=/bin/false fails'],
    ['ExecCondition=/bin/false', 'ExecCondition=/bin/false fails'],
    ['ExecStartPre=/usr/local/bin/gone x', 'ExecStartPre=/usr/local/bin/gone is not there'],
    ['ExecStartPre=/usr/bin/test -d /mnt/data', 'ExecStartPre=/usr/bin/test -d /mnt/data fails'],
    ['ExecStartPre=/usr/bin/test ! -e /etc/file', 'ExecStartPre=/usr/bin/test ! -e /etc/file fails'],
    ['ExecStartPre=/usr/bin/test -s /etc/nothing', 'ExecStartPre=/usr/bin/test -s /etc/nothing fails'],
    ['WorkingDirectory=/srv/gone', 'WorkingDirectory=/srv/gone is not a folder'],
    ['WorkingDirectory=/etc/file', 'WorkingDirectory=/etc/file is not a folder'],
    ['Type=forking', 'Type=forking waits for what an agent does not do'],
    ['Type=notify', 'Type=notify waits for what an agent does not do'],
    ['Type=oneshot\nRestart=always', 'Restart=always does not go with Type=oneshot'],
  ])('has in its service %s', (line, expected) => {
    expect(service(line)).toEqual([expected]);
  });

  it.each([
    'ExecStartPre=-/bin/false',
    'ExecStartPre=-/usr/local/bin/gone',
    'ExecStartPre=/usr/bin/test -d /mnt',
    'ExecStartPre=/usr/bin/test ! -e /mnt/data',
    'ExecStop=/bin/false',
    `ExecStartPre=$\{UNKNOWN}/x`,
    'WorkingDirectory=-/srv/gone',
    'WorkingDirectory=~',
    'WorkingDirectory=/mnt/empty/',
    'StateDirectory=mesos other:x\nWorkingDirectory=/var/lib/other',
    'RootDirectory=/image\nWorkingDirectory=/srv/gone\nExecStartPre=/bin/only-there',
    'Type=notify\nTimeoutStartSec=infinity',
    'Type=oneshot',
    'Type=simple\nRestart=always',
    'WatchdogSec=30',
  ])('has not in its service %s', (line) => {
    expect(service(line)).toEqual([]);
  });

  it.each([
    ['ConditionPathExists=/etc/gone', 'ConditionPathExists=/etc/gone does not hold'],
    ['ConditionPathExists=!/etc/file', 'ConditionPathExists=!/etc/file does not hold'],
    ['AssertPathIsDirectory=/etc/file', 'AssertPathIsDirectory=/etc/file does not hold'],
    ['ConditionFileNotEmpty=/etc/nothing', 'ConditionFileNotEmpty=/etc/nothing does not hold'],
    ['ConditionDirectoryNotEmpty=/mnt/empty', 'ConditionDirectoryNotEmpty=/mnt/empty does not hold'],
    ['ConditionPathIsSymbolicLink=/etc/file', 'ConditionPathIsSymbolicLink=/etc/file does not hold'],
    ['ConditionPathExists=|/etc/gone\nConditionPathExists=|!/etc/file', 'ConditionPathExists=|/etc/gone does not hold'],
    ['Requires=docker.service', 'Requires=docker.service is not there'],
    ['BindsTo=x.mount docker.service\nBindsTo=', 'BindsTo=docker.service is not there'],
    ['Requires=masked.target', 'Requires=masked.target is masked'],
    ['Requires=empty.service', 'Requires=empty.service is masked'],
  ])('has beside its service %s', (lines, expected) => {
    const files = {
      '/etc/systemd/system/masked.target': { link: '/dev/null' },
      '/etc/systemd/system/empty.service': '',
    };
    expect(unit(lines, files)).toEqual([expected]);
  });

  it.each([
    'ConditionPathExists=/etc/file',
    'ConditionPathExists=|/etc/gone\nConditionPathExists=|/etc/file',
    'ConditionPathExists=/etc/gone\nConditionPathIsDirectory=',
    'ConditionVirtualization=no',
    'ConditionPathExists=relative',
    'Wants=docker.service',
    'Requires=network.target -.mount dev-sdb.device',
    'Requires=there@1.service',
  ])('has not beside its service %s', (lines) => {
    expect(unit(lines, { '/lib/systemd/system/there@.service': '[Service]\n' })).toEqual([]);
  });

  it('has a program that is not there', () => {
    const gone = '[Service]\nExecStart=-/opt/gone/mesos-agent\n';
    expect(refusedBy(gone)).toEqual(['ExecStart=/opt/gone/mesos-agent is not there']);
  });

  it('may wait for a script that has the name of an agent', () => {
    const text = '[Service]\nType=forking\nExecStart=/etc/init.d/mesos-slave start\n';
    expect(refusedBy(text, { '/etc/init.d/mesos-slave': '#!/bin/sh\n/usr/sbin/mesos-slave &\n' })).toEqual([]);
    expect(refusedBy(text, { '/etc/init.d/mesos-slave': '\x7fELF' })).toHaveLength(1);
  });

  it('is told of a host that is off by what its copy has', () => {
    const off = (text: string) => {
      const host = makeHost({ ...programs(), '/etc/systemd/system/a.service': text, '/usr/bin/env': '' });
      const found = readUnit(host, 'a.service');
      return found && startOf(host, found).refusals.length;
    };
    expect(off('[Service]\nExecStart=/usr/bin/mesos-agent\n')).toBe(1);
    expect(off(`[Service]\n${START}\n`)).toBe(0);
    expect(off(`[Service]\nExecStartPre=/usr/bin/env\nExecStartPre=test -d /run/x\n${START}\n`)).toBe(0);
    expect(off(`[Unit]\nRequires=docker.service\nConditionPathExists=/run/x\n[Service]\n${START}\n`)).toBe(0);
  });

  it('is not told of a part of a host', () => {
    const refused = (text: string) => {
      const host = makeHost({
        '/proc/1/stat': '',
        '/bin/sh': '',
        '/lib/systemd/system/empty.service': '',
        '/etc/systemd/system/a.service': text,
      });
      const found = readUnit(host, 'a.service');
      return found && startOf(host, found).refusals;
    };
    for (const line of [
      'ExecStartPre=/bin/mkdir -p /x',
      'WorkingDirectory=/srv/gone',
      'ExecStartPre=/bin/test -d /mnt/x',
    ])
      expect(refused(`[Service]\n${line}\n${START}\n`), line).toEqual([]);
    for (const line of [
      'Requires=empty.service',
      'Requires=docker.service',
      'ConditionPathExists=/etc/gone',
      'ConditionDirectoryNotEmpty=/etc/gone',
    ])
      expect(refused(`[Unit]\n${line}\n[Service]\n${START}\n`), line).toEqual([]);
  });
});
