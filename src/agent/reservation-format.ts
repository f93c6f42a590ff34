import type { Resource, Resource_ReservationInfo } from '../schema/index.ts';
import { failedCheck } from './agent-abort.ts';
import { UNRESERVED_ROLE } from './roles.ts';

/** A resource in the form with `reservations` only, or the abort that bringing it there costs the agent. */
export type UpgradedResource =
  | { readonly ok: true; readonly resource: Resource }
  | { readonly ok: false; readonly abort: string };

/**
 * Brings a resource to the post-reservation-refinement form, in which `reservations` says it all and `role` and
 * `reservation` are not set. Not `ok` where the agent aborts: a dynamic reservation for the role `*`.
 * Mirrors `convertResourceFormat(resource, POST_RESERVATION_REFINEMENT)` in resources_utils.cpp.
 */
export function upgradeResource(resource: Resource): UpgradedResource {
  const { role = UNRESERVED_ROLE, reservation, ...upgraded } = resource;
  if (upgraded.reservations.length > 0) {
    return { ok: true, resource: upgraded };
  }
  if (role !== UNRESERVED_ROLE) {
    return { ok: true, resource: { ...upgraded, reservations: [singleReservation(role, reservation)] } };
  }
  return reservation === undefined
    ? { ok: true, resource: upgraded }
    : { ok: false, abort: failedCheck('!resource->has_reservation()').message };
}

/**
 * {@link upgradeResource} for a whole list, as a read of the checkpoint does it.
 * @throws AgentAbort at the first resource that the agent does not survive
 */
export function upgradeResources(resources: readonly Resource[]): Resource[] {
  return resources.map((resource) => {
    const upgraded = upgradeResource(resource);
    if (!upgraded.ok) {
      throw failedCheck('!resource->has_reservation()');
    }
    return upgraded.resource;
  });
}

/**
 * Brings a resource to the form in which agents write it to disk: `role`, and `reservation` where it is dynamic. One that is
 * reserved more than once has no such form, and stays as it is.
 * Mirrors `downgradeResources` in resources_utils.cpp.
 */
export function downgradeResource(resource: Resource): Resource {
  const [reservation, ...refined] = resource.reservations;
  if (refined.length > 0) {
    return resource;
  }
  const { type, role = UNRESERVED_ROLE, ...dynamic } = reservation ?? { type: 'STATIC' as const };
  const own = { ...resource, reservations: [], role };
  return type === 'DYNAMIC' ? { ...own, reservation: dynamic } : own;
}

function singleReservation(role: string, dynamic: Resource_ReservationInfo | undefined): Resource_ReservationInfo {
  return dynamic === undefined ? { type: 'STATIC', role } : { ...dynamic, type: 'DYNAMIC', role };
}
