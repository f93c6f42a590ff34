import type { Resource } from '../schema/index.ts';
import { ByKey } from './by-key.ts';
import { resourcesEqual, sameMetadata } from './resource-equality.ts';
import { resourceKey } from './resource-key.ts';
import { isPersistentVolume } from './resource-predicates.ts';
import { type Entry, ResourceSum } from './resource-sum.ts';
import { resourceText } from './resource-text.ts';
import { validateResource } from './resource-validation.ts';

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
  #text: string | undefined;
  /** Made when the first is looked for. */
  #byKey: ByKey<Entry> | undefined;

  /** Of entries as a {@link ResourceSum} makes them; see {@link Resources.of}. */
  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** The sum of a list. Mirrors the constructors from a list. */
  static of(resources: Iterable<Resource>): Resources {
    const sum = new ResourceSum();
    for (const resource of resources) {
      if (validateResource(resource) === null) {
        sum.add(toEntry(resource));
      }
    }
    return new Resources(sum.entries());
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
    return this.changing().plus(that).resources();
  }

  /** Mirrors `operator-=`: what is not there, or is invalid, changes nothing, and what goes below zero is gone. */
  minus(that: Resource | Resources): Resources {
    return this.changing().minus(that).resources();
  }

  /** The same, to be changed many times in a row: a change costs no more than what it is about. */
  changing(): ChangingResources {
    return new ChangingResources(this.#entries);
  }

  /** Mirrors `contains`: an invalid resource is in nothing. */
  contains(that: Resource | Resources): boolean {
    const remaining = new ResourceSum(this.#entries);
    for (const entry of entriesOf(that)) {
      if (!remaining.holds(entry)) {
        return false;
      }
      if (isPersistentVolume(entry.resource)) {
        remaining.subtract(entry);
      }
    }
    return that instanceof Resources || validateResource(that) === null;
  }

  /** Whether each contains the other. Mirrors `operator==`. */
  equals(that: Resources): boolean {
    return this.contains(that) && that.contains(this);
  }

  /** The first resource that is the same but for the amount. Mirrors `match`. */
  match(that: Resource): Resource | undefined {
    return this.#like(that).find(({ resource }) => sameMetadata(resource, that))?.resource;
  }

  /** How many copies of exactly this resource there are: at most 1, unless it is shared. Mirrors `count`. */
  count(that: Resource): number {
    const found = this.#like(that).find(({ resource }) => resourcesEqual(resource, that));
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
    this.#text ??= this.isEmpty ? '{}' : this.#entries.map(entryText).join('; ');
    return this.#text;
  }

  /** The entries, in order, that may be the same as a resource but for the amount. */
  #like(resource: Resource): readonly Entry[] {
    this.#byKey ??= new ByKey(entryKey, this.#entries);
    return this.#byKey.of({ resource, copies: undefined });
  }

  /** Its entries, in order. */
  entries(): readonly Entry[] {
    return this.#entries;
  }
}

/** {@link Resources} that are being changed. */
export class ChangingResources {
  readonly #sum: ResourceSum;

  constructor(entries: readonly Entry[]) {
    this.#sum = new ResourceSum(entries);
  }

  /** See {@link Resources.plus}. */
  plus(that: Resource | Resources): this {
    for (const entry of entriesOf(that)) {
      this.#sum.add(entry);
    }
    return this;
  }

  /** See {@link Resources.minus}. */
  minus(that: Resource | Resources): this {
    for (const entry of entriesOf(that)) {
      this.#sum.subtract(entry);
    }
    return this;
  }

  /** Whether a resource is all in there; an invalid one is in nothing. */
  contains(that: Resource): boolean {
    return validateResource(that) === null && this.#sum.holds(toEntry(that));
  }

  /** As they are now. */
  resources(): Resources {
    return new Resources(this.#sum.entries());
  }
}

function entriesOf(that: Resource | Resources): readonly Entry[] {
  if (that instanceof Resources) {
    return that.entries();
  }
  return validateResource(that) === null ? [toEntry(that)] : [];
}

function entryKey({ resource }: Entry): string | undefined {
  return resourceKey(resource);
}

function toEntry(resource: Resource): Entry {
  return { resource, copies: resource.shared === undefined ? undefined : 1 };
}

function entryText({ resource, copies }: Entry): string {
  return resourceText(resource) + (copies === undefined ? '' : `<${copies}>`);
}
