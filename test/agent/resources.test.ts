import { describe, expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import { Resources } from '../../src/agent/resources.ts';
import type { Resource, Resource_DiskInfo_Source } from '../../src/schema/index.ts';
import { disk, dynamic, forCassandra, ranges, scalar, set, staticFor, text, volume } from './samples.ts';

const of = (...resources: Resource[]): Resources => Resources.of(resources);
const onDisk = (source: Resource_DiskInfo_Source, megabytes = 10): Resource =>
  scalar('disk', megabytes, { disk: disk(undefined, source) });

describe('building', () => {
  test('adds up what is alike', () => {
    const resources = of(scalar('cpus', 1), scalar('mem', 5), scalar('cpus', 0.1), scalar('cpus', 0.2));
    expect(String(resources)).toBe('cpus:1.3; mem:5');
  });

  test('leaves out what is invalid or empty', () => {
    const resources = of(
      scalar('cpus', -1),
      scalar('cpus', 0),
      text('t'),
      ranges('ports', []),
      scalar('mem', Number.NaN),
    );
    expect(resources.isEmpty).toBe(true);
    expect(String(resources)).toBe('{}');
  });

  test('keeps apart what is reserved, allocated, revocable or provided differently', () => {
    const resources = of(
      scalar('cpus', 1),
      scalar('cpus', 1, { reservations: [staticFor('a')] }),
      scalar('cpus', 1, { reservations: [staticFor('a'), dynamic('a/b')] }),
      scalar('cpus', 1, { reservations: [dynamic('a')] }),
      scalar('cpus', 1, { reservations: [dynamic('a', 'p')] }),
      scalar('cpus', 1, { revocable: {} }),
      scalar('cpus', 1, { provider_id: { value: 'p' } }),
      scalar('cpus', 1, { allocation_info: {} }),
      scalar('cpus', 1, { allocation_info: { role: 'a' } }),
    );
    expect(resources.size).toBe(9);
  });

  test('ranges and sets become unions', () => {
    const resources = of(
      ranges('ports', [[1, 3]]),
      ranges('ports', [[4, 9]]),
      set('s', ['b', 'a']),
      set('s', ['c', 'a']),
    );
    expect(String(resources)).toBe('ports:[1-9]; s:{b, a, c}');
  });

  test('a single list of ranges stays as it was written', () => {
    expect(
      String(
        of(
          ranges('ports', [
            [4, 9],
            [1, 3],
          ]),
        ),
      ),
    ).toBe('ports:[4-9, 1-3]');
  });

  test('ends the agent on the old form', () => {
    expect(() => of(scalar('cpus', 1, { role: 'web' }))).toThrow(AgentAbort);
  });

  test('leaves its input alone', () => {
    const input = [scalar('cpus', 1), scalar('cpus', 2)];
    Resources.of(input).minus(scalar('cpus', 1));
    expect(input).toEqual([scalar('cpus', 1), scalar('cpus', 2)]);
  });
});

describe('exclusive disks', () => {
  test('MOUNT, BLOCK and RAW with an id are never added up, PATH and RAW without one are', () => {
    const mount = onDisk({ type: 'MOUNT', mount: { root: '/m' } });
    const block = onDisk({ type: 'BLOCK', id: 'b' });
    const raw = onDisk({ type: 'RAW', id: 'r' });
    expect(of(mount, mount, block, block, raw, raw).size).toBe(6);
    expect(String(of(onDisk({ type: 'PATH' }), onDisk({ type: 'PATH' })))).toBe('disk[PATH]:20');
    expect(String(of(onDisk({ type: 'RAW', profile: 'p' }), onDisk({ type: 'RAW', profile: 'p' })))).toBe(
      'disk[RAW(,,p)]:20',
    );
  });

  test('only the whole of a MOUNT can be taken', () => {
    const mount = of(onDisk({ type: 'MOUNT', mount: { root: '/m' } }, 10));
    expect(mount.contains(onDisk({ type: 'MOUNT', mount: { root: '/m' } }, 5))).toBe(false);
    expect(mount.contains(onDisk({ type: 'MOUNT', mount: { root: '/m' } }, 10))).toBe(true);
    expect(mount.contains(onDisk({ type: 'MOUNT', mount: { root: '/n' } }, 10))).toBe(false);
    expect(mount.minus(onDisk({ type: 'MOUNT', mount: { root: '/m' } }, 10)).isEmpty).toBe(true);
  });

  test('labels of a source count, the volume and the principal of a persistence do not', () => {
    const source = { type: 'PATH', metadata: { labels: [{ key: 'a' }] } } as const;
    expect(of(onDisk(source), onDisk({ type: 'PATH' })).size).toBe(2);
    const owned = volume('v', 1, { disk: { persistence: { id: 'v', principal: 'p' } } });
    expect(of(volume('v', 1)).contains(owned)).toBe(true);
  });
});

describe('shared volumes', () => {
  const shared = volume('v', 10, { shared: {} });
  const line = 'disk(reservations: [(DYNAMIC,db,cassandra)])[v:data]<SHARED>:10';

  test('are counted, not added up', () => {
    const two = of(shared, shared);
    expect(String(two)).toBe(`${line}<2>`);
    expect([...two]).toEqual([shared]);
    expect(two.count(shared)).toBe(2);
    expect(String(two.minus(shared))).toBe(`${line}<1>`);
    expect(two.minus(two).isEmpty).toBe(true);
    expect(of(shared).minus(two).isEmpty).toBe(true);
  });

  test('contain by copies', () => {
    expect(of(shared, shared).contains(of(shared))).toBe(true);
    expect(of(shared).contains(of(shared, shared))).toBe(false);
    expect(of(shared).equals(of(shared, shared))).toBe(false);
    expect(of(shared).contains(volume('v', 10))).toBe(false);
  });
});

describe('taking off', () => {
  test('what is used up is replaced by the last entry', () => {
    const resources = of(scalar('cpus', 1), scalar('mem', 2), scalar('disk', 3));
    expect(String(resources.minus(scalar('cpus', 1)))).toBe('disk:3; mem:2');
    expect(String(resources.minus(scalar('disk', 3)))).toBe('cpus:1; mem:2');
  });

  test('what goes below zero is gone, and what is not there changes nothing', () => {
    const resources = of(scalar('cpus', 1), scalar('mem', 2));
    expect(String(resources.minus(scalar('cpus', 4)))).toBe('mem:2');
    expect(String(resources.minus(scalar('gpus', 4)))).toBe('cpus:1; mem:2');
    expect(String(resources.minus(scalar('cpus', -4)))).toBe('cpus:1; mem:2');
  });

  test('ranges, sets and whole collections', () => {
    const resources = of(ranges('ports', [[1, 9]]), set('s', ['a', 'b']), scalar('cpus', 2));
    const taken = of(ranges('ports', [[3, 4]]), set('s', ['a', 'x']), scalar('cpus', 0.5));
    expect(String(resources.minus(taken))).toBe('ports:[1-2, 5-9]; s:{b}; cpus:1.5');
  });

  test('a persistent volume only as a whole', () => {
    expect(of(volume('v', 10)).minus(volume('v', 5)).size).toBe(1);
    expect(of(volume('v', 10)).minus(volume('v', 10)).size).toBe(0);
  });
});

describe('comparing', () => {
  test('each entry of a collection is held against the whole, but volumes are used up', () => {
    const two = of(scalar('cpus', 2), volume('v', 1), volume('v', 1));
    expect(two.contains(of(scalar('cpus', 2), volume('v', 1), volume('v', 1)))).toBe(true);
    expect(of(volume('v', 1)).contains(two.persistentVolumes())).toBe(false);
  });

  test('an invalid resource is in nothing', () => {
    expect(of(scalar('cpus', 2)).contains(scalar('cpus', -1))).toBe(false);
    expect(of(scalar('cpus', 2)).contains(scalar('cpus', 2.0004))).toBe(true);
    expect(of(scalar('cpus', 2)).contains(scalar('cpus', 2.0005))).toBe(false);
  });

  test('equality is to the thousandth, in any order, and of sets in any order of items', () => {
    const left = of(scalar('cpus', 2), set('s', ['a', 'b']), ranges('ports', [[1, 4]]));
    const right = of(
      ranges('ports', [
        [3, 4],
        [1, 2],
      ]),
      set('s', ['b', 'a']),
      scalar('cpus', 2.0004),
    );
    expect(left.equals(right)).toBe(true);
    expect(left.equals(right.plus(scalar('cpus', 1)))).toBe(false);
    expect(Resources.none.equals(of(scalar('cpus', 0)))).toBe(true);
  });

  test('match ignores the amount and nothing else', () => {
    const resources = of(scalar('cpus', 2), scalar('cpus', 3, forCassandra));
    expect(resources.match(scalar('cpus', 99, forCassandra))).toEqual(scalar('cpus', 3, forCassandra));
    expect(resources.match(scalar('cpus', 99, { reservations: [dynamic('db')] }))).toBeUndefined();
    expect(resources.match(ranges('cpus', []))).toBeUndefined();
  });

  test('count', () => {
    const resources = of(scalar('cpus', 2));
    expect(resources.count(scalar('cpus', 2))).toBe(1);
    expect(resources.count(scalar('cpus', 1))).toBe(0);
  });
});

test('plus takes a resource or a collection', () => {
  const resources = of(scalar('cpus', 2));
  expect(String(resources.plus(scalar('cpus', 1)))).toBe('cpus:3');
  expect(String(resources.plus(of(scalar('mem', 1), scalar('cpus', 1))))).toBe('cpus:3; mem:1');
  expect(String(resources.plus(scalar('cpus', -1)))).toBe('cpus:2');
  expect(String(resources)).toBe('cpus:2');
});
