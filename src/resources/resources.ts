import type { Resource } from '../schema/index.ts';
import { addResources, containsResource, isAddable, isSubtractable, subtractResources } from './resource-arithmetic.ts';
import { resourcesEqual, sameMetadata } from './resource-equality.ts';
import { isEmpty, isPersistentVolume } from './resource-predicates.ts';
import { resourceText } from './resource-text.ts';
import { validateResource } from './resource-validation.ts';

/** A resource of the collection; of a shared one, how many copies (else undefined). Mirrors `Resources::Resource_`. */
interface Entry {
  readonly resource: Resource;
  readonly copies: number | undefined;
}

/**
 * Resources that are valid, not empty, and added up where that is possible, in the agent's own order: an addition goes
 * to the first entry that it can be added to, else to the end, and what is used up is replaced by the last entry.
 * Invalid and empty resources are left out without a word.
 * Mirrors the class `Resources` in resources.cpp; immutable. Every operation throws an `AgentAbort` on a resource that
 * still has `role` or `reservation` (see `upgradeResource`).
 */
export class Resources implements Iterable<Resource> {
  static readonly none = new Resources([]);

  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** The sum of a list. Mirrors the constructors from a list. */
  static of(resources: Iterable<Resource>): Resources {
    const entries: Entry[] = [];
    for (const resource of resources) {
      if (validateResource(resource) === null) {
        addEntry(entries, toEntry(resource));
      }
    }
    return new Resources(entries);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#entries.length;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Each entry's resource once, a shared one too. */
  *[Symbol.iterator](): Iterator<Resource> {
    for (const { resource } of this.#entries) {
      yield resource;
    }
  }

  /** Mirrors `operator+=`: an invalid resource changes nothing. */
  plus(that: Resource | Resources): Resources {
    const entries = [...this.#entries];
    for (const entry of Resources.#entriesOf(that)) {
      addEntry(entries, entry);
    }
    return new Resources(entries);
  }

  /** Mirrors `operator-=`: what is not there, or is invalid, changes nothing, and what goes below zero is gone. */
  minus(that: Resource | Resources): Resources {
    const entries = [...this.#entries];
    for (const entry of Resources.#entriesOf(that)) {
      subtractEntry(entries, entry);
    }
    return new Resources(entries);
  }

  /** Mirrors `contains`: an invalid resource is in nothing. */
  contains(that: Resource | Resources): boolean {
    if (!(that instanceof Resources)) {
      return validateResource(that) === null && holdsEntry(this.#entries, toEntry(that));
    }
    const remaining = [...this.#entries];
    for (const entry of that.#entries) {
      if (!holdsEntry(remaining, entry)) {
        return false;
      }
      if (isPersistentVolume(entry.resource)) {
        subtractEntry(remaining, entry);
      }
    }
    return true;
  }

  /** Whether each contains the other. Mirrors `operator==`. */
  equals(that: Resources): boolean {
    return this.contains(that) && that.contains(this);
  }

  /** The first resource that is the same but for the amount. Mirrors `match`. */
  match(that: Resource): Resource | undefined {
    return this.#entries.find(({ resource }) => sameMetadata(resource, that))?.resource;
  }

  /** How many copies of exactly this resource there are: at most 1, unless it is shared. Mirrors `count`. */
  count(that: Resource): number {
    const found = this.#entries.find(({ resource }) => resourcesEqual(resource, that));
    return found === undefined ? 0 : (found.copies ?? 1);
  }

  /** Mirrors `filter`: the order and the copies are kept. */
  filter(keep: (resource: Resource) => boolean): Resources {
    return new Resources(this.#entries.filter(({ resource }) => keep(resource)));
  }

  /** Mirrors `persistentVolumes`. */
  persistentVolumes(): Resources {
    return this.filter(isPersistentVolume);
  }

  /** `cpus:4; mem:1024`, or `{}`: as `operator<<` of `Resources` prints it; a shared one's copies are in `<>`. */
  toString(): string {
    return this.isEmpty
      ? '{}'
      : this.#entries
          .map(({ resource, copies }) => resourceText(resource) + (copies === undefined ? '' : `<${copies}>`))
          .join('; ');
  }

  static #entriesOf(that: Resource | Resources): readonly Entry[] {
    if (that instanceof Resources) {
      return that.#entries;
    }
    return validateResource(that) === null ? [toEntry(that)] : [];
  }
}

function toEntry(resource: Resource): Entry {
  return { resource, copies: resource.shared === undefined ? undefined : 1 };
}

/** Mirrors `Resource_::isEmpty`. */
function isEmptyEntry({ resource, copies }: Entry): boolean {
  return copies === 0 || isEmpty(resource);
}

/** Mirrors the private `add`. */
function addEntry(entries: Entry[], that: Entry): void {
  if (isEmptyEntry(that)) {
    return;
  }
  const index = entries.findIndex(({ resource }) => isAddable(resource, that.resource));
  const found = entries[index];
  if (found === undefined) {
    entries.push(that);
  } else if (found.copies === undefined) {
    entries[index] = { resource: addResources(found.resource, that.resource), copies: undefined };
  } else {
    entries[index] = { resource: found.resource, copies: found.copies + (that.copies ?? 0) };
  }
}

/** Mirrors the private `subtract`. */
function subtractEntry(entries: Entry[], that: Entry): void {
  if (isEmptyEntry(that)) {
    return;
  }
  const index = entries.findIndex(({ resource }) => isSubtractable(resource, that.resource));
  const found = entries[index];
  if (found === undefined) {
    return;
  }
  const rest: Entry =
    found.copies === undefined
      ? { resource: subtractResources(found.resource, that.resource), copies: undefined }
      : { resource: found.resource, copies: found.copies - (that.copies ?? 0) };
  if (isBelowZero(rest) || isEmptyEntry(rest)) {
    replaceByLast(entries, index);
  } else {
    entries[index] = rest;
  }
}

function isBelowZero({ resource, copies }: Entry): boolean {
  return (copies ?? 0) < 0 || (resource.type === 'SCALAR' && (resource.scalar?.value ?? 0) < 0);
}

/** Takes an entry out the way the agent does, which the order shows: the last one takes its place. */
function replaceByLast(entries: Entry[], index: number): void {
  const last = entries.pop();
  if (last !== undefined && index < entries.length) {
    entries[index] = last;
  }
}

/** Mirrors the private `_contains` and `Resource_::contains`. */
function holdsEntry(entries: readonly Entry[], that: Entry): boolean {
  return entries.some(({ resource, copies }) => {
    if (copies === undefined || that.copies === undefined) {
      return copies === that.copies && containsResource(resource, that.resource);
    }
    return copies >= that.copies && resourcesEqual(resource, that.resource);
  });
}
