import type { Resource } from '../schema/index.ts';
import { failedCheck } from './agent-abort.ts';
import { NO_RANGES } from './ranges.ts';
import { resourceText } from './resource-text.ts';
import { compareScalars, ZERO_SCALAR } from './scalar.ts';
import { EMPTY_SET } from './set.ts';

/*
 * Each of these mirrors the static member of `Resources` of the same name in resources.cpp, and like it ends the agent
 * (an `AgentAbort` is thrown) if the resource still has `role` or `reservation`.
 */

/** Whether it is nothing: zero to the thousandth, no range, no item. */
export function isEmpty(resource: Resource): boolean {
  requireUpgraded(resource);
  switch (resource.type) {
    case 'SCALAR':
      return compareScalars(resource.scalar ?? ZERO_SCALAR, ZERO_SCALAR) === 0;
    case 'RANGES':
      return (resource.ranges ?? NO_RANGES).range.length === 0;
    case 'SET':
      return (resource.set ?? EMPTY_SET).item.length === 0;
    case 'TEXT':
      return false;
  }
}

/** Whether it is a persistent volume: a disk with a persistence id. */
export function isPersistentVolume(resource: Resource): boolean {
  requireUpgraded(resource);
  return resource.disk?.persistence !== undefined;
}

/** Whether it is reserved: at all, or for the role given. */
export function isReserved(resource: Resource, role?: string): boolean {
  requireUpgraded(resource);
  return resource.reservations.length > 0 && (role === undefined || role === reservationRole(resource));
}

/** Whether the reservation that counts, the last one, was made at run time. */
export function isDynamicallyReserved(resource: Resource): boolean {
  return isReserved(resource) && resource.reservations.at(-1)?.type === 'DYNAMIC';
}

/** Whether it comes from a resource provider, which then checkpoints it itself. */
export function hasResourceProvider(resource: Resource): boolean {
  requireUpgraded(resource);
  return resource.provider_id !== undefined;
}

/** Whether the agent keeps it in its checkpoint. Mirrors `needCheckpointing` in resources_utils.cpp. */
export function needCheckpointing(resource: Resource): boolean {
  return !hasResourceProvider(resource) && (isDynamicallyReserved(resource) || isPersistentVolume(resource));
}

/**
 * The role that it is reserved for: that of the last reservation.
 * @throws AgentAbort if it is not reserved
 */
export function reservationRole(resource: Resource): string {
  const last = resource.reservations.at(-1);
  if (last === undefined) {
    throw failedCheck('resource.reservations_size() > 0', '(0 vs. 0)');
  }
  return last.role ?? '';
}

/** Mirrors the two checks that open every predicate of `Resources` in resources.cpp. */
function requireUpgraded(resource: Resource): void {
  if (resource.role !== undefined) {
    throw failedCheck('!resource.has_role()', resourceText(resource));
  }
  if (resource.reservation !== undefined) {
    throw failedCheck('!resource.has_reservation()', resourceText(resource));
  }
}
