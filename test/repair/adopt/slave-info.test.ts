import { describe, expect, it } from 'vitest';
import { upgradeAgentInfo } from '../../../src/agent/info/check.ts';
import { encodeRecord } from '../../../src/format/encode.ts';
import { adoptAgentInfo } from '../../../src/repair/adopt/slave-info.ts';
import type { SlaveInfo } from '../../../src/schema/index.ts';
import { disk, domain, ranges, rangesAttribute, scalar, set, staticFor, textAttribute } from '../../agent/samples.ts';
import { adopt, fieldsOf, fileOf } from './adopting.ts';

const base = {
  hostname: 'n1',
  checkpoint: true,
  port: 5051,
  attributes: [textAttribute('rack', 'r1'), rangesAttribute('level', [1, 10])],
  resources: [scalar('cpus', 8), scalar('mem', 64000), scalar('disk', 400000), ranges('ports', [[31000, 32000]])],
};

/** What becomes of the resources. */
const resourcesAfter = (previous: SlaveInfo['resources'], current: SlaveInfo['resources']): SlaveInfo['resources'] => {
  const { info } = adopt({ ...base, resources: previous }, { ...base, resources: current }, 'least');
  return upgradeAgentInfo(info).resources;
};

describe('the least', () => {
  it('is what both have: attributes, ranges of attributes, no domain that changed', () => {
    const { info } = adopt(
      { ...base, domain: domain('eu', 'a') },
      {
        ...base,
        domain: domain('eu', 'b'),
        attributes: [rangesAttribute('level', [5, 20]), textAttribute('rack', 'r2')],
      },
      'least',
    );
    expect(info.domain).toBeUndefined();
    expect(info.attributes).toEqual([rangesAttribute('level', [5, 10])]);
  });

  it('takes the new hostname and port', () => {
    const { info } = adopt(
      { ...base, port: undefined } as unknown as SlaveInfo,
      { ...base, hostname: 'n2', port: 5052 },
      'least',
    );
    expect([info.hostname, info.port]).toEqual(['n2', 5052]);
  });

  it('of a name that occurs twice keeps the one that the agent compares with', () => {
    const attributes = [textAttribute('rack', 'r1'), textAttribute('rack', 'r2')];
    const { info } = adopt({ ...base, attributes }, { ...base, attributes }, 'least');
    expect(info.attributes).toEqual([textAttribute('rack', 'r1')]);
  });

  it('keeps the file apart from what the agent builds, so that it asks for a master that takes the change', () => {
    const less = { ...base, resources: [scalar('cpus', 8), scalar('mem', 62000), ...base.resources.slice(2)] };
    const adopted = adopt(base, less, 'least');
    expect(adopted.isGuarded).toBe(true);
    expect(adopted.info.resources[1]?.scalar?.value).toBe(61999.999);
    // Where what is reserved needs all of it, it cannot be.
    const fits = (info: SlaveInfo): boolean => (info.resources[1]?.scalar?.value ?? 0) >= 62000;
    const tight = adopt(base, less, 'least', { fits });
    expect([tight.isGuarded, tight.info.resources[1]?.scalar?.value]).toEqual([false, 62000]);
    // What is added is difference enough.
    const more = adopt(base, { ...less, resources: [...less.resources, scalar('foo', 1)] }, 'least');
    expect([more.isGuarded, more.info.resources[1]?.scalar?.value]).toEqual([true, 62000]);
  });

  const extra = scalar('extra', 1);

  it.each<[string, SlaveInfo['resources'], SlaveInfo['resources'], SlaveInfo['resources']]>([
    ['less of a scalar', [scalar('mem', 64000)], [scalar('mem', 62000.5)], [scalar('mem', 62000.5)]],
    ['the same to the thousandth', [scalar('mem', 1.0004)], [scalar('mem', 1)], [scalar('mem', 1.0004)]],
    ['more of a scalar', [scalar('mem', 1)], [scalar('mem', 2)], [scalar('mem', 1)]],
    ['none of a kind', [scalar('cpus', 1), scalar('gpus', 1)], [scalar('cpus', 1)], [scalar('cpus', 1)]],
    [
      'a kind in two parts',
      [scalar('cpus', 5), scalar('mem', 1), scalar('cpus', 5)],
      [scalar('cpus', 8), scalar('mem', 1)],
      [scalar('cpus', 8), scalar('mem', 1)],
    ],
    [
      'fewer ports',
      [
        ranges('ports', [
          [1, 10],
          [20, 30],
        ]),
      ],
      [ranges('ports', [[5, 25]])],
      [
        ranges('ports', [
          [5, 10],
          [20, 25],
        ]),
      ],
    ],
    [
      'ports that touch',
      [
        ranges('ports', [
          [1, 5],
          [6, 10],
        ]),
      ],
      [ranges('ports', [[1, 10]])],
      [
        ranges('ports', [
          [1, 5],
          [6, 10],
        ]),
      ],
    ],
    ['items of a set', [set('devices', ['b', 'a'])], [set('devices', ['a', 'c'])], [set('devices', ['a'])]],
    ['another role', [scalar('cpus', 4, { reservations: [staticFor('web')] })], [scalar('cpus', 4)], []],
    [
      'a role beside none',
      [scalar('cpus', 4), scalar('cpus', 2, { reservations: [staticFor('web')] })],
      [scalar('cpus', 3), scalar('cpus', 2, { reservations: [staticFor('web')] })],
      [scalar('cpus', 3), scalar('cpus', 2, { reservations: [staticFor('web')] })],
    ],
    [
      'a MOUNT disk that shrank, and one that is gone',
      [
        scalar('disk', 100, { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/a' } }) }),
        scalar('disk', 100, { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/b' } }) }),
      ],
      [scalar('disk', 90, { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/a' } }) })],
      [scalar('disk', 90, { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/a' } }) })],
    ],
    ['revocable apart from others', [scalar('cpus', 4, { revocable: {} })], [scalar('cpus', 4)], []],
  ])('of resources: %s', (_what, previous, current, wanted) => {
    expect(resourcesAfter(previous, [...current, extra])).toEqual(wanted);
  });
});

describe('the whole', () => {
  it('writes reservations as roles, and leaves what is the same byte for byte', () => {
    const current = {
      ...base,
      resources: [...base.resources.slice(0, 3), scalar('cpus', 2, { reservations: [staticFor('web')] })],
    };
    const before = fieldsOf(fileOf(base));
    const after = fieldsOf(adopt(base, current, 'whole').bytes);
    expect(after.filter((field) => before.some(({ bytes }) => bytes === field.bytes))).toHaveLength(before.length - 1);
    const { info } = adopt(base, current, 'whole');
    expect(info.resources.at(-1)).toMatchObject({ role: 'web', reservations: [] });
  });

  it('puts in a domain and attributes, and leaves a set whose order alone is another', () => {
    const current = {
      ...base,
      domain: domain('eu', 'a'),
      attributes: [textAttribute('zone', 'z')],
      resources: [set('devices', ['b', 'a'])],
    };
    const { info } = adopt({ ...base, resources: [set('devices', ['a', 'b'])] }, current, 'whole');
    expect(info).toMatchObject({ domain: current.domain, attributes: current.attributes });
    expect(info.resources[0]?.set?.item).toEqual(['a', 'b']);
  });

  it('is not made where the file says that nothing is checkpointed', () => {
    const bytes = fileOf({ ...base, checkpoint: false });
    expect(adoptAgentInfo({ bytes, current: base, extent: 'whole', fits: () => true })).toMatch(/does not checkpoint/);
  });
});

it('keeps what is behind the record, and gives up where there is none', () => {
  const bytes = Buffer.concat([fileOf(base), Buffer.from('behind')]);
  const adopted = adoptAgentInfo({ bytes, current: { ...base, hostname: 'n2' }, extent: 'least', fits: () => true });
  expect(typeof adopted === 'string' ? adopted : adopted.bytes.subarray(-6).toString()).toBe('behind');
  const broken = { current: base, extent: 'least' as const, fits: () => true };
  expect(adoptAgentInfo({ ...broken, bytes: Buffer.from([9, 0, 0]) })).toBe('slave.info holds no whole record');
  expect(adoptAgentInfo({ ...broken, bytes: encodeRecord(Buffer.from([7])) })).toBe('slave.info does not parse');
});
