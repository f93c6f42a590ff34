import { expect, test } from 'vitest';
import { applyCheckpointedResources } from '../../src/agent/checkpointed-resources.ts';
import { Resources } from '../../src/agent/resources.ts';
import type { Resource } from '../../src/schema/index.ts';
import { disk, dynamic, forCassandra, ranges, scalar, staticFor, volume } from './samples.ts';

const checkpointed = [volume('cassandra-data-0', 2048), scalar('cpus', 2, forCassandra)];

const agent = (cpus: number): Resource[] => [
  scalar('cpus', cpus),
  scalar('mem', 64000),
  scalar('disk', 400000),
  ranges('ports', [[31000, 32000]]),
];

const apply = (total: Resource[], applied: Resource[]) => {
  const result = applyCheckpointedResources(Resources.of(total), Resources.of(applied));
  return result.ok ? String(result.resources) : result.message;
};

test('reservations and volumes are carved out of the resources', () => {
  expect(apply(agent(8), checkpointed)).toBe(
    'cpus:6; mem:64000; disk:397952; ports:[31000-32000];' +
      ' disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048;' +
      ' cpus(reservations: [(DYNAMIC,db,cassandra)]):2',
  );
});

test('what does not fit, in the words of the agent', () => {
  const message = apply(agent(1), checkpointed);
  expect(
    `Checkpointed resources ${Resources.of(checkpointed)} are incompatible with agent resources` +
      ` ${Resources.of(agent(1))}: ${message}`,
  ).toBe(
    'Checkpointed resources disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048; cpus(reservations: [(DYNAMIC,db,cassandra)]):2 are incompatible with agent resources cpus:1; mem:64000; disk:400000; ports:[31000-32000]: Incompatible agent resources: cpus:1; mem:64000; disk:397952; ports:[31000-32000]; disk(reservations: [(DYNAMIC,db,cassandra)])[cassandra-data-0:data]:2048 does not contain cpus:2',
  );
});

test('a refined reservation stands on the static one below it', () => {
  const reservations = [staticFor('db'), dynamic('db/eu')];
  const refined = [scalar('cpus', 2, { reservations })];
  expect(apply([scalar('cpus', 4, { reservations: [staticFor('db')] })], refined)).toBe(
    'cpus(reservations: [(STATIC,db)]):2; cpus(reservations: [(STATIC,db),(DYNAMIC,db/eu)]):2',
  );
  expect(apply([scalar('cpus', 4)], refined)).toBe(
    'Incompatible agent resources: cpus:4 does not contain cpus(reservations: [(STATIC,db)]):2',
  );
});

test('all dynamic reservations of a refined one are taken off', () => {
  expect(apply([scalar('cpus', 4)], [scalar('cpus', 4, { reservations: [dynamic('a'), dynamic('a/b')] })])).toBe(
    'cpus(reservations: [(DYNAMIC,a),(DYNAMIC,a/b)]):4',
  );
});

test('a volume on a MOUNT disk takes all of it', () => {
  const source = { type: 'MOUNT', mount: { root: '/m' } } as const;
  const mount = scalar('disk', 100, { disk: disk(undefined, source) });
  expect(apply([mount], [volume('v', 100, { disk: disk('v', source) })])).toBe(
    'disk(reservations: [(DYNAMIC,db,cassandra)])[MOUNT:/m,v:data]:100',
  );
  expect(apply([mount], [volume('v', 50, { disk: disk('v', source) })])).toBe(
    'Incompatible agent resources: disk[MOUNT:/m]:100 does not contain disk[MOUNT:/m]:50',
  );
});

test('a shared volume stands on a disk that is not shared, once for all copies', () => {
  const shared = volume('v', 10, { shared: {} });
  expect(apply([scalar('disk', 10)], [shared, shared])).toBe(
    'disk(reservations: [(DYNAMIC,db,cassandra)])[v:data]<SHARED>:10<1>',
  );
});

test('a volume on a static reservation', () => {
  const onStatic = volume('v', 10, { reservations: [staticFor('db')] });
  expect(apply([scalar('disk', 12, { reservations: [staticFor('db')] })], [onStatic])).toBe(
    'disk(reservations: [(STATIC,db)]):2; disk(reservations: [(STATIC,db)])[v:data]:10',
  );
});

test('what no checkpoint holds', () => {
  expect(apply(agent(1), [scalar('cpus', 1)])).toBe('Unexpected checkpointed resources cpus:1');
  const provided = scalar('cpus', 1, { ...forCassandra, provider_id: { value: 'p' } });
  expect(apply(agent(1), [provided])).toBe(
    'Unexpected checkpointed resources cpus(reservations: [(DYNAMIC,db,cassandra)]):1',
  );
});
