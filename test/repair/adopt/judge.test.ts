import { describe, expect, it } from 'vitest';
import { Resources } from '../../../src/agent/resources.ts';
import { knownVersion } from '../../../src/agent/version.ts';
import { extentFor, policyFor } from '../../../src/repair/adopt/adopter.ts';
import { changeOf } from '../../../src/repair/adopt/change.ts';
import type { InUse } from '../../../src/repair/adopt/in-use.ts';
import { type AdoptFacts, type AdoptJudgement, judgeAdoption } from '../../../src/repair/adopt/judge.ts';
import type { SlaveInfo } from '../../../src/schema/index.ts';
import { agentInfo, domain, ranges, scalar, staticFor, textAttribute } from '../../agent/samples.ts';

const OLD = agentInfo({
  hostname: 'n1',
  port: 5051,
  resources: [scalar('cpus', 8), scalar('gpus', 4), ranges('ports', [[31000, 32000]])],
  attributes: [textAttribute('rack', 'r1')],
  domain: domain('eu', 'a'),
});

const changed = (more: Partial<SlaveInfo>): SlaveInfo => agentInfo({ ...OLD, ...more });
const withoutDomain = ({ domain: _domain, ...info }: SlaveInfo): SlaveInfo => info;
const resources = (cpus: number, gpus: number, last: number): SlaveInfo['resources'] => [
  scalar('cpus', cpus),
  scalar('gpus', gpus),
  ranges('ports', [[31000, last]]),
];

const CHANGES = {
  attributes: changed({ attributes: [textAttribute('rack', 'r2')] }),
  grown: changed({ resources: resources(16, 4, 32000) }),
  shrunk: changed({ resources: resources(4, 4, 32000) }),
  ports: changed({ resources: resources(8, 4, 31500) }),
  gpus: changed({ resources: resources(8, 2, 32000) }),
  role: changed({
    resources: [...resources(8, 4, 32000).slice(1), scalar('cpus', 8, { reservations: [staticFor('web')] })],
  }),
  domain: changed({ domain: domain('eu', 'b') }),
  undomain: withoutDomain(changed({})),
  port: changed({ port: 5052 }),
  hostname: changed({ hostname: 'n2' }),
} as const;

const IN_USE: InUse = {
  resources: Resources.of([scalar('cpus', 2), scalar('gpus', 1), ranges('ports', [[31000, 31002]])]),
  httpExecutors: ['pod'],
};

interface Row extends Partial<Omit<AdoptFacts, 'masterVersion'>> {
  readonly master?: string;
  readonly inUse?: Partial<InUse>;
  readonly isGuarded?: boolean;
  readonly previous?: SlaveInfo;
}

const judge = (
  current: SlaveInfo,
  { master, inUse, isGuarded = true, previous = OLD, ...facts }: Row,
): AdoptJudgement => {
  const all: AdoptFacts = {
    hasPolicy: true,
    isolators: ['posix/cpu'],
    isStandalone: false,
    masterVersion: master === undefined ? undefined : knownVersion(master),
    ...facts,
  };
  return judgeAdoption({
    facts: all,
    change: changeOf(previous, current),
    current,
    inUse: { ...IN_USE, ...inUse },
    extent: extentFor(all),
    isGuarded: extentFor(all) === 'least' && isGuarded,
  });
};

type Name = keyof typeof CHANGES;

const OLD_AGENT = { hasPolicy: false };
const states = ['registered', 'recovered', 'unreachable'] as const;

describe('what may be adopted', () => {
  it.each<[string, Name, Row]>([
    ['attributes, whatever the master', 'attributes', {}],
    ['attributes, of an agent of 1.4 under an old master', 'attributes', { ...OLD_AGENT, master: '1.4.3' }],
    ['resources that grew', 'grown', OLD_AGENT],
    ['resources that shrank, while the agent itself asks for a new master', 'shrunk', {}],
    ['resources that shrank, in any state', 'shrunk', { master: '1.5.0', agentState: 'registered', isGuarded: false }],
    ['resources that shrank, of an agent of 1.4', 'shrunk', { ...OLD_AGENT, master: '1.11.0' }],
    [
      'resources that shrank, once an old master has failed over',
      'shrunk',
      { master: '1.4.3', agentState: 'recovered' },
    ],
    ['ports that nobody uses under port_mapping', 'ports', { isolators: ['network/port_mapping'] }],
    ['gpus that nobody uses', 'gpus', {}],
    ['another role', 'role', { master: '1.5.0' }],
    ['another domain', 'domain', {}],
    ['no domain, under an old master', 'undomain', { ...OLD_AGENT, master: '1.4.3' }],
    ['a port, of an agent that is recovered', 'port', { agentState: 'recovered', master: '1.8.0' }],
    ['a port, of an agent that is unreachable', 'port', { agentState: 'unreachable', master: '1.8.0' }],
    ['a hostname, of an agent that is recovered', 'hostname', { agentState: 'recovered', master: '1.8.0' }],
    ['a hostname, of an agent that is unreachable', 'hostname', { agentState: 'unreachable', master: '1.8.0' }],
    ['a hostname, once an old master has failed over', 'hostname', { agentState: 'recovered', master: '1.4.3' }],
  ])('%s', (_what, name, row) => {
    expect(judge(CHANGES[name], row).refusals).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each<[string, Name, Row, RegExp]>([
    ['a hostname without the state', 'hostname', { master: '1.11.0' }, /--agent-state/],
    ['a port without the state', 'port', { master: '1.11.0' }, /--agent-state/],
    [
      'a hostname while registered',
      'hostname',
      { agentState: 'registered', master: '1.11.0' },
      /every executor is killed/,
    ],
    ['a port while registered', 'port', { agentState: 'registered', master: '1.11.0' }, /pinging the old port/],
    ['a port under an old master', 'port', { agentState: 'recovered', master: '1.4.3' }, /loses an agent/],
    ['a hostname under an old master', 'hostname', { agentState: 'unreachable', master: '1.4.3' }, /recovered_slaves/],
    ['less, of an agent of 1.4 without the master', 'shrunk', OLD_AGENT, /--master-version/],
    ['less, where the guard is off', 'shrunk', { isGuarded: false }, /--master-version/],
    ['less, where the agent does not look', 'shrunk', { isStandalone: true }, /--master-version/],
    ['less, under an old master', 'shrunk', { master: '1.4.3' }, /--agent-state recovered/],
    [
      'less, under an old master that has it',
      'shrunk',
      { master: '1.4.3', agentState: 'registered' },
      /recovered_slaves/,
    ],
    ['another role under an old master', 'role', { ...OLD_AGENT, master: '1.4.3' }, /learns of resources only/],
    ['gpus in use', 'gpus', { inUse: { resources: Resources.of([scalar('gpus', 3)]) } }, /3 gpus are in use/],
    [
      'ports in use under port_mapping',
      'ports',
      { isolators: ['network/port_mapping'], inUse: { resources: Resources.of([ranges('ports', [[31600, 31601]])]) } },
      /31600-31601/,
    ],
    [
      'ports in use where the isolation is not known',
      'ports',
      { isolators: undefined, inUse: { resources: Resources.of([ranges('ports', [[31600, 31601]])]) } },
      /--isolation/,
    ],
  ])('%s', (_what, name, row, reason) => {
    const { refusals } = judge(CHANGES[name], row);
    expect(refusals).toHaveLength(1);
    expect(refusals[0]).toMatch(reason);
  });

  it('a new domain under an old master, and without one that is named where the agent is of 1.4', () => {
    const previous = withoutDomain(OLD);
    expect(judge(OLD, { previous, ...OLD_AGENT, master: '1.4.3' }).refusals).toEqual([
      expect.stringMatching(/ignores/),
    ]);
    expect(judge(OLD, { previous, ...OLD_AGENT }).refusals).toEqual([expect.stringMatching(/--master-version/)]);
    expect(judge(OLD, { previous }).refusals).toEqual([]);
  });

  it('all that is wrong at once, so that nobody asks three times', () => {
    const current = changed({ hostname: 'n2', resources: resources(8, 0, 32000) });
    expect(judge(current, { ...OLD_AGENT }).refusals).toHaveLength(3);
  });
});

describe('what follows', () => {
  const follows = (name: Name, row: Row): string => judge(CHANGES[name], row).follows.join('\n');

  it('the policy has to stay, and the agent exits at an old master', () => {
    expect(follows('shrunk', {})).toMatch(/--reconfiguration_policy=additive now and at every later start/);
    expect(follows('shrunk', {})).toMatch(/exits at a leading master before 1\.5\.0/);
    expect(follows('shrunk', { ...OLD_AGENT, master: '1.11.0' })).not.toMatch(/policy/);
    expect(follows('shrunk', { master: '1.4.3', agentState: 'recovered' })).toMatch(/guard against old masters is off/);
  });

  it('more in use than there is', () => {
    const inUse = { resources: Resources.of([scalar('cpus', 5), ranges('ports', [[31000, 31001]])]) };
    expect(follows('shrunk', { inUse })).toMatch(/cpus: 5 of 4/);
    expect(follows('shrunk', {})).not.toMatch(/in use/);
    expect(follows('ports', { inUse: { resources: Resources.of([ranges('ports', [[31600, 31600]])]) } })).toMatch(
      /31600-31600/,
    );
  });

  it('executors that speak HTTP to an old port', () => {
    const row: Row = { agentState: 'unreachable', master: '1.11.0' };
    expect(follows('port', row)).toMatch(/1 executor that speaks HTTP to the old port is lost with its tasks: pod/);
    expect(follows('port', { ...row, inUse: { httpExecutors: ['a', 'b'] } })).toMatch(/2 executors that speak HTTP/);
    expect(follows('hostname', row)).not.toMatch(/HTTP/);
    expect(follows('hostname', row)).toMatch(/may have started its tasks elsewhere/);
  });

  it('roles, domains and attributes', () => {
    expect(follows('role', {})).toMatch(/keep the role/);
    expect(follows('domain', {})).toMatch(/whatever region/);
    expect(follows('undomain', {})).toMatch(/--require_agent_domain/);
    expect(follows('attributes', {})).toMatch(/attributes/);
    expect(judge(OLD, { previous: withoutDomain(OLD) }).follows.join()).toMatch(/no domain ignore the agent/);
  });
});

it('agents before 1.5.0, and those under masters before it, get the whole info by the policy equal', () => {
  expect([extentFor({ hasPolicy: true }), policyFor({ hasPolicy: true })]).toEqual(['least', 'additive']);
  expect([extentFor({ hasPolicy: false }), policyFor({ hasPolicy: false })]).toEqual(['whole', 'equal']);
  const old = { hasPolicy: true, masterVersion: knownVersion('1.4.3') };
  expect([extentFor(old), policyFor(old)]).toEqual(['whole', 'equal']);
});

it('the state does not matter where the address stays', () => {
  for (const agentState of states) expect(judge(CHANGES.shrunk, { agentState }).refusals).toEqual([]);
});
