import { describe, expect, it } from 'vitest';
import { findAgents } from '../../../src/host/flags/running.ts';
import { showsAgent } from '../../../src/host/flags/signs.ts';
import { readStart } from '../../../src/host/flags/start.ts';
import { findAgentUnits } from '../../../src/host/flags/units.ts';
import { hostNames, hostsInMemory, readHostFixture } from '../../support/fixture-hosts.ts';
import { type HostFiles, makeHost } from '../../support/hosts.ts';

const inMemory = hostsInMemory();
const START = '[Service]\nExecStart=/usr/sbin/mesos-agent --work_dir=/data\n';

describe('a host with an agent', () => {
  it.each<[string, HostFiles]>([
    ['a unit of its name', { '/etc/systemd/system/mesos-agent.service': '' }],
    ['a unit of another name', { '/usr/lib/systemd/system/acme.service': START }],
    ['a template of another name', { '/lib/systemd/system/acme@.service': START }],
    ['the script of its packages', { '/usr/bin/mesos-init-wrapper': '' }],
    ['a folder of flags', { '/etc/mesos-agent': null }],
    ['a file of DC/OS', { '/opt/mesosphere/etc/mesos-slave-common': '' }],
    ['a process of another fork', { '/proc/812/cmdline': '/opt/clusterd-agent\0--work_dir=/data\0' }],
    ['a process', { '/proc/812/cmdline': '/opt/mesos-slave\0--work_dir=/data\0' }],
  ])('shows it by %s', (_what, files) => {
    expect(showsAgent(makeHost(files))).toBe(true);
  });

  it('shows it wherever one is found', () => {
    const found = hostNames.filter((name) => {
      const start = readStart(inMemory(readHostFixture(name)));
      return start.agent !== undefined || start.running.length > 0;
    });
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter((name) => !showsAgent(inMemory(readHostFixture(name))))).toEqual([]);
  });
});

describe('a host without one', () => {
  it.each<[string, HostFiles]>([
    ['nothing', {}],
    ['a master', { '/etc/systemd/system/mesos-master.service': '[Service]\nExecStart=/usr/sbin/mesos-master\n' }],
    ['a process that reads its log', { '/proc/812/cmdline': 'tail\0/var/log/mesos-agent.log\0' }],
  ])('shows none: %s', (_what, files) => {
    const host = makeHost(files);
    expect([showsAgent(host), findAgents(host), findAgentUnits(host).units]).toEqual([false, [], []]);
  });
});

it('an instance of a template is a unit by what the template starts', () => {
  const host = makeHost({
    '/etc/systemd/system/acme@.service': START,
    '/etc/systemd/system/multi-user.target.wants/acme@1.service': { link: '/etc/systemd/system/acme@.service' },
  });
  expect(findAgentUnits(host).units.map(({ unit }) => unit.name)).toEqual(['acme@1.service']);
});
