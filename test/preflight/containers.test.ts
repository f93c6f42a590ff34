import { describe, expect, it } from 'vitest';
import { gatherFacts } from '../../src/preflight/facts/facts.ts';
import { runChecks } from '../../src/preflight/preflight.ts';
import { type HostFixture, hostsInMemory, NOW, readHostFixture } from '../support/fixture-hosts.ts';

const makeHost = hostsInMemory();

const LIVE = '/run/mesos/containers/7d0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e02';
const OTHER = '/run/mesos/containers/9e0c9a51-0c1e-4b6f-8f5e-1a2b3c4d5e99';
const CNI = '/run/mesos/isolators/network/cni/c1';
const TORN = { hex: '10000000' };
const CNI_FLAGS = ['--network_cni_plugins_dir=/opt/cni/bin', '--network_cni_config_dir=/etc/cni'];

interface Case {
  readonly name: string;
  readonly files: NonNullable<HostFixture['files']>;
  readonly version?: string;
  readonly flags?: readonly string[];
  readonly found: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'a link to a folder', files: { [OTHER]: { link: '/etc' } }, found: [] },
  { name: 'a link in a circle', files: { [OTHER]: { link: '/run/mesos' } }, found: ['it is not a folder'] },
  { name: 'a link that leads nowhere', files: { [OTHER]: { link: '/none' } }, found: ['it is not a folder'] },
  { name: 'a file among nested ones', files: { [`${LIVE}/containers/x`]: '' }, found: ['it is not a folder'] },
  { name: 'an end, of a live one', files: { [`${LIVE}/termination`]: '' }, found: [] },
  { name: 'an end', files: { [`${OTHER}/termination`]: '' }, found: ['its end is noted'] },
  { name: 'an end, before 1.7.0', files: { [`${OTHER}/termination`]: '' }, version: '1.6.2', found: [] },
  {
    name: 'an end with one below it, before 1.7.0',
    files: { [`${OTHER}/termination`]: '', [`${OTHER}/containers/x/pid`]: '17' },
    version: '1.6.2',
    found: ['its end is noted'],
  },
  { name: 'a pid of a live one', files: { [`${LIVE}/pid`]: 'none' }, found: [] },
  { name: 'a pid', files: { [`${OTHER}/pid`]: '17\n' }, found: ['it holds no number'] },
  { name: 'a pid in hexadecimal', files: { [`${OTHER}/pid`]: '0x11' }, found: [] },
  { name: 'an empty config', files: { [`${OTHER}/config`]: '' }, found: [] },
  { name: 'a torn config', files: { [`${OTHER}/config`]: TORN }, found: ['it is torn after 4 bytes'] },
  { name: 'a torn config, which 1.4 does not read', files: { [`${OTHER}/config`]: TORN }, version: '1.4.3', found: [] },
  { name: 'launch_info of an orphan', files: { [`${OTHER}/launch_info`]: TORN, [`${OTHER}/pid`]: '17' }, found: [] },
  {
    name: 'launch_info of one that stands alone',
    files: { [`${OTHER}/launch_info`]: TORN, [`${OTHER}/pid`]: '17', [`${OTHER}/standalone.marker`]: '' },
    found: ['it is torn after 4 bytes'],
  },
  {
    name: 'launch_info of a nested one',
    files: { [`${LIVE}/containers/x/launch_info`]: TORN, [`${LIVE}/containers/x/pid`]: '17' },
    found: ['it is torn after 4 bytes'],
  },
  {
    name: 'launch_info of a nested one that is to be destroyed',
    files: {
      [`${LIVE}/containers/x/launch_info`]: TORN,
      [`${LIVE}/containers/x/pid`]: '17',
      [`${LIVE}/containers/x/force_destroy_on_recovery`]: '',
    },
    found: [],
  },
  { name: 'a switchboard without a pid', files: { [`${LIVE}/io_switchboard`]: null }, found: ['it is not there'] },
  { name: 'a switchboard of an orphan', files: { [`${OTHER}/io_switchboard`]: null }, found: [] },
  { name: 'a network, without CNI', files: { [`${CNI}/web/eth0/network.info`]: '' }, found: [] },
  {
    name: 'a network',
    files: { [`${CNI}/web/eth0/network.info`]: '[]' },
    flags: CNI_FLAGS,
    found: ['it is not an object of JSON'],
  },
  {
    name: 'a network of two interfaces',
    files: { [`${CNI}/web/eth0`]: null, [`${CNI}/web/eth1`]: null },
    flags: CNI_FLAGS,
    found: ['it has more than one interface'],
  },
  { name: 'a network without its info', files: { [`${CNI}/web/eth0`]: null }, flags: CNI_FLAGS, found: [] },
  {
    name: 'nothing of mesos',
    files: { [`${OTHER}/termination`]: '' },
    flags: ['--containerizers=docker'],
    found: [],
  },
];

describe('what the agent meets among its containers', () => {
  it.each(cases)('$name', ({ files, version = '1.11.0', flags = [], found }) => {
    const host = makeHost({
      ...readHostFixture('plain'),
      files: { ...readHostFixture('plain').files, ...files },
    });
    const facts = gatherFacts(host, { now: NOW, to: version, supposed: flags });
    const [result] = runChecks(facts, { only: ['containers'] }).results;
    const problems = (result?.rows ?? []).filter(({ verdict }) => verdict !== 'ok');
    expect(problems.map((row) => row.found.replace(/^.*?: /, ''))).toEqual(found);
    expect(result?.verdict).toBe(found.length === 0 ? 'ok' : 'fail');
  });
});
