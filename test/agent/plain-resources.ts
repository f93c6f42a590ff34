import {
  addResources,
  containsResource,
  isAddable,
  isSubtractable,
  subtractResources,
} from '../../src/agent/resource-arithmetic.ts';
import { resourcesEqual } from '../../src/agent/resource-equality.ts';
import { isEmpty, isPersistentVolume } from '../../src/agent/resource-predicates.ts';
import type { Entry } from '../../src/agent/resource-sum.ts';
import { validateResource } from '../../src/agent/resource-validation.ts';
import type { Resource } from '../../src/schema/index.ts';

/** The agent's collection of resources as it is written: each is compared with each. What an index must not change. */
export class PlainResources {
  readonly entries: Entry[] = [];

  static of(resources: readonly Resource[]): PlainResources {
    const plain = new PlainResources();
    for (const resource of resources) plain.add(resource);
    return plain;
  }

  add(resource: Resource): void {
    if (validateResource(resource) !== null) return;
    const that = toEntry(resource);
    if (isNothing(that)) return;
    const index = this.entries.findIndex((entry) => isAddable(entry.resource, resource));
    const found = this.entries[index];
    if (found === undefined) this.entries.push(that);
    else if (found.copies === undefined) {
      this.entries[index] = { resource: addResources(found.resource, resource), copies: undefined };
    } else this.entries[index] = { ...found, copies: found.copies + 1 };
  }

  subtract(resource: Resource): void {
    if (validateResource(resource) === null) this.#take(toEntry(resource));
  }

  contains(resource: Resource): boolean {
    return validateResource(resource) === null && this.#holds(toEntry(resource));
  }

  containsAll(that: PlainResources): boolean {
    const remaining = new PlainResources();
    remaining.entries.push(...this.entries);
    return that.entries.every((entry) => {
      const holds = remaining.#holds(entry);
      if (isPersistentVolume(entry.resource)) remaining.#take(entry);
      return holds;
    });
  }

  #holds(that: Entry): boolean {
    return this.entries.some(({ resource, copies }) =>
      copies === undefined || that.copies === undefined
        ? copies === that.copies && containsResource(resource, that.resource)
        : copies >= that.copies && resourcesEqual(resource, that.resource),
    );
  }

  #take(that: Entry): void {
    if (isNothing(that)) return;
    const index = this.entries.findIndex((entry) => isSubtractable(entry.resource, that.resource));
    const found = this.entries[index];
    if (found === undefined) return;
    const rest =
      found.copies === undefined
        ? { resource: subtractResources(found.resource, that.resource), copies: undefined }
        : { ...found, copies: found.copies - (that.copies ?? 0) };
    const isGone =
      (rest.copies ?? 0) < 0 ||
      (rest.resource.type === 'SCALAR' && (rest.resource.scalar?.value ?? 0) < 0) ||
      isNothing(rest);
    if (!isGone) {
      this.entries[index] = rest;
      return;
    }
    const last = this.entries.pop();
    if (last !== undefined && index < this.entries.length) this.entries[index] = last;
  }
}

const toEntry = (resource: Resource): Entry => ({ resource, copies: resource.shared === undefined ? undefined : 1 });

const isNothing = ({ resource, copies }: Entry): boolean => copies === 0 || isEmpty(resource);
