import { expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import {
  isDynamicallyReserved,
  isEmpty,
  isPersistentVolume,
  isReserved,
  needCheckpointing,
  reservationRole,
} from '../../src/agent/resource-predicates.ts';
import { dynamic, ranges, scalar, set, staticFor, text, volume } from './samples.ts';

test('isEmpty', () => {
  expect([scalar('cpus', 0), scalar('cpus', 0.0001), ranges('ports', []), set('disks', [])].every(isEmpty)).toBe(true);
  expect([scalar('cpus', 0.001), ranges('ports', [[1, 1]]), set('disks', ['a']), text('t')].some(isEmpty)).toBe(false);
});

test('the old form ends the agent', () => {
  expect(() => isEmpty(scalar('cpus', 1, { role: '*' }))).toThrow(
    new AgentAbort('Check failed: !resource.has_role() cpus:1'),
  );
  expect(() => isReserved(scalar('cpus', 1, { reservation: {} }))).toThrow(
    new AgentAbort('Check failed: !resource.has_reservation() cpus:1'),
  );
});

test('the last reservation counts', () => {
  const refined = scalar('cpus', 1, { reservations: [staticFor('a'), dynamic('a/b')] });
  expect(reservationRole(refined)).toBe('a/b');
  expect(isReserved(refined, 'a')).toBe(false);
  expect(isReserved(refined, 'a/b')).toBe(true);
  expect(isDynamicallyReserved(refined)).toBe(true);
  expect(isDynamicallyReserved(scalar('cpus', 1, { reservations: [staticFor('a')] }))).toBe(false);
  expect(isDynamicallyReserved(scalar('cpus', 1))).toBe(false);
});

test('reservationRole of what is not reserved', () => {
  expect(() => reservationRole(scalar('cpus', 1))).toThrow(AgentAbort);
});

test('needCheckpointing', () => {
  expect(needCheckpointing(scalar('cpus', 1, { reservations: [dynamic('a')] }))).toBe(true);
  expect(needCheckpointing(volume('v', 1, { reservations: [staticFor('a')] }))).toBe(true);
  expect(needCheckpointing(volume('v', 1, { provider_id: { value: 'p' } }))).toBe(false);
  expect(needCheckpointing(scalar('cpus', 1, { reservations: [staticFor('a')] }))).toBe(false);
  expect(isPersistentVolume(scalar('disk', 1))).toBe(false);
});
