import type { Value_Set } from '../schema/index.ts';

/** A set that is not set reads as this. */
export const EMPTY_SET: Value_Set = { item: [] };

/**
 * Whether the agent takes the two for equal: it compares item by item, so the order counts.
 * Mirrors `operator==` on `Value::Set`, which looks for an equal item only at the same place.
 */
export function setsEqual(left: Value_Set, right: Value_Set): boolean {
  return left.item.length === right.item.length && left.item.every((item, index) => item === right.item[index]);
}

/** Whether every item of `inner` is in `outer`, in any order. Mirrors `operator<=` on `Value::Set`. */
export function setIncludes(outer: Value_Set, inner: Value_Set): boolean {
  const items = new Set(outer.item);
  return inner.item.length <= outer.item.length && inner.item.every((item) => items.has(item));
}

/** Mirrors `operator+=` on `Value::Set`: what is new is appended. */
export function addSets(left: Value_Set, right: Value_Set): Value_Set {
  const before = new Set(left.item);
  const added = new Set(right.item.filter((item) => !before.has(item)));
  return { item: [...left.item, ...added] };
}

/** Mirrors `operator-=` on `Value::Set`: of an item that occurs twice, one is taken. */
export function subtractSets(left: Value_Set, right: Value_Set): Value_Set {
  const taken = new Map<string, number>();
  for (const item of right.item) taken.set(item, (taken.get(item) ?? 0) + 1);
  return {
    item: left.item.filter((item) => {
      const left = taken.get(item) ?? 0;
      if (left > 0) taken.set(item, left - 1);
      return left === 0;
    }),
  };
}

/** `{sda1, sda2}`: as `operator<<` of `Value::Set` prints it. */
export function setText(set: Value_Set): string {
  return `{${set.item.join(', ')}}`;
}
