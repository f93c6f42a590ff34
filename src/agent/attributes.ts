import type { Attribute, Value_Text } from '../schema/index.ts';
import { AgentAbort } from './agent-abort.ts';
import { NO_RANGES, rangesEqual, rangesText } from './ranges.ts';
import { compareScalars, scalarText, ZERO_SCALAR } from './scalar.ts';
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
  return (
    left.length === right.length &&
    left.every((attribute) => containsAttribute(right, attribute)) &&
    right.every((attribute) => containsAttribute(left, attribute))
  );
}

/** Mirrors `Attributes::contains`. */
function containsAttribute(attributes: readonly Attribute[], attribute: Attribute): boolean {
  return attributes.some(
    (other) => other.name === attribute.name && other.type === attribute.type && sameValue(other, attribute),
  );
}

function sameValue(left: Attribute, right: Attribute): boolean {
  switch (left.type) {
    case 'SCALAR':
      return compareScalars(left.scalar ?? ZERO_SCALAR, right.scalar ?? ZERO_SCALAR) === 0;
    case 'RANGES':
      return rangesEqual(left.ranges ?? NO_RANGES, right.ranges ?? NO_RANGES);
    case 'TEXT':
      return (left.text ?? EMPTY_TEXT).value === (right.text ?? EMPTY_TEXT).value;
    case 'SET':
      throw new AgentAbort('Sets not supported for attributes');
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
