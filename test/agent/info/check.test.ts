import { describe, expect, test } from 'vitest';
import { AgentAbort } from '../../../src/agent/agent-abort.ts';
import { checkAgentInfo } from '../../../src/agent/info/check.ts';
import type { SlaveInfo } from '../../../src/schema/index.ts';
import {
  agentInfo,
  domain,
  ranges,
  rangesAttribute,
  scalar,
  scalarAttribute,
  set,
  setAttribute,
  staticFor,
  textAttribute,
} from '../samples.ts';

type Change = Partial<SlaveInfo>;

const verdict = (policy: 'equal' | 'additive', previous: Change, current: Change): string => {
  const result = checkAgentInfo(agentInfo(previous), agentInfo(current), policy);
  return result.ok ? 'ok' : result.message;
};

describe('equal', () => {
  test.each<[string, Change, Change]>([
    ['nothing', {}, {}],
    ['a default spelled out', {}, { port: 5051, checkpoint: false, domain: {} }],
    [
      'how resources are cut',
      { resources: [scalar('cpus', 4)] },
      { resources: [scalar('cpus', 1), scalar('cpus', 3)] },
    ],
    [
      'the form of a reservation',
      { resources: [scalar('cpus', 4, { role: 'web' })] },
      { resources: [scalar('cpus', 4, { reservations: [staticFor('web')] })] },
    ],
    ['an invalid resource', {}, { resources: [scalar('cpus', 4), scalar('mem', -1)] }],
  ])('%s is not a difference', (_what, previous, current) => {
    expect(verdict('equal', previous, current)).toBe('ok');
  });

  test.each<[string, Change]>([
    ['hostname', { hostname: 'n2' }],
    ['port', { port: 5052 }],
    ['id', { id: { value: 'S2' } }],
    ['checkpoint', { checkpoint: true }],
    ['domain', { domain: domain('eu', 'a') }],
    ['resources', { resources: [scalar('cpus', 5)] }],
    ['attributes', { attributes: [textAttribute('rack', 'r1')] }],
  ])('%s', (_what, current) => {
    expect(verdict('equal', {}, current)).toMatch(/^Incompatible agent info detected\. \n\n-{60}\nOld agent info:\n/);
  });

  test('the message shows both', () => {
    const line = '-'.repeat(60);
    const shown = (hostname: string): string => `hostname: "${hostname}"\nid {\n  value: "S1"\n}\n`;
    expect(verdict('equal', { resources: [] }, { resources: [], hostname: 'n2' })).toBe(
      `Incompatible agent info detected. \n\n${line}\nOld agent info:\n${shown('n1')}\n\n${line}\n` +
        `New agent info:\n${shown('n2')}\n\n${line}`,
    );
  });

  test('attributes of type SET end the agent, if nothing before them differs', () => {
    const withSet = { attributes: [setAttribute('os', 'a')] };
    expect(() => verdict('equal', withSet, withSet)).toThrow(AgentAbort);
    expect(verdict('equal', withSet, { ...withSet, hostname: 'n2' })).not.toBe('ok');
  });
});

describe('additive', () => {
  const below = "Configuration change not permitted under 'additive' policy";
  const above = 'Configuration change not permitted under `additive` policy';

  test.each<[string, Change, Change]>([
    ['more of a scalar', {}, { resources: [scalar('cpus', 8)] }],
    ['a new resource', {}, { resources: [scalar('cpus', 4), scalar('gpus', 1)] }],
    [
      'more ranges',
      {
        resources: [
          ranges('ports', [
            [5, 9],
            [1, 4],
          ]),
        ],
      },
      { resources: [ranges('ports', [[1, 20]])] },
    ],
    ['more of a set', { resources: [set('disks', ['b', 'a'])] }, { resources: [set('disks', ['a', 'c', 'b'])] }],
    ['a new domain', {}, { domain: domain('eu', 'a') }],
    ['a new attribute', {}, { attributes: [textAttribute('rack', 'r1'), setAttribute('os', 'a')] }],
    [
      'more ranges in an attribute',
      { attributes: [rangesAttribute('l', [1, 5])] },
      { attributes: [rangesAttribute('l', [1, 9])] },
    ],
    ['what additive does not look at', {}, { id: { value: 'S2' }, checkpoint: true }],
    ['less than a thousandth less', {}, { resources: [scalar('cpus', 3.9996)] }],
    ['less of what is invalid', { resources: [scalar('cpus', Number.NaN)] }, { resources: [] }],
    ['a domain without names that goes', { domain: domain('', '') }, {}],
  ])('%s is permitted', (_what, previous, current) => {
    expect(verdict('additive', previous, current)).toBe('ok');
  });

  test.each<[Change, Change, string]>([
    [{}, { hostname: 'n2' }, `${above}: Hostname changed from n1 to n2`],
    [{}, { port: 5052 }, `${above}: Port changed from 5051 to 5052`],
    [
      { domain: domain('eu', 'b') },
      {},
      `${above}: Domain changed from {"fault_domain":{"region":{"name":"eu"},"zone":{"name":"b"}}} to {}`,
    ],
    [{}, { resources: [] }, `${below}. Resource not found: cpus:4`],
    [
      { resources: [scalar('cpus', 1, { role: 'web/eu' })] },
      { resources: [scalar('cpus', 1)] },
      `${below}. Resource not found: cpus(reservations: [(STATIC,web/eu)]):1`,
    ],
    [
      { resources: [scalar('cpus', 4), scalar('cpus', 8)] },
      { resources: [scalar('cpus', 8.5)] },
      `${below}: Value of scalar resource 'cpus' decreased from 12 to 8.5`,
    ],
    [
      { resources: [ranges('ports', [[80, 90]])] },
      { resources: [ranges('ports', [[31000, 33000]])] },
      `${below}: Previous value of range resource 'ports' ([80-90]) not included in current [31000-33000]`,
    ],
    [
      { resources: [set('disks', ['sda1', 'sda2'])] },
      { resources: [set('disks', ['sda1'])] },
      `${below}: Previous value of set resource 'disks' ({sda1, sda2}) not included in current {sda1}`,
    ],
    [{ attributes: [rangesAttribute('level', [1, 10])] }, {}, `${below}: Couldn't find attribute level=[1-10]`],
    [
      { attributes: [textAttribute('rack', 'r1')] },
      { attributes: [scalarAttribute('rack', 7)] },
      `${below}: Type of attribute 'rack' changed from 3 to 0`,
    ],
    [
      { attributes: [scalarAttribute('zone', 3)] },
      { attributes: [scalarAttribute('zone', 4)] },
      `${below}: Value of scalar attribute 'zone' changed from 3 to 4`,
    ],
    [
      { attributes: [textAttribute('rack', 'r1'), textAttribute('rack', 'r2')] },
      { attributes: [textAttribute('rack', 'r1'), textAttribute('rack', 'r2')] },
      `${below}: Value of text attribute 'rack' changed from r2 to r1`,
    ],
    [
      { attributes: [rangesAttribute('level', [1, 10])] },
      { attributes: [rangesAttribute('level', [2, 4])] },
      "Previous value of ranges resource 'level' ([1-10]) not included in current [2-4]",
    ],
  ])('%#: %o', (previous, current, message) => {
    expect(verdict('additive', previous, current)).toBe(message);
  });

  test('an attribute of type SET in both ends the agent', () => {
    const withSet = { attributes: [setAttribute('os', 'a')] };
    expect(() => verdict('additive', withSet, withSet)).toThrow(AgentAbort);
  });

  test('a resource that does not survive the read ends the agent', () => {
    expect(() => verdict('additive', { resources: [scalar('cpus', 1, { reservation: {} })] }, {})).toThrow(AgentAbort);
  });
});
