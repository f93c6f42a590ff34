import type { Labels, Resource } from '../schema/index.ts';
import { labelKey } from './labels.ts';

/**
 * What two resources must have in common before they can be added up, taken off each other or be equal, as a text: where
 * the keys differ, `isAddable`, `isSubtractable` and `resourcesEqual` are false. Undefined of a resource with a label that
 * occurs twice in one list: the agent's equality of labels is then not symmetric, and only a comparison tells.
 */
export function resourceKey(resource: Resource): string | undefined {
  const { disk, reservations, allocation_info } = resource;
  const source = disk?.source;
  const labels = [...reservations.map((reservation) => reservation.labels), source?.metadata].map(labelsKey);
  if (labels.includes(REPEATED)) {
    return undefined;
  }
  return JSON.stringify([
    resource.name,
    resource.type,
    resource.shared !== undefined,
    resource.revocable !== undefined,
    resource.provider_id?.value,
    allocation_info && [allocation_info.role],
    reservations.map(({ type = 'UNKNOWN', role = '', principal }) => [type, role, principal]),
    disk && [disk.persistence?.id],
    source && [
      source.type,
      source.path && [source.path.root],
      source.mount && [source.mount.root],
      source.vendor,
      source.id,
      source.profile,
    ],
    labels,
  ]);
}

const REPEATED = 'repeated';

/** The labels in an order of their own; a value that is not set equals an empty one. */
function labelsKey(labels: Labels | undefined): readonly string[] | typeof REPEATED | undefined {
  if (labels === undefined) {
    return undefined;
  }
  const each = labels.labels.map(labelKey);
  return new Set(each).size < each.length ? REPEATED : each.sort();
}
