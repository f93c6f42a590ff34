import type { Attribute, Value_Text } from '../schema/index.ts';
import { AgentAbort } from './agent-abort.ts';
import { coalesceRanges, NO_RANGES, rangesText } from './ranges.ts';
import { scalarText, toThousandths, ZERO_SCALAR } from './scalar.ts';
import { EMPTY_SET, setText } from './set.ts';

/** A text that is not set reads as this. */
export const EMPTY_TEXT: Value_Text = { value: '' };

/** `rack=r1`, `level=[1-10]`: as `operator<<` of `Attribute` prints it. */
export function attributeText(attribute: Attribute): string {
  return `${attribute.name}=${valueText(attribute)}`;
}

/**
 * Whether the agent takes the two lists for equal: as long, and every attribute of one is in the other.
 * Mirrors `Attributes::operator==`.
 * @throws AgentAbort if two attributes of type SET are compared
 */
export function attributesEqual(left: readonly Attribute[], right: readonly Attribute[]): boolean {
  if (left.length !== right.length) return false;
  const [leftKeys, rightKeys] = [left.map(attributeKey), right.map(attributeKey)];
  return areAmong(new Set(rightKeys), leftKeys, left) && areAmong(new Set(leftKeys), rightKeys, right);
}

/** Mirrors `Attributes::contains` for each of some attributes; all are given by their keys. */
function areAmong(all: ReadonlySet<string>, keys: readonly string[], attributes: readonly Attribute[]): boolean {
  return keys.every((key, i) => {
    const isFound = all.has(key);
    if (isFound && attributes[i]?.type === 'SET') throw new AgentAbort('Sets not supported for attributes');
    return isFound;
  });
}

/** The same for attributes that are equal; for all sets of a name, which the agent does not compare. */
export function attributeKey(attribute: Attribute): string {
  return JSON.stringify([attribute.name, attribute.type, valueKey(attribute)]);
}

function valueKey(attribute: Attribute): string {
  switch (attribute.type) {
    case 'SCALAR':
      return String(toThousandths((attribute.scalar ?? ZERO_SCALAR).value));
    case 'RANGES':
      return rangesText(coalesceRanges(attribute.ranges ?? NO_RANGES));
    case 'TEXT':
      return (attribute.text ?? EMPTY_TEXT).value;
    case 'SET':
      return '';
  }
}

function valueText(attribute: Attribute): string {
  switch (attribute.type) {
    case 'SCALAR':
      return scalarText(attribute.scalar ?? ZERO_SCALAR);
    case 'RANGES':
      return rangesText(attribute.ranges ?? NO_RANGES);
    case 'SET':
      return setText(attribute.set ?? EMPTY_SET);
    case 'TEXT':
      return (attribute.text ?? EMPTY_TEXT).value;
  }
}
