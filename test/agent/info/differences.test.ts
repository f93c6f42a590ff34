import { expect, test } from 'vitest';
import { agentInfoDifferences } from '../../../src/agent/info/differences.ts';
import { agentInfo, domain, scalar, textAttribute } from '../samples.ts';

test('none between equal infos', () => {
  expect(agentInfoDifferences(agentInfo(), agentInfo({ port: 5051, checkpoint: false }))).toEqual([]);
});

test('every field that differs, as text', () => {
  const current = agentInfo({
    hostname: 'n2',
    port: 1,
    resources: [scalar('cpus', 2), scalar('mem', 5, { role: 'web' })],
    attributes: [textAttribute('rack', 'r1'), textAttribute('rack', 'r2')],
    domain: domain('eu', 'a'),
    checkpoint: true,
    id: { value: 'S2' },
  });
  expect(agentInfoDifferences(agentInfo(), current)).toEqual([
    { field: 'hostname', previous: 'n1', current: 'n2' },
    { field: 'port', previous: '5051', current: '1' },
    { field: 'resources', previous: 'cpus:4', current: 'cpus:2; mem(reservations: [(STATIC,web)]):5' },
    { field: 'attributes', previous: '', current: 'rack=r1; rack=r2' },
    {
      field: 'domain',
      previous: '{}',
      current: '{"fault_domain":{"region":{"name":"eu"},"zone":{"name":"a"}}}',
    },
    { field: 'checkpoint', previous: 'false', current: 'true' },
    { field: 'id', previous: 'S1', current: 'S2' },
  ]);
});
