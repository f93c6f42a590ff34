import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resources } from '../../src/agent/resources.ts';
import type { Labels, Resource, Resource_DiskInfo_Source, Resource_ReservationInfo } from '../../src/schema/index.ts';
import { check, randomly } from '../support/random.ts';
import { PlainResources } from './plain-resources.ts';
import { disk, scalar, volume } from './samples.ts';

const maybe = <T>(each: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(each, { nil: undefined });

/** Few keys and values, so that lists are alike, the same in another order, or hold a label twice. */
const labels: fc.Arbitrary<Labels> = fc
  .array(fc.record({ key: fc.constantFrom('a', 'b'), value: maybe(fc.constantFrom('', 'x')) }), { maxLength: 3 })
  .map((each) => ({ labels: each.map(({ key, value }) => (value === undefined ? { key } : { key, value })) }));

const reservation: fc.Arbitrary<Resource_ReservationInfo> = fc
  .record({ principal: maybe(fc.constantFrom('', 'p')), labels: maybe(labels), dynamic: fc.boolean() })
  .map(({ principal, labels, dynamic }) => ({
    type: dynamic ? 'DYNAMIC' : 'STATIC',
    role: 'r',
    ...(dynamic && principal !== undefined ? { principal } : {}),
    ...(dynamic && labels !== undefined ? { labels } : {}),
  }));

const source: fc.Arbitrary<Resource_DiskInfo_Source> = fc
  .record({
    type: fc.constantFrom('PATH', 'MOUNT', 'RAW' as const),
    id: maybe(fc.constantFrom('i', 'j')),
    metadata: maybe(labels),
  })
  .map(({ type, id, metadata }) => ({
    type,
    ...(id === undefined ? {} : { id }),
    ...(metadata === undefined ? {} : { metadata }),
  }));

const LAST = 2n ** 64n - 1n;
const end = fc.oneof(fc.bigInt(0n, 12n), fc.constant(LAST));
const range = fc
  .tuple(fc.bigInt(0n, 9n), end)
  .map(([begin, other]) => ({ begin, end: other < begin ? begin + other : other }));

const value: fc.Arbitrary<Partial<Resource>> = fc.oneof(
  fc
    .constantFrom(0, 0.0004, 0.001, 0.1, 1, 2, 3.5)
    .map((each) => ({ type: 'SCALAR' as const, scalar: { value: each } })),
  fc.array(range, { maxLength: 3 }).map((each) => ({ type: 'RANGES' as const, ranges: { range: each } })),
  fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })
    .map((item) => ({ type: 'SET' as const, set: { item } })),
);

const resource: fc.Arbitrary<Resource> = fc
  .record({
    value,
    reservations: fc.array(reservation, { maxLength: 1 }),
    disk: maybe(fc.record({ id: maybe(fc.constantFrom('v', 'w')), source: maybe(source) })),
    name: fc.constantFrom('x', 'y'),
    isShared: fc.boolean(),
    isRevocable: fc.boolean(),
    role: maybe(fc.constantFrom('', 'r')),
  })
  .map((each) => ({
    ...each.value,
    name: each.disk === undefined ? each.name : 'disk',
    type: each.value.type ?? 'SCALAR',
    reservations: each.reservations,
    ...(each.disk === undefined ? {} : { disk: disk(each.disk.id, each.disk.source) }),
    ...(each.isShared && each.disk?.id !== undefined ? { shared: {} } : {}),
    ...(each.isRevocable && each.role === '' ? { revocable: {} } : {}),
    ...(each.role === undefined ? {} : { allocation_info: { role: each.role } }),
  }));

/** Some resources, of which each occurs several times. */
const resources = fc
  .tuple(fc.array(resource, { minLength: 1, maxLength: 6 }), fc.array(fc.nat(), { maxLength: 25 }))
  .map(([pool, picks]) => picks.flatMap((pick) => pool[pick % pool.length] ?? []));

/** As they stand, values that are not set left out. */
const list = (each: { readonly entries: unknown } | Resources): unknown =>
  JSON.parse(
    JSON.stringify(each instanceof Resources ? each.entries() : each.entries, (_, one: unknown) =>
      typeof one === 'bigint' ? one.toString() : one,
    ),
  );

const RUNS = 1000;

describe('an index changes nothing of', () => {
  it(randomly('additions', RUNS), () => {
    check(
      RUNS,
      fc.property(resources, (each) => {
        expect(list(Resources.of(each))).toEqual(list(PlainResources.of(each)));
      }),
    );
  });

  it(randomly('additions and subtractions in a row', RUNS), () => {
    const steps = fc.array(fc.tuple(fc.boolean(), fc.nat()), { maxLength: 30 });
    check(
      RUNS,
      fc.property(resources, steps, (each, picks) => {
        fc.pre(each.length > 0);
        const [plain, changing] = [PlainResources.of(each), Resources.of(each).changing()];
        for (const [adds, pick] of picks) {
          const one = each[pick % each.length];
          if (one === undefined) continue;
          expect(changing.contains(one)).toBe(plain.contains(one));
          if (adds) plain.add(one);
          else plain.subtract(one);
          if (adds) changing.plus(one);
          else changing.minus(one);
          expect(list(changing.resources())).toEqual(list(plain));
        }
      }),
    );
  });

  it(randomly('what is contained', RUNS), () => {
    check(
      RUNS,
      fc.property(resources, resources, fc.boolean(), (one, other, shuffled) => {
        const second = shuffled ? one.toReversed() : other;
        const [plain, plainSecond] = [PlainResources.of(one), PlainResources.of(second)];
        const [indexed, indexedSecond] = [Resources.of(one), Resources.of(second)];
        expect(indexed.contains(indexedSecond)).toBe(plain.containsAll(plainSecond));
        expect(indexed.equals(indexedSecond)).toBe(plain.containsAll(plainSecond) && plainSecond.containsAll(plain));
      }),
    );
  });
});

it('keeps a long list of volumes, reservations and ports apart, and sums up what is alike', () => {
  const count = 5_000;
  const each = Array.from({ length: count }, (_, i): Resource[] => [
    volume(`v${i}`, 10),
    scalar('cpus', 1, { reservations: [{ type: 'DYNAMIC', role: `role-${i}` }] }),
    {
      name: 'ports',
      type: 'RANGES',
      ranges: { range: [{ begin: BigInt(2 * i), end: BigInt(2 * i) }] },
      reservations: [],
    },
    scalar('mem', 1),
  ]).flat();
  const sum = Resources.of(each);
  expect(sum.size).toBe(2 * count + 2);
  expect([...sum].at(2)?.ranges?.range).toHaveLength(count);
  expect([...sum].at(3)?.scalar).toEqual({ value: count });
  expect(sum.equals(Resources.of(each.toReversed()))).toBe(true);
  expect(sum.minus(sum).isEmpty).toBe(true);
});
