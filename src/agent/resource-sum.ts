import type { Resource, Value_Range } from '../schema/index.ts';
import { coalesceRanges, NO_RANGES } from './ranges.ts';
import {
  addResources,
  containsResource,
  isAddable,
  isSubtractable,
  isWhole,
  subtractResources,
} from './resource-arithmetic.ts';
import { resourcesEqual } from './resource-equality.ts';
import { resourceKey } from './resource-key.ts';
import { isEmpty } from './resource-predicates.ts';
import { EMPTY_SET } from './set.ts';

/** A resource of a collection; of a shared one, how many copies (else undefined). Mirrors `Resources::Resource_`. */
export interface Entry {
  readonly resource: Resource;
  readonly copies: number | undefined;
}

/**
 * Steps that one collection takes at most: to compare a resource with another, or to go over one of its ranges, items or labels. What the agent
 * does with each of thousands of entries that match one another, or with ranges that are taken off one by one, grows with the square.
 */
const MOST_STEPS = 10_000_000;
/** Steps that comparing two takes besides what they hold. */
const STEPS_TO_COMPARE = 4;
/** A label is made a text of, each time. */
const STEPS_A_LABEL = 8;

/** A collection of resources takes more steps than a prediction may: whether the agent would come to its end is not known. */
export class TooManyResources extends Error {
  constructor() {
    super('its resources are too many, or in too many ranges or items, to be added up and taken off one by one');
    this.name = 'TooManyResources';
  }
}

/**
 * Entries that are added to and taken off in the agent's own order: an addition goes to the first entry that it can be
 * added to, else to the end, and what is used up is replaced by the last entry. The agent compares each with each; here
 * an index finds the few that can match, so that a long list costs what it is long.
 */
export class ResourceSum {
  readonly #slots: Slot[] = [];
  /** By key: the places of the slots, ascending. */
  readonly #places = new Map<string, number[]>();
  /** The places of slots without a key, ascending: they may match what has another. */
  readonly #keyless: number[] = [];
  #steps = 0;

  constructor(entries: Iterable<Entry> = []) {
    for (const entry of entries) {
      this.#append(new Slot(entry));
    }
  }

  /** What there is, in order. */
  entries(): readonly Entry[] {
    return this.#slots.map((slot) => slot.entry());
  }

  /** Mirrors the private `add`. */
  add(that: Entry): void {
    if (isEmptyEntry(that)) {
      return;
    }
    const found = isWhole(that.resource)
      ? undefined
      : this.#first(that.resource, (slot) => isAddable(slot.grown.resource, that.resource));
    if (found === undefined) {
      this.#append(new Slot(that));
    } else {
      this.#take(found.at.add(that));
    }
  }

  /** Mirrors the private `subtract`. */
  subtract(that: Entry): void {
    if (isEmptyEntry(that)) {
      return;
    }
    const found = this.#first(that.resource, (slot) => isSubtractable(slot.entry().resource, that.resource));
    if (found === undefined) {
      return;
    }
    this.#take(found.at.steps + stepsIn(that.resource));
    const { resource, copies } = found.at.entry();
    const rest: Entry =
      copies === undefined
        ? { resource: subtractResources(resource, that.resource), copies: undefined }
        : { resource, copies: copies - (that.copies ?? 0) };
    if (isBelowZero(rest) || isEmptyEntry(rest)) {
      this.#replaceByLast(found.place);
    } else {
      this.#slots[found.place] = new Slot(rest, found.at.key);
    }
  }

  /** Mirrors the private `_contains` and `Resource_::contains`. */
  holds(that: Entry): boolean {
    const found = this.#first(that.resource, (slot) => {
      this.#take(slot.steps);
      const { resource, copies } = slot.entry();
      if (copies === undefined || that.copies === undefined) {
        return copies === that.copies && containsResource(resource, that.resource);
      }
      return copies >= that.copies && resourcesEqual(resource, that.resource);
    });
    return found !== undefined;
  }

  /** The first slot that matches, of those that can. */
  #first(resource: Resource, matches: (slot: Slot) => boolean): { at: Slot; place: number } | undefined {
    const key = resourceKey(resource);
    const keyed = key === undefined ? undefined : this.#firstOf(this.#places.get(key), matches);
    const keyless = this.#firstOf(this.#keyless, matches);
    const place = keyed === undefined || (keyless !== undefined && keyless < keyed) ? keyless : keyed;
    const at = place === undefined ? undefined : this.#slots[place];
    return at === undefined || place === undefined ? undefined : { at, place };
  }

  #firstOf(places: readonly number[] | undefined, matches: (slot: Slot) => boolean): number | undefined {
    return places?.find((place) => {
      const slot = this.#slots[place];
      if (slot === undefined) return false;
      this.#take(STEPS_TO_COMPARE + slot.stepsToCompare);
      return matches(slot);
    });
  }

  /** @throws TooManyResources where these are too many */
  #take(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new TooManyResources();
  }

  #append(slot: Slot): void {
    this.#placesOf(slot).push(this.#slots.length);
    this.#slots.push(slot);
  }

  #placesOf({ key }: Slot): number[] {
    if (key === undefined) {
      return this.#keyless;
    }
    let places = this.#places.get(key);
    if (places === undefined) {
      places = [];
      this.#places.set(key, places);
    }
    return places;
  }

  /** Takes a slot out the way the agent does, which the order shows: the last one takes its place. */
  #replaceByLast(place: number): void {
    const gone = this.#slots[place];
    const last = this.#slots.pop();
    if (gone === undefined || last === undefined) {
      return;
    }
    const places = this.#placesOf(gone);
    places.splice(places.indexOf(place), 1);
    if (gone === last) {
      return;
    }
    this.#slots[place] = last;
    const ofLast = this.#placesOf(last);
    ofLast.pop();
    const behind = ofLast.findIndex((other) => other > place);
    ofLast.splice(behind < 0 ? ofLast.length : behind, 0, place);
  }
}

/** The greatest end of a range; the agent takes what follows it for 0, so that the order of additions shows. */
const LAST = 2n ** 64n - 1n;

/** An entry that grows: ranges and items are put together when they are asked for, and not at each addition. */
class Slot {
  readonly key: string | undefined;
  #entry: Entry;
  /** What was added since the entry was put together. */
  #ranges: Value_Range[] = [];
  #items: Set<string> | undefined;
  #hasLast: boolean | undefined;
  /** Steps that comparing it with another takes. */
  readonly stepsToCompare: number;

  constructor(entry: Entry, key = resourceKey(entry.resource)) {
    this.#entry = entry;
    this.key = key;
    // Only labels that are no key are compared again and again.
    this.stepsToCompare = key === undefined ? STEPS_A_LABEL * labelsIn(entry.resource) : 0;
  }

  /** Steps that going over its ranges and items takes. */
  get steps(): number {
    return stepsIn(this.#entry.resource) + this.#ranges.length + (this.#items?.size ?? 0);
  }

  /** The entry as it is, but perhaps for some of its ranges and items. */
  get grown(): Entry {
    return this.#entry;
  }

  entry(): Entry {
    const { resource, copies } = this.#entry;
    if (this.#ranges.length > 0) {
      const range = [...(resource.ranges ?? NO_RANGES).range, ...this.#ranges];
      this.#entry = { resource: { ...resource, ranges: coalesceRanges({ range }) }, copies };
      this.#ranges = [];
    } else if (this.#items !== undefined) {
      this.#entry = { resource: { ...resource, set: { item: [...this.#items] } }, copies };
      this.#items = undefined;
    }
    return this.#entry;
  }

  /** Adds another; the steps that this took, none where it is put together later. */
  add({ resource: that, copies: more }: Entry): number {
    const { resource, copies } = this.#entry;
    if (copies !== undefined) {
      this.#entry = { resource, copies: copies + (more ?? 0) };
    } else if (resource.type === 'RANGES' && !this.#reachesLast(that)) {
      for (const range of (that.ranges ?? NO_RANGES).range) this.#ranges.push(range);
    } else if (resource.type === 'SET') {
      const steps = this.#items === undefined ? this.steps : 0;
      this.#items ??= new Set((resource.set ?? EMPTY_SET).item);
      for (const item of (that.set ?? EMPTY_SET).item) {
        this.#items.add(item);
      }
      return steps;
    } else {
      const { steps } = this;
      this.#entry = { resource: addResources(this.entry().resource, that), copies };
      return steps;
    }
    return 0;
  }

  /** Whether this or what is added has a range to the end of all numbers: from then on each is added as it comes. */
  #reachesLast(that: Resource): boolean {
    this.#hasLast ??= hasLast(this.#entry.resource);
    this.#hasLast ||= hasLast(that);
    return this.#hasLast;
  }
}

function hasLast({ ranges }: Resource): boolean {
  return (ranges ?? NO_RANGES).range.some(({ end }) => end === LAST);
}

function stepsIn({ ranges, set }: Resource): number {
  return (ranges?.range.length ?? 0) + (set?.item.length ?? 0);
}

function labelsIn({ disk, reservations }: Resource): number {
  return reservations.reduce(
    (sum, { labels }) => sum + (labels?.labels.length ?? 0),
    disk?.source?.metadata?.labels.length ?? 0,
  );
}

/** Mirrors `Resource_::isEmpty`. */
function isEmptyEntry({ resource, copies }: Entry): boolean {
  return copies === 0 || isEmpty(resource);
}

function isBelowZero({ resource, copies }: Entry): boolean {
  return (copies ?? 0) < 0 || (resource.type === 'SCALAR' && (resource.scalar?.value ?? 0) < 0);
}
