import { describe, expect, it } from 'vitest';
import { applyOperation } from '../../src/agent/operation.ts';
import { Resources } from '../../src/agent/resources.ts';
import type { Resource } from '../../src/schema/index.ts';

const cpus: Resource = { name: 'cpus', type: 'SCALAR', scalar: { value: 2 }, reservations: [] };
const reserved: Resource = { ...cpus, reservations: [{ type: 'DYNAMIC', role: 'db' }] };
const allocated = (resource: Resource): Resource => ({ ...resource, allocation_info: { role: 'db' } });
const reserve = (source: readonly Resource[], resources: readonly Resource[]) =>
  applyOperation(Resources.of([cpus]), { info: { type: 'RESERVE', reserve: { source, resources } } });

describe('a pending RESERVE', () => {
  it('takes what it reserves, whatever that is allocated to', () => {
    const applied = reserve([], [allocated(reserved)]);
    expect(applied.ok && `${applied.resources}`).toBe('cpus(reservations: [(DYNAMIC,db)]):2');
    expect(reserve([cpus], [allocated(reserved)]).ok).toBe(true);
  });

  it('fits no agent where what it is made of is allocated', () => {
    const message = 'cpus:2 does not contain cpus(allocated: db):2';
    expect(reserve([allocated(cpus)], [allocated(reserved)])).toEqual({ ok: false, message });
  });
});
