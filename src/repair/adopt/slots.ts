import { ByKey } from '../../agent/by-key.ts';
import { upgradeResource } from '../../agent/reservation-format.ts';
import { addResources, isAddable, isWhole } from '../../agent/resource-arithmetic.ts';
import { resourceKey } from '../../agent/resource-key.ts';
import { isEmpty } from '../../agent/resource-predicates.ts';
import { validateResource } from '../../agent/resource-validation.ts';
import type { WireField } from '../../format/walk.ts';
import type { Resource } from '../../schema/index.ts';

/** A resource as a file has it: its field, and what is in it. */
export interface ResourceEntry {
  readonly field: WireField;
  readonly resource: Resource;
}

/** What the agent takes for one resource, and the entries of the file that it adds up to it. */
export interface ResourceSlot {
  readonly resource: Resource;
  readonly entries: readonly [ResourceEntry, ...ResourceEntry[]];
}

/** A slot while entries are added to it. */
interface GrowingSlot {
  resource: Resource;
  readonly entries: [ResourceEntry, ...ResourceEntry[]];
}

/**
 * The resources of a file as the agent adds them up, in the form with `reservations`. What it leaves out, because it is
 * invalid or empty, is in none. Follows the constructor of `Resources`.
 */
export const slotsOf = (entries: readonly ResourceEntry[]): readonly ResourceSlot[] => {
  const slots: GrowingSlot[] = [];
  // What it is added to does not change the key of a resource.
  const like = new ByKey(({ resource }: GrowingSlot) => resourceKey(resource));
  for (const entry of entries) {
    const upgraded = upgradeResource(entry.resource);
    if (!upgraded.ok) continue;
    const { resource } = upgraded;
    if (validateResource(resource) !== null || isEmpty(resource)) continue;
    const own: GrowingSlot = { resource, entries: [entry] };
    const found = isWhole(resource) ? undefined : like.of(own).find((slot) => isAddable(slot.resource, resource));
    if (found === undefined) {
      slots.push(own);
      like.add(own);
    } else {
      if (resource.shared === undefined) found.resource = addResources(found.resource, resource);
      found.entries.push(entry);
    }
  }
  return slots;
};
