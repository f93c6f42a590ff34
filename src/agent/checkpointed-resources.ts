import type { Resource } from '../schema/index.ts';
import { isDynamicallyReserved, isPersistentVolume, needCheckpointing } from './resource-predicates.ts';
import { resourceText } from './resource-text.ts';
import type { ChangingResources, Resources } from './resources.ts';
import { volumeAsDisk } from './volume-as-disk.ts';

/** The agent's resources with its reservations and volumes applied, or why they do not fit, in the agent's words. */
export type AppliedResources =
  | { readonly ok: true; readonly resources: Resources }
  | { readonly ok: false; readonly message: string };

/**
 * Applies the reservations and volumes of a checkpoint to the resources that an agent is started with: each must be
 * there once its dynamic reservations and its volume are taken off.
 * Mirrors `applyCheckpointedResources` in resources_utils.cpp.
 */
export function applyCheckpointedResources(total: Resources, checkpointed: Resources): AppliedResources {
  const resources = total.changing();
  for (const resource of checkpointed) {
    if (!needCheckpointing(resource)) {
      return { ok: false, message: `Unexpected checkpointed resources ${resourceText(resource)}` };
    }
    if (!applyCheckpointedResource(resources, resource)) {
      const stripped = resourceText(stripCheckpointed(resource));
      return {
        ok: false,
        message: `Incompatible agent resources: ${resources.resources()} does not contain ${stripped}`,
      };
    }
  }
  return { ok: true, resources: resources.resources() };
}

/** Applies one reservation or volume to what is left of the agent's resources; where it does not fit, nothing is changed. */
export function applyCheckpointedResource(resources: ChangingResources, resource: Resource): boolean {
  if (!needCheckpointing(resource)) return false;
  const stripped = stripCheckpointed(resource);
  if (!resources.contains(stripped)) return false;
  resources.minus(stripped).plus(resource);
  return true;
}

/** What an agent must be started with for a reservation or volume to stand on. */
function stripCheckpointed(resource: Resource): Resource {
  const { shared, ...unshared } = resource;
  return stripReservations(isPersistentVolume(resource) ? volumeAsDisk(resource) : unshared);
}

/** A static reservation is from the agent's flags and stays; it can only be the first one. */
function stripReservations(resource: Resource): Resource {
  if (!isDynamicallyReserved(resource)) {
    return resource;
  }
  return { ...resource, reservations: resource.reservations.slice(0, 1).filter(({ type }) => type === 'STATIC') };
}
