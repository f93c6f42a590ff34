import fc from 'fast-check';
import type { Attribute, Resource, SlaveInfo } from '../../src/schema/index.ts';
import {
  disk,
  domain,
  ranges,
  rangesAttribute,
  scalar,
  scalarAttribute,
  set,
  staticFor,
  textAttribute,
} from './samples.ts';

/** Agent infos as flags and hosts give them, small enough that two of them have much in common. */

const amounts = fc.constantFrom(0.001, 0.1, 0.5, 1, 2.5, 4, 16, 1024.0005, 64000);
const roles = fc.constantFrom(undefined, 'web', 'db/a');
const reserved = roles.map((role) => (role === undefined ? {} : { reservations: [staticFor(role)] }));
const sources = fc.constantFrom<Partial<Resource>>(
  {},
  { disk: disk(undefined, { type: 'PATH', path: { root: '/p' } }) },
  { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/m' } }) },
  { disk: disk(undefined, { type: 'MOUNT', mount: { root: '/n' } }) },
);
const pairs = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 9 })), { minLength: 1, maxLength: 3 })
  .map((all) => {
    let at = 0;
    return all.map(([gap, length]): readonly [number, number] => {
      const begin = at + gap;
      at = begin + length + 1;
      return [begin, begin + length];
    });
  });
const items = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });

const resources: fc.Arbitrary<Resource> = fc.oneof(
  fc
    .tuple(fc.constantFrom('cpus', 'mem', 'gpus', 'foo'), amounts, reserved)
    .map(([name, value, more]) => scalar(name, value, more)),
  fc.tuple(amounts, reserved, sources).map(([value, more, source]) => scalar('disk', value, { ...more, ...source })),
  fc.tuple(pairs, reserved).map(([all, more]) => ranges('ports', all, more)),
  fc.tuple(items, reserved).map(([all, more]) => set('devices', all, more)),
);

const attributes: fc.Arbitrary<Attribute> = fc.oneof(
  fc
    .tuple(fc.constantFrom('rack', 'zone'), fc.constantFrom('r1', 'r2', ''))
    .map(([name, value]) => textAttribute(name, value)),
  fc.tuple(fc.constantFrom('rack', 'level'), amounts).map(([name, value]) => scalarAttribute(name, value)),
  pairs.map((all) => rangesAttribute('level', ...all)),
);

/** Any agent info that has no id. */
export const agentInfos: fc.Arbitrary<SlaveInfo> = fc
  .record({
    hostname: fc.constantFrom('n1', 'n2.example'),
    resources: fc.array(resources, { maxLength: 8 }),
    attributes: fc.array(attributes, { maxLength: 4 }),
    port: fc.constantFrom(undefined, 5051, 5052),
    domain: fc.constantFrom(undefined, domain('eu', 'a'), domain('eu', 'b'), {}),
  })
  .map(({ port, domain: own, ...info }) => ({
    ...info,
    checkpoint: true,
    ...(port === undefined ? {} : { port }),
    ...(own === undefined ? {} : { domain: own }),
  }));
