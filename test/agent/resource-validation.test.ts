import { describe, expect, test } from 'vitest';
import { validateResource } from '../../src/agent/resource-validation.ts';
import type { Resource } from '../../src/schema/index.ts';
import { disk, dynamic, ranges, scalar, set, staticFor, text, volume } from './samples.ts';

test.each<[string, Resource]>([
  ['a scalar', scalar('cpus', 1)],
  ['nothing at all', scalar('cpus', 0)],
  ['no ranges', ranges('ports', [])],
  [
    'ranges that are not in order',
    ranges('ports', [
      [5, 9],
      [1, 4],
    ]),
  ],
  [
    'an overlap that the agent does not see',
    ranges('ports', [
      [5, 9],
      [1, 6],
    ]),
  ],
  ['a set', set('disks', ['a'])],
  ['a volume', volume('v', 1)],
  ['a shared volume', volume('v', 1, { shared: {} })],
  ['the old form', scalar('cpus', 1, { role: 'web', reservation: { principal: 'p' } })],
  ['a refined reservation', scalar('cpus', 1, { reservations: [staticFor('a'), dynamic('a/b')] })],
  ['both forms that agree', scalar('cpus', 1, { role: 'a', reservation: {}, reservations: [dynamic('a')] })],
  ['both forms, static', scalar('cpus', 1, { role: 'a', reservations: [staticFor('a')] })],
])('%s is valid', (_what, resource) => {
  expect(validateResource(resource)).toBeNull();
});

describe('what is not valid', () => {
  const mount = { type: 'MOUNT', mount: { root: '/m' } } as const;
  test.each<[Resource, string]>([
    [scalar('', 1), 'Empty resource name'],
    [text('t'), 'Unsupported resource type'],
    [{ ...scalar('cpus', 1), scalar: undefined }, 'Invalid scalar resource'],
    [scalar('cpus', 1, { set: { item: [] } }), 'Invalid scalar resource'],
    [scalar('cpus', 0.0004), 'Invalid scalar resource: value <= 0'],
    [scalar('cpus', -1), 'Invalid scalar resource: value <= 0'],
    [scalar('cpus', Number.NaN), 'Invalid scalar resource: value <= 0'],
    [scalar('cpus', Number.POSITIVE_INFINITY), 'Invalid scalar resource: value <= 0'],
    [scalar('cpus', 1e16), 'Invalid scalar resource: value <= 0'],
    [{ ...ranges('ports', []), ranges: undefined }, 'Invalid ranges resource'],
    [ranges('ports', [[5, 4]]), 'Invalid ranges resource: begin > end'],
    [
      ranges('ports', [
        [1, 5],
        [5, 9],
      ]),
      'Invalid ranges resource: overlapping ranges',
    ],
    [{ ...set('disks', []), set: undefined }, 'Invalid set resource'],
    [set('disks', ['a', 'a']), 'Invalid set resource: duplicated elements'],
    [scalar('mem', 1, { disk: disk('v') }), 'DiskInfo should not be set for mem resource'],
    [
      scalar('disk', 1, { disk: disk(undefined, { ...mount, type: 'RAW' }) }),
      'Mount should not be set for RAW disk source',
    ],
    [
      scalar('disk', 1, { disk: disk(undefined, { type: 'BLOCK', path: {} }) }),
      'Path should not be set for BLOCK disk source',
    ],
    [
      scalar('disk', 1, { disk: disk(undefined, { type: 'UNKNOWN' }) }),
      "Unsupported 'DiskInfo.Source.Type' in 'UNKNOWN'",
    ],
    [scalar('cpus', 1, { role: '' }), 'Role names cannot be the empty string'],
    [
      scalar('cpus', 1, { role: 'a', reservation: { type: 'DYNAMIC' } }),
      "'Resource.ReservationInfo.type' must not be set for the 'Resource.reservation' field",
    ],
    [
      scalar('cpus', 1, { role: 'a', reservation: { role: 'a' } }),
      "'Resource.ReservationInfo.role' must not be set for the 'Resource.reservation' field",
    ],
    [scalar('cpus', 1, { reservation: {} }), 'Invalid reservation: role "*" cannot be dynamically reserved'],
    [
      scalar('cpus', 1, { reservations: [{ role: 'a' }] }),
      "Invalid reservation: 'Resource.ReservationInfo.type' field must be set.",
    ],
    [
      scalar('cpus', 1, { reservations: [{ type: 'STATIC' }] }),
      "Invalid reservation: 'Resource.ReservationInfo.role' field must be set.",
    ],
    [
      scalar('cpus', 1, { reservations: [staticFor('a b')] }),
      "Role component 'a b' is invalid because it contains backspace or whitespace",
    ],
    [scalar('cpus', 1, { reservations: [staticFor('*')] }), 'Invalid reservation: role "*" cannot be reserved'],
    [
      scalar('cpus', 1, { reservations: [staticFor('a'), staticFor('a/b')] }),
      'Invalid refined reservation: A refined reservation cannot be STATIC',
    ],
    [
      scalar('cpus', 1, { reservations: [dynamic('a'), dynamic('ab')] }),
      "Invalid refined reservation: role 'ab' is not a refinement of 'a'",
    ],
    [
      scalar('cpus', 1, { reservations: [{ type: 'UNKNOWN', role: 'a' }] }),
      "Unsupported 'Resource.ReservationInfo.Type'",
    ],
    [
      scalar('cpus', 1, { role: 'b', reservations: [dynamic('a')] }),
      "Invalid resource format: 'Resource.role' field with 'b' does not match the role 'a' in 'Resource.reservations'",
    ],
    [
      scalar('cpus', 1, { reservation: {}, reservations: [staticFor('a')] }),
      "Invalid resource format: 'Resource.reservation' must not be set if the single reservation in" +
        " 'Resource.reservations' is STATIC",
    ],
    [
      scalar('cpus', 1, { role: 'a', reservations: [dynamic('a')] }),
      "Invalid resource format: 'Resource.role' and 'Resource.reservation' must either be both set or both not set if" +
        " the single reservation in 'Resource.reservations' is DYNAMIC",
    ],
    [
      scalar('cpus', 1, { role: 'a', reservation: { principal: 'p' }, reservations: [dynamic('a', 'q')] }),
      "Invalid resource format: 'Resource.reservation.principal' field with 'p' does not match the principal 'q' in" +
        " 'Resource.reservations'",
    ],
    [
      scalar('cpus', 1, {
        role: 'a',
        reservation: { labels: { labels: [{ key: 'k' }] } },
        reservations: [dynamic('a')],
      }),
      "Invalid resource format: 'Resource.reservation.labels' field with '{k}' does not match the labels '{}' in" +
        " 'Resource.reservations'",
    ],
    [
      scalar('cpus', 1, { role: 'a', reservations: [dynamic('a'), dynamic('a/b')] }),
      "Invalid resource format: 'Resource.role' must not be set if there is more than one reservation in" +
        " 'Resource.reservations'",
    ],
    [
      scalar('cpus', 1, { reservation: {}, reservations: [dynamic('a'), dynamic('a/b')] }),
      "Invalid resource format: 'Resource.reservation' must not be set if there is more than one reservation in" +
        " 'Resource.reservations'",
    ],
    [scalar('cpus', 1, { shared: {} }), 'Resource cpus cannot be shared'],
    [scalar('disk', 1, { shared: {} }), 'Only persistent volumes can be shared'],
  ])('%#: %o', (resource, error) => {
    expect(validateResource(resource)).toBe(error);
  });
});
