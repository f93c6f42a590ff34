import type { Attribute, Resource } from '../../schema/index.ts';
import { intersectRanges, NO_RANGES } from '../ranges.ts';
import { compareScalars, fromThousandths, toThousandths, ZERO_SCALAR } from '../scalar.ts';
import { EMPTY_SET } from '../set.ts';
import { checkAttribute, checkResource } from './additions.ts';

/** As much of a resource as another of the same kind has too: the resource itself where that is all; undefined where it is nothing. */
export const commonResource = (resource: Resource, other: Resource): Resource | undefined => {
  if (checkResource(resource, other) === null) return resource;
  switch (resource.type) {
    case 'SCALAR': {
      const scalar = other.scalar ?? ZERO_SCALAR;
      return compareScalars(scalar, ZERO_SCALAR) > 0 ? { ...resource, scalar } : undefined;
    }
    case 'RANGES': {
      const ranges = intersectRanges(resource.ranges ?? NO_RANGES, other.ranges ?? NO_RANGES);
      return ranges.range.length > 0 ? { ...resource, ranges } : undefined;
    }
    case 'SET': {
      const there = new Set((other.set ?? EMPTY_SET).item);
      const item = (resource.set ?? EMPTY_SET).item.filter((each) => there.has(each));
      return item.length > 0 ? { ...resource, set: { item } } : undefined;
    }
    case 'TEXT':
      return undefined;
  }
};

/** As much of an attribute as the one of its name, if there is one, has too; undefined where they have nothing in common. */
export const commonAttribute = (attribute: Attribute, other: Attribute | undefined): Attribute | undefined => {
  // A set is in no agent's flags, and the agent ends itself where it compares two.
  if (other === undefined || attribute.type === 'SET' || attribute.type !== other.type) return undefined;
  if (checkAttribute(attribute, other) === null) return attribute;
  if (attribute.type !== 'RANGES') return undefined;
  const ranges = intersectRanges(attribute.ranges ?? NO_RANGES, other.ranges ?? NO_RANGES);
  return ranges.range.length > 0 ? { ...attribute, ranges } : undefined;
};

/** The next smaller amount of a resource; undefined where that is nothing. */
export const nextSmaller = (resource: Resource): Resource | undefined => {
  switch (resource.type) {
    case 'SCALAR': {
      const less = toThousandths((resource.scalar ?? ZERO_SCALAR).value) - 1n;
      return less > 0n ? { ...resource, scalar: { value: fromThousandths(less) } } : undefined;
    }
    case 'RANGES': {
      const range = resource.ranges?.range ?? [];
      const last = range.at(-1);
      if (last === undefined) return undefined;
      const rest = last.end > last.begin ? [{ begin: last.begin, end: last.end - 1n }] : [];
      const less = [...range.slice(0, -1), ...rest];
      return less.length > 0 ? { ...resource, ranges: { range: less } } : undefined;
    }
    case 'SET': {
      const item = (resource.set?.item ?? []).slice(0, -1);
      return item.length > 0 ? { ...resource, set: { item } } : undefined;
    }
    case 'TEXT':
      return undefined;
  }
};
