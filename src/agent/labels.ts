import type { Labels } from '../schema/index.ts';

/** Labels that are not set read as this. */
export const NO_LABELS: Labels = { labels: [] };

/**
 * Whether the agent takes the two for equal: as many labels, and every one on the left is somewhere on the right.
 * Mirrors `operator==` on `Labels` and `Label` in type_utils.cpp; a value that is not set equals an empty one.
 */
export function labelsEqual(left: Labels, right: Labels): boolean {
  if (left.labels.length !== right.labels.length) return false;
  const there = new Set(right.labels.map(labelKey));
  return left.labels.every((label) => there.has(labelKey(label)));
}

/** The same for labels that are equal, and for no others. */
export function labelKey({ key, value = '' }: Labels['labels'][number]): string {
  return JSON.stringify([key, value]);
}

/** `{key: value, other}`: as `operator<<` of `Labels` prints it. */
export function labelsText(labels: Labels): string {
  const texts = labels.labels.map(({ key, value }) => (value === undefined ? key : `${key}: ${value}`));
  return `{${texts.join(', ')}}`;
}
