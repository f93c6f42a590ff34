import { expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import { resourceText } from '../../src/agent/resource-text.ts';
import { disk, dynamic, ranges, scalar, set, staticFor, text, volume } from './samples.ts';

test.each([
  [scalar('cpus', 4.5), 'cpus:4.5'],
  [
    ranges('ports', [
      [1, 2],
      [5, 5],
    ]),
    'ports:[1-2, 5-5]',
  ],
  [set('disks', ['a', 'b']), 'disks:{a, b}'],
  [volume('cassandra-data-0', 2048), 'disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048'],
  [
    scalar('cpus', 1, { reservations: [staticFor('a'), dynamic('a/b')] }),
    'cpus(reservations: [(STATIC,a),(DYNAMIC,a/b)]):1',
  ],
  [scalar('cpus', 1, { reservations: [{}] }), 'cpus(reservations: [(UNKNOWN,)]):1'],
  [
    scalar('cpus', 1, {
      reservations: [{ ...dynamic('a', 'p'), labels: { labels: [{ key: 'k', value: 'v' }, { key: 'l' }] } }],
    }),
    'cpus(reservations: [(DYNAMIC,a,p,{k: v, l})]):1',
  ],
  [scalar('cpus', 1, { allocation_info: { role: 'web' }, revocable: {} }), 'cpus(allocated: web){REV}:1'],
  [volume('v', 1, { shared: {}, reservations: [] }), 'disk[v:data]<SHARED>:1'],
  [scalar('disk', 1, { disk: disk(undefined, { type: 'PATH' }) }), 'disk[PATH]:1'],
  [scalar('disk', 1, { disk: disk('v', { type: 'MOUNT', mount: { root: '/mnt' } }) }), 'disk[MOUNT:/mnt,v:data]:1'],
  [
    scalar('disk', 1, { disk: disk(undefined, { type: 'PATH', id: 'i', vendor: 'V', path: { root: '/p' } }) }),
    'disk[PATH(V,i,)]:1',
  ],
  [scalar('disk', 1, { disk: disk(undefined, { type: 'RAW', profile: 'fast' }) }), 'disk[RAW(,,fast)]:1'],
  [scalar('disk', 1, { disk: disk(undefined, { type: 'BLOCK' }) }), 'disk[BLOCK]:1'],
  [
    scalar('disk', 1, {
      disk: { persistence: { id: 'v' }, volume: { mode: 'RO', container_path: 'c', host_path: '/h' } },
    }),
    'disk[v:/h:c:ro]:1',
  ],
])('%#: %o', (resource, expected) => {
  expect(resourceText(resource)).toBe(expected);
});

test('a TEXT resource ends the agent', () => {
  expect(() => resourceText(text('t'))).toThrow(new AgentAbort('Unexpected Value type: 3'));
});
