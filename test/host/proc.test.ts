import { describe, expect, it } from 'vitest';
import { readClock } from '../../src/host/clock.ts';
import { mountOf, readMounts } from '../../src/host/mounts.ts';
import { parseStat, readProcess, withPids } from '../../src/host/process.ts';
import { readProcesses } from '../../src/host/processes.ts';
import { makeHost } from '../support/hosts.ts';

const STAT = (name: string): string => `812 (${name}) S 1 0 0 0 0 0 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0\n`;

describe('/proc/PID/stat', () => {
  it('has a name that may hold anything', () => {
    for (const name of ['mesos-agent', 'a b', 'a) S 1 (b', ')', '']) {
      expect(parseStat(STAT(name)), name).toEqual({ name, state: 'S', parent: 1, startTicks: 12345 });
    }
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      '812',
      '812 (a',
      '812 (a) ',
      '812 (a) S 1 2 3',
      '812 (a) Sleeping 1',
      STAT('a').slice(0, 40),
    ]) {
      expect(parseStat(text), text).toBeUndefined();
    }
  });
});

describe('a process', () => {
  const host = makeHost.bind(undefined, {
    '/proc/stat': 'cpu 1\nbtime 1000\n',
    '/proc/uptime': '500.25 1.00\n',
    '/proc/1/stat': STAT('init'),
    '/proc/1/cmdline': '/sbin/init\0',
    '/proc/2/stat': STAT('kthreadd'),
    '/proc/2/cmdline': '',
    '/proc/812/stat': STAT('x'),
    '/proc/812/cmdline': '/usr/sbin/mesos-agent\0--work_dir=/a b\0',
    '/proc/812/environ': 'MESOS_EXECUTOR_ID=e=1\0MESOS_EXECUTOR_AUTHENTICATION_TOKEN=secret\0PATH=/bin\0broken\0',
    '/proc/812/cgroup':
      '12:cpu,cpuacct:/system.slice/a.service\n1:name=systemd:/mesos_executors.slice\n0::/elsewhere\n',
    '/proc/812/status': 'Name:\tx\nNSpid:\t812\t7\n',
  });

  it('is read with its start, its words, its variables and its group', () => {
    const read = readProcess(host(), 812, 1_000_000);
    const found = read.known ? read.value : undefined;
    expect(found?.started).toBe(1_000_000 + 123_450);
    expect(found?.command).toEqual(['/usr/sbin/mesos-agent', '--work_dir=/a b']);
    expect(found?.environment).toEqual({ known: true, value: new Map([['MESOS_EXECUTOR_ID', 'e=1']]) });
    expect(found?.unitGroup).toBe('/mesos_executors.slice');
    expect(found?.pids).toBeUndefined();
    expect(found && withPids(host(), found).pids).toEqual([812, 7]);
  });

  it('is one of those of its host, and a thread of the kernel is none', () => {
    const made = host();
    const all = readProcesses(made, readClock(made, 0));
    expect(all.known && [...all.value.keys()]).toEqual([1, 812]);
  });

  it('is not known where those of others are hidden', () => {
    const made = makeHost({ '/proc/812/stat': STAT('x'), '/proc/812/cmdline': 'x\0' });
    expect(readProcesses(made, readClock(made, 0))).toMatchObject({ known: false, needsRoot: true });
  });

  it('has a time on a copy of its host: that of the copy', () => {
    expect(readClock(host(), 0).now).toEqual({ known: true, value: 1_500_250 });
    expect(readClock(makeHost({ '/etc/x': '' }), 0).now.known).toBe(false);
  });
});

describe('what is mounted', () => {
  const mounts = (text: string) => readMounts(makeHost({ '/proc/mounts': text }));

  it('has blanks in octal', () => {
    expect(mounts('/dev/sda1 /a\\040b ext4 ro,noatime 0 0\n')).toEqual({
      known: true,
      value: [{ device: '/dev/sda1', path: '/a b', type: 'ext4', options: ['ro', 'noatime'] }],
    });
  });

  it('holds a path by its longest mount, and the last of two at one place', () => {
    const all = mounts('a / ext4 rw 0 0\nb /var/lib xfs rw 0 0\nc /var/lib tmpfs rw 0 0\nd /var/libx xfs rw 0 0\n');
    const of = (path: string): string | undefined => (all.known ? mountOf(all.value, path)?.device : undefined);
    expect(['/var/lib/mesos', '/var/lib', '/var/libx', '/var', '/'].map(of)).toEqual(['c', 'c', 'd', 'a', 'a']);
  });

  it('is nothing where nothing can be read', () => {
    expect(mounts('nonsense\n')).toEqual({ known: true, value: [] });
    expect(readMounts(makeHost({ '/etc/x': '' })).known).toBe(false);
  });
});
