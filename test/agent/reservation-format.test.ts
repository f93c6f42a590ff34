import { describe, expect, test } from 'vitest';
import { AgentAbort } from '../../src/agent/agent-abort.ts';
import { upgradeResource, upgradeResources } from '../../src/agent/reservation-format.ts';
import { dynamic, scalar, staticFor } from './samples.ts';

describe('upgradeResource', () => {
  test('what is not reserved loses its role', () => {
    expect(upgradeResource(scalar('cpus', 1, { role: '*' }))).toStrictEqual({ ok: true, resource: scalar('cpus', 1) });
    expect(upgradeResource(scalar('cpus', 1))).toStrictEqual({ ok: true, resource: scalar('cpus', 1) });
  });

  test('a role alone is a static reservation', () => {
    const upgraded = upgradeResource(scalar('cpus', 1, { role: 'web' }));
    expect(upgraded).toStrictEqual({ ok: true, resource: scalar('cpus', 1, { reservations: [staticFor('web')] }) });
  });

  test('a role with a reservation is a dynamic one', () => {
    const upgraded = upgradeResource(scalar('cpus', 1, { role: 'db', reservation: { principal: 'cassandra' } }));
    const expected = scalar('cpus', 1, { reservations: [dynamic('db', 'cassandra')] });
    expect(upgraded).toStrictEqual({ ok: true, resource: expected });
  });

  test('beside reservations the old fields are dropped', () => {
    const resource = scalar('cpus', 1, { role: 'x', reservation: {}, reservations: [dynamic('a'), dynamic('a/b')] });
    const expected = scalar('cpus', 1, { reservations: [dynamic('a'), dynamic('a/b')] });
    expect(upgradeResource(resource)).toStrictEqual({ ok: true, resource: expected });
  });

  test('a dynamic reservation for nobody ends the agent', () => {
    const resource = scalar('cpus', 1, { reservation: {} });
    expect(upgradeResource(resource)).toEqual({ ok: false, abort: 'Check failed: !resource->has_reservation()' });
    expect(() => upgradeResources([resource])).toThrow(AgentAbort);
  });
});
