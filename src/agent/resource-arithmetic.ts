import type { Resource } from '../schema/index.ts';
import { unreachable } from './agent-abort.ts';
import { addRanges, NO_RANGES, rangesInclude, subtractRanges } from './ranges.ts';
import { disksEqual, resourcesEqual, sameHolder } from './resource-equality.ts';
import { addScalars, compareScalars, subtractScalars, ZERO_SCALAR } from './scalar.ts';
import { addSets, EMPTY_SET, setIncludes, subtractSets } from './set.ts';

/**
 * Whether the two make one resource: an exclusive disk and a persistent volume never do.
 * Mirrors `internal::addable` in resources.cpp.
 */
export function isAddable(left: Resource, right: Resource): boolean {
  if (left.shared !== undefined || right.shared !== undefined) {
    return sharedAndEqual(left, right);
  }
  return isSameKind(left, right) && !isIndivisible(left) && left.disk?.persistence === undefined;
}

/**
 * Whether nothing can be added to a resource, nor it to anything: a disk that is used as a whole, or a persistent volume.
 */
export function isWhole(resource: Resource): boolean {
  return resource.shared === undefined && (isIndivisible(resource) || resource.disk?.persistence !== undefined);
}

/**
 * Whether `right` can be taken off `left`: an exclusive disk and a persistent volume only as a whole.
 * Mirrors `internal::subtractable` in resources.cpp; it says nothing about the amounts.
 */
export function isSubtractable(left: Resource, right: Resource): boolean {
  if (left.shared !== undefined || right.shared !== undefined) {
    return sharedAndEqual(left, right);
  }
  if (!isSameKind(left, right)) {
    return false;
  }
  const onlyAsWhole = isIndivisible(left) || left.disk?.persistence !== undefined;
  return !onlyAsWhole || resourcesEqual(left, right);
}

/** Whether `right` is all in `left`. Mirrors `contains(left, right)` in resources.cpp; shared counts aside. */
export function containsResource(left: Resource, right: Resource): boolean {
  if (!isSubtractable(left, right)) {
    return false;
  }
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(right.scalar ?? ZERO_SCALAR, left.scalar ?? ZERO_SCALAR) <= 0;
    case 'RANGES':
      return rangesInclude(left.ranges ?? NO_RANGES, right.ranges ?? NO_RANGES);
    case 'SET':
      return setIncludes(left.set ?? EMPTY_SET, right.set ?? EMPTY_SET);
    case 'TEXT':
      return false;
  }
}

/** `left` with the amount of `right` more. Mirrors `operator+=` on `Resource`; see {@link isAddable}. */
export function addResources(left: Resource, right: Resource): Resource {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: addScalars(left.scalar ?? ZERO_SCALAR, right.scalar ?? ZERO_SCALAR) };
    case 'RANGES':
      return { ...left, ranges: addRanges(left.ranges ?? NO_RANGES, right.ranges ?? NO_RANGES) };
    case 'SET':
      return { ...left, set: addSets(left.set ?? EMPTY_SET, right.set ?? EMPTY_SET) };
    case 'TEXT':
      return left;
  }
}

/** `left` with the amount of `right` less. Mirrors `operator-=` on `Resource`; see {@link isSubtractable}. */
export function subtractResources(left: Resource, right: Resource): Resource {
  switch (left.type) {
    case 'SCALAR':
      return { ...left, scalar: subtractScalars(left.scalar ?? ZERO_SCALAR, right.scalar ?? ZERO_SCALAR) };
    case 'RANGES':
      return { ...left, ranges: subtractRanges(left.ranges ?? NO_RANGES, right.ranges ?? NO_RANGES) };
    case 'SET':
      return { ...left, set: subtractSets(left.set ?? EMPTY_SET, right.set ?? EMPTY_SET) };
    case 'TEXT':
      return left;
  }
}

function sharedAndEqual(left: Resource, right: Resource): boolean {
  return left.shared !== undefined && right.shared !== undefined && resourcesEqual(left, right);
}

function isSameKind(left: Resource, right: Resource): boolean {
  if (left.name !== right.name || left.type !== right.type || !sameHolder(left, right)) {
    return false;
  }
  return left.disk === undefined || right.disk === undefined
    ? left.disk === right.disk
    : disksEqual(left.disk, right.disk);
}

/** Whether a resource is a disk that is used as a whole: a MOUNT, a BLOCK, or a RAW that has an id. */
function isIndivisible({ disk }: Resource): boolean {
  switch (disk?.source?.type) {
    case undefined:
    case 'PATH':
      return false;
    case 'BLOCK':
    case 'MOUNT':
      return true;
    case 'RAW':
      return disk?.source?.id !== undefined;
    case 'UNKNOWN':
      throw unreachable();
  }
}
